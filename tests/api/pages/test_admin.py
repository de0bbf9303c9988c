"""People, keys and the audit log on pages."""

import re

from api.accounts.roles import Role
from inference.findings import EvidenceRole
from tests.web_house import Browser, House

SENTENCE = "three egrets stand at the bridge"
NEW = {"name": "li.wei", "shown_as": "李伟", "password": SENTENCE, "roles": "handler", "departments": "police"}


def person_named(house: House, name: str) -> tuple[set[str], bool]:
    person = house.accounts.person(name)
    return {role.value for role in person.roles}, person.disabled


def test_somebody_is_added_changed_and_kept_out_and_all_of_it_is_written_down(house: House, browser: Browser) -> None:
    assert browser.post("/admin/people", data=NEW).status_code == 303
    assert person_named(house, "li.wei") == ({"handler"}, False)
    assert "李伟" in browser.get("/admin").text
    changed = {"roles": ["dispatcher", "leader"], "areas": "north, south"}
    assert browser.post("/admin/people/li.wei/roles", data=changed).status_code == 303
    assert person_named(house, "li.wei")[0] == {"dispatcher", "leader"}
    assert house.accounts.person("li.wei").areas == {"north", "south"}
    assert browser.post("/admin/people/li.wei/password", data={"password": f"{SENTENCE} again"}).status_code == 303
    assert browser.post("/admin/people/li.wei/disable").status_code == 303
    assert person_named(house, "li.wei")[1]
    assert browser.post("/admin/people/li.wei/enable").status_code == 303
    told = [entry.what for entry in house.store.audit_of(house.accounts.person("li.wei").id)]
    assert told == ["account.added", "account.roles", "account.password", "account.disable", "account.enable"]
    assert SENTENCE not in "".join(entry.payload for entry in house.store.audit_entries())


def test_what_cannot_be_is_said_and_changes_nothing(house: House, browser: Browser) -> None:
    for wrong, word in (
        ({**NEW, "password": "short"}, "12 to 256"),
        ({**NEW, "departments": "nobody"}, "nobody"),
        ({**NEW, "areas": "atlantis"}, "atlantis"),
        ({**NEW, "roles": "auditor"}, "handler works for departments"),
    ):
        answer = browser.post("/admin/people", data=wrong)
        assert answer.status_code == 409, wrong
        assert word in answer.text
    assert [person.name for person in house.accounts.book.people()] == ["chen.yu"]
    locked = browser.post("/admin/people/chen.yu/disable")
    assert (locked.status_code, "your own account" in locked.text) == (409, True)


def test_a_key_is_shown_once_works_and_is_revoked(house: House, browser: Browser) -> None:
    made = browser.post("/admin/keys", data={"name": "east gate", "camera": "east-gate"})
    [written] = re.findall(r"jx_[0-9a-f]{16}_[\w-]+", made.text)
    assert written not in browser.get("/admin/keys").text
    key = house.accounts.key(written)
    assert key is not None
    assert key.camera == "east-gate"
    assert browser.post(f"/admin/keys/{key.id}/revoke").status_code == 303
    assert house.accounts.key(written) is None
    assert written not in "".join(entry.payload for entry in house.store.audit_entries())
    assert browser.post("/admin/keys", data={"name": "program", "rights": "judge"}).status_code == 409
    assert browser.post("/admin/keys", data={"name": "camera", "camera": "no-such"}).status_code == 409


def test_an_auditor_sees_who_looked_at_which_original(house: House, browser: Browser) -> None:
    case = house.case()
    original = next(ref for ref in house.dossier(case).findings[0].evidence if ref.role is EvidenceRole.LAST)
    assert browser.get(f"/v1/evidence/{original.sha256}", headers={}).status_code == 200
    auditor = house.browser_of(house.person(Role.AUDITOR, name="auditor"))
    entries = auditor.get(f"/v1/audit?what=evidence.viewed&case={case.number}").json()
    assert [(one["actor"], one["object"]) for one in entries] == [("Chen Yu (chen.yu)", original.sha256)]
    page = auditor.get(f"/audit?what=evidence.viewed&case={case.number}&lang=en").text
    assert original.sha256[:16] in page
    assert "Chen Yu (chen.yu)" in page
    assert "no case" in auditor.get("/audit?case=2026-999999&lang=en").text
    numbers = [one["sequence"] for one in auditor.get("/v1/audit?limit=1").json()]
    assert len(numbers) == 1
    assert auditor.get(f"/v1/audit?before={numbers[-1]}").json()[0]["sequence"] == numbers[-1] - 1
    bound = house.browser_of(house.person(Role.AUDITOR, name="bound", areas=["south"]))
    assert bound.get("/v1/audit").status_code == 404
    assert bound.get(f"/v1/audit?case={case.number}").status_code == 404
