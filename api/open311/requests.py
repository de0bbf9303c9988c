"""A case as a service request: what its sender and everybody else may read of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from api.open311.writing import Entry, Listed, instant
from api.pages.language import Words
from api.pages.names import Names
from cases.case import Case
from cases.participation.categories import Category
from cases.participation.policy import ResidentPolicy
from cases.participation.public import listed
from cases.states import ENDED

ORIGIN = "open311/"
"""What the origin of a report that came by this door begins with; the key that sent it follows."""

REFERENCE = re.compile(r"\[[A-Za-z][\w .-]{0,31} [0-9a-f]{16,64}\]")
"""A sender's own name for its request, such as `[jiexun 3f…]`. Of all that was sent, only these are shown again."""

ATTRIBUTES = (
    {
        "variable": True,
        "code": "seen_at",
        "datatype": "datetime",
        "required": False,
        "datatype_description": "ISO 8601, with a time zone",
        "order": 1,
        "description": "When it was seen",
        "values": Listed("value", ()),
    },
    {
        "variable": True,
        "code": "quality",
        "datatype": "singlevaluelist",
        "required": False,
        "datatype_description": "",
        "order": 2,
        "description": "What the place is worth",
        "values": Listed(
            "value",
            (
                {"key": "exact", "name": "where the matter is"},
                {"key": "approximate", "name": "somewhere near"},
                {"key": "unit", "name": "the address of an office or a caller"},
            ),
        ),
    },
)
"""What may be sent with a request besides the fields of the standard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A case that was asked for.

    Attributes:
        case: the case.
        said: words of the reports that came by this door.
        updated_at: aware UTC, when it was changed last.
        picture: name of a public copy.
    """

    case: Case
    said: tuple[str, ...]
    updated_at: datetime
    picture: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Writes cases as requests.

    Attributes:
        t: words of the asker's language.
        names: of departments and areas.
        policy: what is public.
        categories: what can be reported.
        base_url: where we are reached, without a slash at the end.
    """

    t: Words
    names: Names
    policy: ResidentPolicy
    categories: Sequence[Category]
    base_url: str

    def services(self) -> Listed:
        """Everything that can be requested."""
        return Listed("service", [self._service(one) for one in self.categories])

    def definition(self, one: Category) -> Entry:
        """What may be sent with requests for a service."""
        return {"service_code": one.value, "attributes": Listed("attribute", ATTRIBUTES)}

    def requests(self, found: Sequence[Found]) -> Listed:
        """Cases as requests."""
        return Listed("request", [self._request(one) for one in found])

    def name_of(self, code: str | None, kind: str | None) -> str:
        """What a matter is called."""
        in_words = self.t(f"kind.{kind}") if kind else ""
        event = self.names.event(code)
        ordered = (event, in_words) if self.t.language == "zh" else (in_words, event)
        return next(filter(None, (*ordered, code)), self.t("kind.none"))

    def _service(self, one: Category) -> Entry:
        return {
            "service_code": one.value,
            "service_name": self.name_of(one.code, one.kind),
            "description": one.name,
            "metadata": True,
            "type": "realtime",
            "keywords": one.kind or "",
            "group": one.group,
        }

    def _request(self, found: Found) -> Entry:
        case, shown = found.case, listed(found.case, self.policy)
        name, references = self.name_of(case.code, case.kind), _references(found.said)
        known: Entry = {
            "service_request_id": shown.number,
            "status": "closed" if shown.state in ENDED else "open",
            "status_notes": self.t(f"state.{shown.state}"),
            "service_name": name,
            "service_code": case.code or case.kind or "",
            "description": " ".join((name, *references)),
            "requested_datetime": instant(shown.opened_at),
            "updated_datetime": instant(max(found.updated_at, shown.opened_at)),
        }
        if not self.policy.public.covers(case):
            return known  # its sender follows it by its number; where it is and who sees to it is not public
        place, department = shown.place, shown.department
        return {
            **known,
            "agency_responsible": self.names.department(department) if department else "",
            "service_notice": "",
            "expected_datetime": instant(shown.deadline_at) if shown.deadline_at else "",
            "address": self.names.area(shown.area),
            "address_id": shown.area or "",
            "zipcode": "",
            "lat": place.lat if place else "",
            "long": place.lon if place else "",
            "media_url": f"{self.base_url}/public/pictures/{found.picture}" if found.picture else "",
        }


def _references(said: Sequence[str]) -> tuple[str, ...]:
    """The senders' own names for a request, and nothing else of what they wrote.

    >>> _references(["call 13800000000 [jiexun 0123456789abcdef0123456789abcdef]"])
    ('[jiexun 0123456789abcdef0123456789abcdef]',)
    """
    return tuple(dict.fromkeys(found for words in said for found in REFERENCE.findall(words)))
