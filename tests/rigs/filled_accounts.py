"""Who works in the filled district, and somebody who has given a password and is now asked for the second step."""

import re

from api.accounts.one_time_codes import STEP_SECONDS, code_at
from api.accounts.roles import Role
from tests.web_house import House

SENTENCE = "three egrets stand at the bridge"
CAREFUL = "careful"
"""Has a second factor."""


def people(house: House) -> None:
    """One of every role, called after it, a handler of the sanitation office, and a host who is everything."""
    works_for = {Role.HANDLER: ("sanitation",)}
    for role in Role:
        house.person(role, name=role.value, departments=works_for.get(role, ()))
    house.person(*Role, name="host")


def half_way_in(house: House) -> str:
    """What the browser of somebody carries who still has to give a code."""
    house.accounts.add(CAREFUL, SENTENCE, roles=[Role.SUPERVISOR], shown_as="周慎 Zhou Shen")
    own = house.browser_of(house.accounts.person(CAREFUL))
    shown = own.get("/account").text
    [secret], [sealed] = re.findall(r"[A-Z2-7]{32}", shown), re.findall(r'name="sealed" value="([^"]+)"', shown)
    code = code_at(secret, int(house.door_clock().timestamp()) // STEP_SECONDS)
    assert own.post("/account/second-factor", data={"code": code, "sealed": sealed}).status_code == 200
    stranger = house.stranger()
    assert stranger.post("/sign-in", data={"name": CAREFUL, "password": SENTENCE}).status_code == 303
    return stranger.cookies[house.doors.step_cookie]
