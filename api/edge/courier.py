"""Brings findings and their evidence from an edge box to the centre: at least once, and the centre takes each once.

The link is what fails, not the single finding: after a failure everything waits, and the next try is the oldest one.
Nothing but findings and their evidence travels, and no more of it than the budget allows.
"""

import base64
import hashlib
import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Protocol

from pydantic import ValidationError

from api.edge.form import EdgeReceipt, FindingForm
from api.store.edge import Outgoing, SqlEdge
from cases.ports import AddressRefused, Answer, Clock, NoAnswer, Poster
from inference.errors import EvidenceError
from inference.evidence.spool import Spool

logger = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=5)
ANSWER_WITHIN = timedelta(seconds=60)
KNOWN_FOR = timedelta(days=30)
OVERHEAD_BYTES = 600
"""Of one request beside its body."""


class LinkDown(Exception):
    """The centre cannot be reached, or cannot take anything now."""


class Refused(Exception):
    """The centre does not take this finding as things are here and there."""


class Keeps(Spool, Protocol):
    """Where the box keeps evidence until it is delivered."""


class Courier:
    """One for a box; see `api.work.shift.Delivers`.

    Args:
        spool: what is to be delivered.
        evidence: the bytes; what is delivered is given up.
        post: speaks HTTP.
        center: address of the centre, without a slash at the end.
        key: that the centre gave this box; a secret.
        clock: aware UTC.
        bytes_per_second: budget of the link, averaged; None where there is none.
        random: for pauses, so that boxes do not come back together.
    """

    def __init__(
        self,
        spool: SqlEdge,
        evidence: Keeps,
        post: Poster,
        *,
        center: str,
        key: str,
        clock: Clock,
        random: Random,
        bytes_per_second: float | None = None,
    ) -> None:
        self._spool = spool
        self._evidence = evidence
        self._post = post
        self._center = center
        self._key = key
        self._clock = clock
        self._random = random
        self._rate = bytes_per_second
        self._free_at: datetime | None = None
        self._failures = 0
        self._under_way = threading.Lock()

    def take(self) -> Callable[[], object] | None:
        """The next errand: one finding with its evidence. None where nothing waits, or the link has to rest.

        Raises:
            StoreError: the database cannot be read.
        """
        if self._under_way.locked() or (self._free_at is not None and self._clock() < self._free_at):
            return None
        outgoing = self._spool.next()
        if outgoing is None or not self._under_way.acquire(blocking=False):
            return None
        return lambda: self._run(outgoing)

    def _run(self, outgoing: Outgoing) -> None:
        try:
            self._deliver(outgoing)
        except LinkDown as failure:
            self._rest(failure)
        except Refused as refusal:
            logger.error(
                "the centre refuses finding %s, which stays here until the next start: %s", outgoing.key, refusal
            )
            self._spool.refuse(outgoing.key, str(refusal))
        except EvidenceError as error:
            logger.error("finding %s cannot be sent without its evidence: %s", outgoing.key, error)
            self._spool.refuse(outgoing.key, str(error))
        else:
            self._failures = 0
        finally:
            self._under_way.release()

    def _deliver(self, outgoing: Outgoing) -> None:
        receipt = self._offer(outgoing)
        for sha256 in receipt.missing:
            self._send(f"/v1/edge/evidence/{sha256}", self._evidence.get(sha256), "application/octet-stream")
        if receipt.missing:
            receipt = self._offer(outgoing)
        if receipt.missing:
            raise LinkDown("the centre does not keep the evidence that it takes; look at its disk")
        now = self._clock()
        self._spool.delivered(outgoing.key, now)
        self._spool.forget(now - KNOWN_FOR)
        for sha256 in {ref.sha256 for ref in FindingForm.model_validate_json(outgoing.body).evidence}:
            if not self._spool.needs(sha256):
                self._evidence.discard(sha256)

    def _offer(self, outgoing: Outgoing) -> EdgeReceipt:
        more = {"Idempotency-Key": outgoing.key}
        answer = self._send("/v1/edge/findings", outgoing.body.encode(), "application/json", more)
        try:
            return EdgeReceipt.model_validate_json(answer.body)
        except ValidationError:
            raise LinkDown("what answers is no centre of this version") from None

    def _send(self, path: str, body: bytes, media_type: str, more: Mapping[str, str] | None = None) -> Answer:
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        headers = {
            "Authorization": f"Bearer {self._key}",
            "Content-Type": media_type,
            "Content-Digest": f"sha-256=:{digest}:",
            **(more or {}),
        }
        self._spend(len(body) + OVERHEAD_BYTES)
        try:
            answer = self._post.post(self._center + path, headers=headers, body=body, timeout=ANSWER_WITHIN)
        except (NoAnswer, AddressRefused) as error:
            raise LinkDown(str(error)) from None
        if answer.status in (400, 409, 413, 415, 422):  # 404: something answers that is no centre, or not yet
            raise Refused(f"status {answer.status}: {answer.body[:300].decode('utf-8', 'replace')}")
        if answer.status not in (200, 204):
            raise LinkDown(f"the centre answers with status {answer.status}")
        return answer

    def _spend(self, sent: int) -> None:
        """Count what goes over the link; the next errand waits until the budget has caught up."""
        if self._rate is not None:
            now = self._clock()
            self._free_at = max(self._free_at or now, now) + timedelta(seconds=sent / self._rate)

    def _rest(self, failure: Exception) -> None:
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(self._failures, 10)) * (1 + 0.2 * self._random.random())
        self._failures += 1
        self._free_at = self._clock() + pause
        backlog = self._spool.backlog
        logger.warning(
            "%d findings wait for the centre, next try in %.0f s: %s", backlog.waiting, pause.total_seconds(), failure
        )
