"""Our signatures and those of the reference library agree, both ways; whatever is changed is refused."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from cases.channels.signature import Secret, signed_headers, verify
from cases.errors import SignatureRefused

OLD = "whsec_" + b64encode(bytes(range(24))).decode()
NEW = "whsec_" + b64encode(bytes(range(40, 80))).decode()
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
names = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)


@settings(max_examples=500)
@given(message_id=names, body=texts)
def test_the_library_accepts_what_we_sign(message_id: str, body: str) -> None:
    at = datetime.now(UTC)
    headers = signed_headers([Secret(NEW), Secret(OLD)], message_id=message_id, at=at, body=body.encode())
    for secret in (OLD, NEW):
        Webhook(secret).verify(body, headers, json_parse=False)
    with pytest.raises(WebhookVerificationError):
        Webhook("whsec_" + b64encode(b"x" * 24).decode()).verify(body, headers, json_parse=False)


@settings(max_examples=500)
@given(message_id=names, body=texts, seconds=st.integers(-299, 299))
def test_we_accept_what_the_library_signs(message_id: str, body: str, seconds: int) -> None:
    at = NOW + timedelta(seconds=seconds)
    headers = {
        "Webhook-Id": message_id,
        "Webhook-Timestamp": str(int(at.timestamp())),
        "Webhook-Signature": Webhook(OLD).sign(message_id, at, body),
    }
    assert verify([Secret(NEW), Secret(OLD)], headers, body.encode(), now=NOW) == message_id


def signed(body: bytes = b"{}") -> dict[str, str]:
    return signed_headers([Secret(OLD)], message_id="m-1", at=NOW, body=body)


@settings(max_examples=1000)
@given(
    position=st.integers(0, 199),
    flip=st.integers(1, 255),
    where=st.sampled_from(["body", "id", "signature", "timestamp"]),
)
def test_whatever_is_changed_is_refused(position: int, flip: int, where: str) -> None:
    body, headers = b"x" * 200, signed(b"x" * 200)
    if where == "body":
        body = body[:position] + bytes([body[position] ^ flip]) + body[position + 1 :]
    else:
        text = headers[f"webhook-{where}"]
        place = position % len(text)
        headers[f"webhook-{where}"] = text[:place] + chr(ord(text[place]) ^ flip) + text[place + 1 :]
    with pytest.raises(SignatureRefused):
        verify([Secret(OLD)], headers, body, now=NOW)


@pytest.mark.parametrize("minutes", [-6, 6, -60 * 24 * 400])
def test_old_and_early_messages_are_refused(minutes: int) -> None:
    with pytest.raises(SignatureRefused, match="clock"):
        verify([Secret(OLD)], signed(), b"{}", now=NOW + timedelta(minutes=minutes))


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
@pytest.mark.parametrize("value", [None, "", "nan", "9" * 400, "١٢٣"])
def test_missing_and_odd_headers_are_refused(name: str, value: str | None) -> None:
    headers = {key: text for key, text in signed().items() if key != name} | (
        {name: value} if value is not None else {}
    )
    with pytest.raises(SignatureRefused):
        verify([Secret(OLD)], headers, b"{}", now=NOW)


@pytest.mark.parametrize("written", ["", "whsec_", "whsec_!!!", "whsec_c2hvcnQ=", NEW.removeprefix("whsec_")])
def test_a_weak_secret_is_refused_without_being_shown(written: str) -> None:
    with pytest.raises(ValueError, match="make a new one") as refused:
        Secret(written)
    assert not written or written in ("whsec_",) or written not in str(refused.value)


def test_a_secret_never_shows_itself() -> None:
    assert OLD[6:20] not in f"{Secret(OLD)!r} {Secret(OLD)}"
