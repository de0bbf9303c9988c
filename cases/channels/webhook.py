"""Delivery by webhook, after Standard Webhooks 1.0."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.channels.answers import GONE, STOP, retry_after
from cases.channels.letter import MEDIA_TYPE, letter
from cases.channels.signature import Secret, signed_headers
from cases.dossier import Dossier
from cases.errors import FilingFailed
from cases.filing import Filing
from cases.ports import AddressRefused, Answer, Clock, NoAnswer, Poster, Receipt

TIMEOUT = timedelta(seconds=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where and how a department takes messages.

    Attributes:
        url: `https://…`; who may be called is the poster's decision.
        secrets: all that are valid now, newest first: two while one is being replaced.
    """

    url: str
    secrets: tuple[Secret, ...]

    def __post_init__(self) -> None:
        if not self.secrets:
            raise ValueError(f"webhook {self.url} needs at least one secret; unsigned messages are not sent")


class WebhookFiler:
    """Delivers to departments that run a system of their own. They know a repetition by its `webhook-id`."""

    recognises_repetitions = True

    def __init__(
        self,
        endpoints: Mapping[str, Endpoint],
        poster: Poster,
        *,
        base_url: str,
        clock: Clock,
        timeout: timedelta = TIMEOUT,
    ) -> None:
        self._endpoints = endpoints
        self._poster = poster
        self._base_url = base_url.rstrip("/")
        self._clock = clock
        self._timeout = timeout

    def file(self, dossier: Dossier, filing: Filing) -> Receipt:
        """Post the case to the department's endpoint. 2xx is success, whatever the body says.

        Raises:
            FilingFailed: any other end.
        """
        endpoint = self._endpoints.get(filing.department)
        if endpoint is None:
            raise FilingFailed(f"department {filing.department} has no webhook; add one to the city file", retry=True)
        body = letter(dossier, filing, base_url=self._base_url)
        headers = signed_headers(endpoint.secrets, message_id=filing.id, at=self._clock(), body=body)
        headers["content-type"] = MEDIA_TYPE
        try:
            answer = self._poster.post(endpoint.url, headers=headers, body=body, timeout=self._timeout)
        except AddressRefused as refused:
            raise FilingFailed(str(refused), retry=True) from refused
        except NoAnswer as silence:
            raise FilingFailed(str(silence), retry=True, maybe_delivered=silence.maybe_delivered) from silence
        return _judged(answer, filing, self._clock())


def _judged(answer: Answer, filing: Filing, now: datetime) -> Receipt:
    if 200 <= answer.status < 300:
        return Receipt(reference=answer.headers.get("x-reference"))
    raise FilingFailed(
        f"department {filing.department} answered {answer.status}",
        retry=answer.status not in STOP,
        retry_after=retry_after(answer, now),
        gone=answer.status == GONE,
    )
