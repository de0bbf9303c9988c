"""The interface is as `/openapi.json` describes it (reliability D7): requests drawn from it, valid and broken ones.

`JIEXUN_TEST_REQUESTS` says how many of each sort every operation gets; before a release, 200.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from fastapi.routing import APIRoute
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from api.accounts.roles import Role
from api.accounts.tokens import form_token
from api.app import ROUTERS, create_app
from tests.web_house import build_house

REQUESTS = int(os.environ.get("JIEXUN_TEST_REQUESTS", "2"))
NOT_SAID_BY_A_SCHEMA = [positive_data_acceptance, ignored_auth]
"""That a text holds no control characters, that a day lies ahead, that bytes are a picture: such things are refused and
cannot be described. Who is let in is asked of every route, as every caller, by the matrix of roles."""
STREAM = "GET /v1/stream"
"""Which would go on for as long as it is told to."""
OPERATIONS = sorted(
    f"{method} {route.path}"
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute) and route.include_in_schema
    for method in route.methods or ()
)


@dataclass(frozen=True, kw_only=True)
class Described:
    """A service as its description has it, and somebody who may do everything.

    Attributes:
        operations: by method and path.
        headers: of that person.
        known: names in addresses that lead to something.
    """

    operations: dict[str, APIOperation[Any, Any, Any, Any]]
    headers: dict[str, str]
    known: dict[str, str]


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Described]:
    house = build_house(tmp_path_factory.mktemp("described"))
    with house.store:
        case = house.confirmed(house.case())
        session = house.accounts.open_session(house.person(*Role))
        headers = {"Host": "localhost", "Cookie": f"jiexun={session}", "X-Form-Token": form_token(session)}
        schema = schemathesis.openapi.from_asgi("/openapi.json", create_app(house.doors), headers=headers)
        found = [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]
        known = {"case_id": case.id, "key": house.dossier(case).findings[0].key, "department": "police"}
        yield Described(operations={one.label: one for one in found}, headers=headers, known=known)


def test_every_operation_is_described(described: Described) -> None:
    assert sorted(described.operations) == OPERATIONS


@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_is_asked_rightly_is_answered_as_described(described: Described, operation: str) -> None:
    ask(described, operation, GenerationMode.POSITIVE)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_is_asked_wrongly_is_answered_as_described(described: Described, operation: str) -> None:
    try:
        ask(described, operation, GenerationMode.NEGATIVE)
    except Unsatisfiable:
        parts = described.operations[operation].definition.raw
        assert not parts.get("parameters"), "only what has no parts cannot be asked wrongly"
        assert "application/json" not in parts.get("requestBody", {}).get("content", {})


def ask(described: Described, operation: str, sort: GenerationMode) -> None:
    requests = described.operations[operation].as_strategy(generation_mode=sort)

    @settings(
        max_examples=REQUESTS,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )
    @given(request=requests)
    def asked(request: schemathesis.Case[Any]) -> None:
        if sort is GenerationMode.POSITIVE:
            for name in described.known.keys() & request.path_parameters.keys():
                request.path_parameters[name] = described.known[name]
            if operation == STREAM:
                request.query["for_seconds"] = 0
        answer = request.call(headers=described.headers)
        request.validate_response(answer, excluded_checks=NOT_SAID_BY_A_SCHEMA)

    asked()
