"""The languages of the pages: which one a person wants, and the words, times and durations in it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_timedelta
from babel.units import format_unit
from starlette.requests import Request

from cases.verdict import RejectReason

CATALOGS = Path(__file__).parent / "catalogs"
COOKIE = "lang"


class Language(StrEnum):
    """A language of the pages."""

    ZH = "zh"
    EN = "en"

    @property
    def locale(self) -> str:
        """Its name for Babel and for `<html lang>`, the latter with a hyphen."""
        return "zh_Hans_CN" if self is Language.ZH else "en"

    @property
    def tag(self) -> str:
        """BCP 47."""
        return "zh-CN" if self is Language.ZH else "en"


@cache
def catalog(language: Language) -> Mapping[str, str]:
    """All words of a language, by key."""
    return json.loads((CATALOGS / f"{language}.json").read_text(encoding="utf-8"))


def reject_reason(words: str) -> RejectReason:
    """Which of the reasons a person means who chose or typed its words, in either language; else another one.

    >>> reject_reason("Not there"), reject_reason("a permit hangs in the window")
    (<RejectReason.NOT_THERE: 'not_there'>, <RejectReason.OTHER: 'other'>)
    """
    meant = (why for language in Language for why in RejectReason if catalog(language)[f"why.{why}"] == words.strip())
    return next(meant, RejectReason.OTHER)


def wanted_language(request: Request) -> Language:
    """What the address, the cookie or the browser asks for, in this order; else Chinese."""
    asked = (request.query_params.get("lang", ""), request.cookies.get(COOKIE, ""), *_accepted(request))
    return next((Language(name) for name in asked if name in set(Language)), Language.ZH)


def _accepted(request: Request) -> list[str]:
    ranges = request.headers.get("accept-language", "")[:200].split(",")
    return [part.partition(";")[0].strip().partition("-")[0].lower() for part in ranges]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language in one city.

    Attributes:
        language: which.
        zone: the city's; times are shown in it.
        now: aware UTC, the moment at which the page is made.
    """

    language: Language
    zone: tzinfo
    now: datetime

    def __call__(self, key: str, **values: Any) -> str:
        """The words for `key`.

        Raises:
            KeyError: the catalog has none.
        """
        words = catalog(self.language)[key]
        return words.format_map(values) if values else words

    def object(self, name: str) -> str:
        """What people call an object that a detector knows. A model may know more than the catalog: those keep theirs.

        >>> from datetime import UTC
        >>> words = Words(language=Language.EN, zone=UTC, now=datetime(2026, 3, 1, tzinfo=UTC))
        >>> words.object("bin_overflow"), words.object("hoarding")
        ('Overflowing bin', 'hoarding')
        """
        return catalog(self.language).get(f"object.{name}", name)

    @property
    def objects(self) -> dict[str, str]:
        """All objects that have a name in the catalog, by the detector's name for them."""
        known = catalog(self.language).items()
        return {key.removeprefix("object."): words for key, words in known if key.startswith("object.")}

    def time(self, instant: datetime) -> str:
        """Date and time of day in the city.

        >>> from datetime import UTC
        >>> at = datetime(2026, 3, 1, 8, tzinfo=UTC)
        >>> Words(language=Language.EN, zone=UTC, now=at).time(at)
        '2026-03-01 08:00:00'
        """
        return f"{instant.astimezone(self.zone):%Y-%m-%d %H:%M:%S}"

    def ago(self, instant: datetime) -> str:
        """How long ago, or in how long, in one unit.

        >>> from datetime import UTC, timedelta
        >>> at = datetime(2026, 3, 1, 8, tzinfo=UTC)
        >>> Words(language=Language.EN, zone=UTC, now=at + timedelta(hours=2)).ago(at)
        '2 hours ago'
        """
        apart = instant - self.now
        if abs(apart) < timedelta(seconds=1):
            apart = -timedelta(seconds=1)  # Babel would say "in 0 seconds" of what has just happened
        return format_timedelta(apart, add_direction=True, threshold=0.95, locale=self.language.locale)

    def duration(self, seconds: float) -> str:
        """A length of time in its two largest units.

        >>> from datetime import UTC
        >>> Words(language=Language.EN, zone=UTC, now=datetime(2026, 3, 1, tzinfo=UTC)).duration(3725)
        '1 hr 2 min'
        """
        left = round(seconds)
        parts: list[str] = []
        for unit, size in (("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1)):
            count, left = divmod(left, size)
            if (count or (unit == "second" and not parts)) and len(parts) < 2:
                parts.append(format_unit(count, f"duration-{unit}", "short", locale=self.language.locale))
        return " ".join(parts)
