"""Looking for a request of ours on a server that may or may not have taken it."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from cases.channels.open311.answers import Entry, NotReadable, entries
from cases.channels.open311.server import Calls, Server, as_written
from cases.errors import FilingFailed
from cases.ports import Answer

MARGIN = timedelta(minutes=10)
"""How much earlier and later than the attempt is looked, for clocks that differ."""

LONGEST_ATTEMPT = timedelta(minutes=2)

A_PAGE = 50
"""From so many requests on the server may be showing only some of them."""

MOST_CALLS = 12
SHORTEST = timedelta(minutes=1)


class Search:
    """One search, with a bounded number of calls.

    Args:
        calls: how the server is called.
        server: which one.
        service: the service code that the request has.
        marker: what its description holds.
    """

    def __init__(self, calls: Calls, server: Server, *, service: str, marker: str) -> None:
        self._calls = calls
        self._server = server
        self._service = service
        self._marker = marker
        self._left = MOST_CALLS
        self._seen_texts = False
        self._seen_requests = False

    def around(self, tried_at: datetime, now: datetime) -> Entry | None:
        """The request that was posted at `tried_at`, or None where the server certainly does not show it.

        Raises:
            FilingFailed: nobody can tell; `retry` says whether asking later can help.
        """
        since, until = tried_at - MARGIN, tried_at + LONGEST_ATTEMPT + MARGIN
        answer = self._ask(since, until)
        skew = _skew(answer, now)
        found = self._within(since, until, answer)
        if found is None and abs(skew) > MARGIN / 2:  # its clock differs from ours: look by its own
            found = self._within(since + skew, until + skew, None)
        if found is None and self._seen_requests and not self._seen_texts:
            raise FilingFailed("the Open311 server shows no descriptions, so it cannot be asked", retry=False)
        return found

    def _within(self, since: datetime, until: datetime, answer: Answer | None) -> Entry | None:
        answer = answer or self._ask(since, until)
        shown = [] if answer.cut else self._read(answer)
        for entry in shown:
            if self._marker in entry.get("description", ""):
                return entry
        if not answer.cut and len(shown) < A_PAGE:
            return None
        if until - since <= SHORTEST:
            raise FilingFailed("the Open311 server shows too many requests to look through", retry=True)
        middle = since + (until - since) / 2
        return self._within(since, middle, None) or self._within(middle, until, None)

    def _ask(self, since: datetime, until: datetime) -> Answer:
        if not self._left:
            raise FilingFailed("the Open311 server shows too many requests to look through", retry=True)
        self._left -= 1
        asked = {"service_code": self._service, "start_date": as_written(since), "end_date": as_written(until)}
        return self._calls.get(self._server, "requests", **asked)

    def _read(self, answer: Answer) -> list[Entry]:
        try:
            shown = entries(answer.body, self._server.form)
        except NotReadable as error:
            raise FilingFailed(f"the Open311 server cannot be asked: {error}", retry=True) from error
        self._seen_requests = self._seen_requests or bool(shown)
        self._seen_texts = self._seen_texts or any("description" in entry for entry in shown)
        return shown


def _skew(answer: Answer, now: datetime) -> timedelta:
    """How far the server's clock is ahead of ours, by its `Date` header; nothing where it does not say."""
    try:
        theirs = parsedate_to_datetime(answer.headers.get("date", ""))
    except ValueError:
        return timedelta(0)
    return theirs.astimezone(UTC) - now if theirs.tzinfo else timedelta(0)
