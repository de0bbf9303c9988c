import json
from typing import Any

import pytest

from tests.web_house import Browser


@pytest.fixture
def description(browser: Browser) -> dict[str, Any]:
    return browser.get("/openapi.json").json()


HEALTH = {"/livez", "/readyz", "/metrics"}
SAY_ALL_BY_ADDRESS = {"/v1/notices/{number}/read"}
"""Changes that need no body: there is nothing to say but what they are about."""


def test_every_operation_says_what_it_does_and_how_it_fails(description: dict[str, Any]) -> None:
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"], path
            assert operation["description"], path
            good = [status for status in operation["responses"] if status.startswith("2")]
            assert len(good) == 1, path
            if path.startswith("/v1/"):
                bad = set(operation["responses"]) - set(good)
                assert "503" in bad, path
                for status in bad:
                    assert list(operation["responses"][status]["content"]) == ["application/problem+json"], path
            if method == "post":
                assert {"413", "422", "503"} <= set(operation["responses"]), path
                assert (path in SAY_ALL_BY_ADDRESS) or operation["requestBody"]["required"], path


def test_all_references_lead_somewhere(description: dict[str, Any]) -> None:
    text = json.dumps(description)
    referred = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert referred <= set(description["components"]["schemas"])
    assert "HTTPValidationError" not in text


def test_pages_are_no_part_of_it(description: dict[str, Any]) -> None:
    assert {path for path in description["paths"] if not path.startswith(("/v1/", "/VIID/"))} == HEALTH


def test_path_parameters_come_with_examples(description: dict[str, Any]) -> None:
    for path, operations in description["paths"].items():
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "path" and "$ref" not in parameter["schema"]:
                    assert parameter["schema"].get("examples"), (path, parameter["name"])
