"""One GeoReport v2 server as its departments use it, and calls to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from urllib.parse import urlencode

from cases.channels.answers import GONE, STOP, retry_after
from cases.channels.open311.answers import Entry, Format, NotReadable, entries
from cases.errors import FilingFailed
from cases.ports import AddressRefused, Answer, Clock, Getter, NoAnswer, Poster

TIMEOUT = timedelta(seconds=15)


class CaseField(StrEnum):
    """What of a case can be sent as an attribute."""

    NUMBER = "number"
    KIND = "kind"
    CAMERA = "camera"
    ZONE = "zone"
    AREA = "area"
    FIRST_SEEN = "first_seen"
    LAST_SEEN = "last_seen"
    DEADLINE = "deadline"
    MARKER = "marker"
    URL = "url"


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where and how a department's server takes requests.

    Attributes:
        url: its base, without a slash at the end; `/requests.json` and the like follow.
        api_key: without it nobody may post. Never shown.
        services: the server's `service_code` for each of the city's event codes.
        jurisdiction: `jurisdiction_id`, where one server serves several.
        form: how it writes.
        attributes: which of the server's attributes get which field of a case.
        closed_means_handled: its `closed` says that the work is done; else only that the department is done with it.
    """

    url: str
    api_key: str = field(repr=False)
    services: Mapping[str, str]
    jurisdiction: str | None = None
    form: Format = Format.JSON
    attributes: Mapping[str, CaseField] = field(default_factory=dict[str, CaseField])
    closed_means_handled: bool = False

    def address(self, path: str, **asked: str) -> str:
        """Where `path` is, with questions."""
        everything = {**asked, **({"jurisdiction_id": self.jurisdiction} if self.jurisdiction else {})}
        query = f"?{urlencode(everything)}" if everything else ""
        return f"{self.url}/{path}.{self.form}{query}"


class Web(Poster, Getter, Protocol):
    """Posts to the web and reads from it."""


class Calls:
    """Calls to servers, with our errors instead of theirs."""

    def __init__(self, web: Web, clock: Clock, timeout: timedelta) -> None:
        self._web = web
        self._clock = clock
        self._timeout = timeout

    def post(self, server: Server, form: Mapping[str, str], *, before: datetime | None) -> Answer:
        """Post a new request, unless it is too late: from `before` on somebody else may ask and post it.

        Raises:
            FilingFailed: nobody answered; whether it may have arrived is said.
        """
        headers = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
        body = urlencode(form).encode()
        try:
            url = server.address("requests")
            return self._web.post(url, headers=headers, body=body, timeout=self._timeout, before=before)
        except AddressRefused as refused:
            raise FilingFailed(str(refused), retry=True) from refused
        except NoAnswer as silence:
            raise FilingFailed(str(silence), retry=True, maybe_delivered=silence.maybe_delivered) from silence

    def get(self, server: Server, path: str, **asked: str) -> Answer:
        """Ask; only a good answer comes back.

        Raises:
            FilingFailed: nobody answered, or not well; asking again can help.
        """
        try:
            answer = self._web.get(server.address(path, **asked), headers={}, timeout=self._timeout)
        except (AddressRefused, NoAnswer) as silence:
            raise FilingFailed(str(silence), retry=True) from silence
        if answer.status != 200:
            raise FilingFailed(
                f"the Open311 server answered {answer.status} when it was asked",
                retry=True,
                retry_after=retry_after(answer, self._clock()),
            )
        return answer

    def judged(self, answer: Answer, server: Server, *, is_repetition: bool) -> Entry:
        """What a server says of a request that was posted.

        Raises:
            FilingFailed: it did not take it, or nobody can tell.
        """
        status = answer.status
        said = readable(answer, server)
        if 200 <= status < 300:
            taken = said[0] if said else {}
            if taken.get("service_request_id") or taken.get("token"):
                return taken
            raise FilingFailed(f"answered {status} without a request number", retry=True, maybe_delivered=True)
        wait = retry_after(answer, self._clock())
        told = "; ".join(one["description"] for one in said if "description" in one)
        # A broken server may have taken it all the same; one that is busy says when to come back. A server may refuse
        # what it already has as a duplicate, so a refusal of a repetition is no proof that it is not there.
        maybe = (status >= 500 and wait is None) or (status == 400 and is_repetition)
        raise FilingFailed(
            f"the Open311 server answered {status}{f' ({told[:200]})' if told else ''}",
            retry=status not in STOP,
            retry_after=wait,
            maybe_delivered=maybe,
            gone=status == GONE,
        )


def readable(answer: Answer, server: Server) -> list[Entry]:
    """What an answer says; nothing where it cannot be read."""
    try:
        return [] if answer.cut else entries(answer.body, server.form)
    except NotReadable:
        return []


def as_written(at: datetime) -> str:
    """An instant as GeoReport v2 writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
