"""Turn what pydantic found into sentences with file, line and key. Values are never shown: one may be a secret."""

import re

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from api.city.document import Document, KeyPath, Plain
from api.errors import CityError, Problem

SENTENCES = {
    "missing": "is required",
    "string_type": "must be text; put it in quotes",
    "string_sub_type": "must be text; put it in quotes",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "finite_number": "must be a finite number",
    "model_type": "must be a mapping (key: value)",
    "model_attributes_type": "must be a mapping (key: value)",
    "dict_type": "must be a mapping (key: value)",
    "tuple_type": "must be a list",
    "union_tag_not_found": "needs a `type`, such as `type: inbox`",
    "union_tag_invalid": "has a `type` that is not one of {expected_tags}",
    "enum": "must be {expected}",
    "literal_error": "must be {expected}",
}


def city_error(document: Document, error: ValidationError) -> CityError:
    """All problems of `error`, in the order of the file."""
    problems = [_problem(document, details) for details in error.errors(include_url=False, include_input=True)]
    return in_file_order(problems)


def in_file_order(problems: list[Problem]) -> CityError:
    """An error that begins with what stands first in the file."""
    return CityError(sorted(problems, key=lambda problem: problem.line or 0))


def _problem(document: Document, details: ErrorDetails) -> Problem:
    context = details.get("ctx", {})
    path = _in_document(document, details["loc"], keep_last=details["type"] == "missing")
    if details["type"] == "at_key":
        return document.problem((*path, context["key"]), context["sentence"])
    return document.problem(path, _sentence(details))


def _sentence(details: ErrorDetails) -> str:
    context = details.get("ctx", {})
    if details["type"] == "value_error":
        return str(context["error"])
    if details["type"] in SENTENCES:
        shown = {name: str(value) for name, value in context.items() if name in ("expected", "expected_tags")}
        return SENTENCES[details["type"]].format_map(shown)
    return re.sub(r"^\w+ should", "must", details["msg"]).replace(" after validation", "")


def _in_document(document: Document, location: tuple[int | str, ...], *, keep_last: bool) -> KeyPath:
    """Leave out what pydantic adds to a location, such as the name of a variant; a missing key is the last part."""
    path: KeyPath = ()
    value: Plain = document.root
    for i, part in enumerate(location):
        if isinstance(value, dict) and isinstance(part, str):
            if part not in value:
                if keep_last and i == len(location) - 1:
                    return (*path, part)
                continue
            value = value[part]
        elif isinstance(value, list) and isinstance(part, int):
            if part >= len(value):
                return (*path, part)
            value = value[part]
        else:
            break
        path = (*path, part)
    return path
