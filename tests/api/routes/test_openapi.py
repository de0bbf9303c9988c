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


TAKE_WHAT_OTHERS_SAY = {"/v1/events"}
"""Forms of other people's, which may say more than we want to know, as GA/T 1400's may (reliability E3)."""
READ_AS_THE_CITY_FILE = {"/v1/cameras/{camera}/dry-run"}
"""Whose own reader refuses what is not named."""


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


def test_no_change_takes_a_field_that_is_not_named(description: dict[str, Any]) -> None:
    schemas = description["components"]["schemas"]

    def is_closed(schema: dict[str, Any]) -> bool:
        if "$ref" in schema:
            return is_closed(schemas[schema["$ref"].rsplit("/", 1)[1]])
        if "anyOf" in schema:
            return all(is_closed(each) for each in schema["anyOf"])
        return schema.get("type") != "object" or schema.get("additionalProperties") is False

    opened = {
        path
        for path, operations in description["paths"].items()
        for operation in operations.values()
        for content in operation.get("requestBody", {}).get("content", {}).values()
        if not is_closed(content["schema"])
    }
    assert {path for path in opened if not path.startswith("/VIID/")} == TAKE_WHAT_OTHERS_SAY | READ_AS_THE_CITY_FILE


def test_path_parameters_come_with_examples(description: dict[str, Any]) -> None:
    for path, operations in description["paths"].items():
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "path" and "$ref" not in parameter["schema"]:
                    assert parameter["schema"].get("examples"), (path, parameter["name"])
