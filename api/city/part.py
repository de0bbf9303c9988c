"""What all parts of the city file have in common: strict keys, finite numbers, and the small types they are made of."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from difflib import get_close_matches
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, Strict, model_validator


class Part(BaseModel):
    """A mapping in the city file. Unknown keys are refused, and the nearest known one is offered."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _know_every_key(cls, data: Any) -> Any:
        if isinstance(data, dict):
            for key in data:
                if key not in cls.model_fields:
                    hint = did_you_mean(str(key), cls.model_fields) or f"allowed here: {', '.join(cls.model_fields)}"
                    raise AtKey(str(key), f"is not a key here; {hint}")
        return data


class AtKey(ValueError):
    """An error of a whole part that is best shown at one of its keys."""

    def __init__(self, key: str, sentence: str) -> None:
        super().__init__(sentence)
        self.key = key


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A question that offers the nearest of the `known` words, or an empty text where none is near.

    >>> did_you_mean("polygn", ["line", "polygon"])
    'did you mean "polygon"?'
    """
    near = get_close_matches(word, list(known), n=1)
    return f'did you mean "{near[0]}"?' if near else ""


def _matching(pattern: str, sentence: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(sentence)
        return text

    return check


def _iso_date(value: Any) -> date:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError("must be a date such as 2026-10-01")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("is not a day of the calendar; write a date such as 2026-10-01") from None


Number = Annotated[float, Strict()]
Flag = Annotated[bool, Strict()]
Fraction = Annotated[float, Strict(), Field(ge=0, le=1)]
Seconds = Annotated[float, Strict(), Field(ge=0, le=7 * 86_400)]
Day = Annotated[date, BeforeValidator(_iso_date)]
Text = Annotated[str, AfterValidator(_matching(r"\S(.{0,498}\S)?", "must be one line of 1 to 500 characters"))]
Identifier = Annotated[
    str,
    AfterValidator(
        _matching(r"[a-z0-9][a-z0-9-]{0,63}", "must be up to 64 small letters, digits and hyphens, such as east-gate-1")
    ),
]
Code = Annotated[
    str,
    AfterValidator(_matching(r"[0-9A-Za-z][0-9A-Za-z.-]{0,31}", "must be up to 32 letters, digits, dots and hyphens")),
]
EnvironmentName = Annotated[
    str,
    AfterValidator(
        _matching(
            r"[A-Z][A-Z0-9_]{0,63}",
            "must be the NAME of an environment variable (capitals, digits, underscores), not the secret",
        )
    ),
]


class Name(Part):
    """What people call it, in both languages."""

    zh: Text
    en: Text
