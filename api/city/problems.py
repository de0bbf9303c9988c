"""Turn what pydantic found into sentences with file, line and key. Values are never shown: one may be a secret."""

import re
from collections.abc import Mapping

from pydantic import ValidationError

from api.city.document import Document, KeyPath, Plain
from api.city.part import AtKey
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
    problems: list[Problem] = []
    for found in error.errors(include_url=False, include_input=False):
        kind, context = found["type"], found.get("ctx", {})
        path = _in_document(document, found["loc"], keep_last=kind == "missing")
        cause = context.get("error")
        if isinstance(cause, AtKey):
            path = (*path, cause.key)
        problems.append(document.problem(path, sentence_of(kind, found["msg"], context)))
    return in_file_order(problems)


def in_file_order(problems: list[Problem]) -> CityError:
    """An error that begins with what stands first in the file."""
    return CityError(sorted(problems, key=lambda problem: problem.line or 0))


def sentence_of(kind: str, message: str, context: Mapping[str, object]) -> str:
    """What a person reads instead of pydantic's message."""
    if kind == "value_error":
        return str(context["error"])
    if kind in SENTENCES:
        shown = {name: str(value) for name, value in context.items() if name in ("expected", "expected_tags")}
        return SENTENCES[kind].format_map(shown)
    return re.sub(r"^\w+ should", "must", message).replace(" after validation", "")


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
