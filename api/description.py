"""What OpenAPI says about errors: ours are problem+json, so the framework's own shapes are left out."""

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI

from api.problems import MEDIA_TYPE, ProblemDetails, problems

_NOT_OURS = ("HTTPValidationError", "ValidationError")


def describe(app: FastAPI) -> None:
    """Correct the description that the framework makes of `app`."""
    generate = app.openapi

    def described() -> dict[str, Any]:
        return _corrected(generate())

    app.openapi = described  # the way FastAPI documents for changing its description


def _corrected(description: dict[str, Any]) -> dict[str, Any]:
    schemas: dict[str, Any] = description["components"]["schemas"]
    for name in _NOT_OURS:
        schemas.pop(name, None)
    problem = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs"))
    schemas["ProblemDetails"] = problem
    for path, operations in description["paths"].items():
        for operation in operations.values():
            by_nature = ([400] if "requestBody" in operation else []) + ([404] if "{" in path else [])
            operation["responses"] = _ours_only({**_told(by_nature), **operation["responses"]})
    return description


def _told(statuses: Sequence[int]) -> dict[str, Any]:
    """What no route has to say: a body may be unreadable, and an address that names something may name nothing."""
    return {
        str(status): {"description": problem["description"], "content": problem["content"]}
        for status, problem in problems(*statuses).items()
    }


def _ours_only(responses: dict[str, Any]) -> dict[str, Any]:
    """Problems as we tell them. A 422 that we did not declare is left out: for a wrong address we answer 404."""
    kept: dict[str, Any] = {}
    for status, response in responses.items():
        if status.startswith("2"):
            kept[status] = response
        elif MEDIA_TYPE in response.get("content", {}):
            kept[status] = {**response, "content": {MEDIA_TYPE: response["content"][MEDIA_TYPE]}}
    return kept
