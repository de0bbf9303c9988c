"""E-mail over real sockets: what arrives, what is certain, and how a connection is protected."""

import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, timedelta

import pytest
import trustme

from api.outgoing.mail import SmtpPostman
from cases.channels.mail import MailFiler, Postbox, Relay, Security
from cases.dossier import Dossier
from cases.errors import FilingFailed
from cases.filing import Channel, Filing, FilingState
from inference.findings import EvidenceRole
from tests.case_builders import NOON, a_case, a_finding, some_evidence
from tests.rigs.fakemail import PASSWORD, USER, FakeMail, MailManner, fake_mail

M = MailManner
FILING = Filing(
    id="5" * 32,
    case_id="case-1",
    department="police",
    channel=Channel.EMAIL,
    state=FilingState.SENDING,
    created_at=NOON,
    next_try_at=NOON,
    attempts=1,
)
DOSSIER = Dossier(
    case=a_case(),
    findings=(a_finding(evidence=(some_evidence("f" * 64, EvidenceRole.PUBLIC),)),),
    history=(),
    filings=(FILING,),
)
AUTHORITY = trustme.CA()


@pytest.fixture
def server() -> Iterator[FakeMail]:
    with fake_mail() as opened:
        yield opened


def served_by(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


def a_filer(
    server: FakeMail,
    *,
    security: Security = Security.NONE,
    user: str | None = None,
    password: str = PASSWORD,
    attach: bool = False,
    to: tuple[str, ...] = ("duty@police.example",),
) -> MailFiler:
    trusted = ssl.create_default_context()
    AUTHORITY.configure_trust(trusted)
    relay = Relay(host="127.0.0.1", port=server.port, security=security, user=user, password=password)
    postbox = Postbox(to=to, sender="jiexun@city.example", relay=relay, attach_public_copy=attach)
    return MailFiler(
        {"police": postbox},
        SmtpPostman(frozenset({server.address}), tls=trusted),
        base_url="https://jiexun.example",
        read_picture={"f" * 64: b"\xff\xd8masked"}.get,
        zone=UTC,
        timeout=timedelta(seconds=0.7),
    )


def test_a_case_arrives_as_plain_text(server: FakeMail) -> None:
    receipt = a_filer(server, to=("duty@police.example", "chief@police.example")).file(DOSSIER, FILING)
    [message] = server.messages
    assert message["Subject"] == "违法停车 illegal parking · 2026-000001"
    assert message["Message-ID"] == receipt.reference == f"<{'5' * 32}@city.example>"
    assert message["To"] == "duty@police.example, chief@police.example"
    assert message["Auto-Submitted"] == "auto-generated"
    assert [command for command in server.commands if command.startswith("rcpt")] == [
        "rcpt TO:<duty@police.example>",
        "rcpt TO:<chief@police.example>",
    ]
    assert message.get_content_type() == "text/plain"
    assert "https://jiexun.example/cases/case-1" in message.get_content()


def test_every_try_has_the_same_message_id(server: FakeMail) -> None:
    filer = a_filer(server)
    for attempt in range(1, 4):
        filer.file(DOSSIER, replace(FILING, attempts=attempt))
    assert len(set(server.attempts)) == 1


def test_the_masked_picture_goes_along_where_the_city_wants_it(server: FakeMail) -> None:
    a_filer(server, attach=True).file(DOSSIER, FILING)
    [picture] = server.messages[0].iter_attachments()
    assert (picture.get_content_type(), picture.get_filename()) == ("image/jpeg", "2026-000001.jpg")
    assert picture.get_content() == b"\xff\xd8masked"


def test_no_text_of_a_case_makes_a_header(server: FakeMail) -> None:
    case = replace(DOSSIER.case, number="1\r\nBcc: all@city.example", zone="x\r\n.\r\nQUIT")
    a_filer(server).file(replace(DOSSIER, case=case), FILING)
    [message] = server.messages
    assert message["Bcc"] is None
    assert message["Subject"] == "违法停车 illegal parking · 1 Bcc: all@city.example"


@pytest.mark.parametrize(
    ("manner", "retry", "maybe"),
    [
        (M.RESET, True, False),
        (M.MUTE, True, False),
        (M.TRICKLE, True, False),
        (M.BUSY_421, True, False),
        (M.GREYLISTS_450, True, False),
        (M.NOBODY_550, False, False),
        (M.MOVED_551, False, False),
        (M.FULL_452, True, False),
        (M.REJECTS_554, False, False),
        (M.HANGS_UP_BEFORE_DATA, True, False),
        (M.NOT_SMTP, True, False),
        (M.HUGE, True, False),
        (M.RESET_AFTER_DATA, True, True),
        (M.MUTE_AFTER_DATA, True, True),
    ],
)
def test_only_a_broken_connection_after_the_message_leaves_a_doubt(
    server: FakeMail, manner: MailManner, retry: bool, maybe: bool
) -> None:
    server.manner = manner
    with pytest.raises(FilingFailed) as failed:
        a_filer(server).file(DOSSIER, FILING)
    assert (failed.value.retry, failed.value.maybe_delivered) == (retry, maybe)
    assert not any("elsewhere" in command for command in server.commands)


@pytest.mark.parametrize(("security", "from_start"), [(Security.TLS, True), (Security.STARTTLS, False)])
def test_a_connection_is_encrypted_and_the_login_is_inside(security: Security, from_start: bool) -> None:
    with fake_mail(tls=served_by(AUTHORITY), from_start=from_start, asks_for_login=True) as server:
        a_filer(server, security=security, user=USER).file(DOSSIER, FILING)
        assert len(server.messages) == 1


@pytest.mark.parametrize(("security", "from_start"), [(Security.TLS, True), (Security.STARTTLS, False)])
def test_a_certificate_that_nobody_vouches_for_is_refused(security: Security, from_start: bool) -> None:
    with fake_mail(tls=served_by(trustme.CA()), from_start=from_start) as server:
        with pytest.raises(FilingFailed, match="certificate") as failed:
            a_filer(server, security=security).file(DOSSIER, FILING)
        assert (failed.value.retry, failed.value.maybe_delivered) == (True, False)
        assert server.messages == []


def test_a_server_that_offers_no_encryption_gets_nothing(server: FakeMail) -> None:
    with pytest.raises(FilingFailed):
        a_filer(server, security=Security.STARTTLS, user=USER).file(DOSSIER, FILING)
    assert not any(PASSWORD in command or command.startswith(("AUTH", "mail")) for command in server.commands)


def test_a_wrong_password_can_be_mended_and_is_not_shown() -> None:
    with fake_mail(tls=served_by(AUTHORITY), from_start=True, asks_for_login=True) as server:
        with pytest.raises(FilingFailed, match="535") as failed:
            a_filer(server, security=Security.TLS, user=USER, password="wrong-secret").file(DOSSIER, FILING)
        assert failed.value.retry
        assert "wrong-secret" not in str(failed.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254", "::1"])
@pytest.mark.parametrize("port", [25, 465, 587, 5432])
def test_a_mail_server_inside_is_not_called_unless_it_is_listed(host: str, port: int) -> None:
    relay = Relay(host=host, port=port, security=Security.TLS)
    postbox = Postbox(to=("a@b.example",), sender="c@d.example", relay=relay)
    filer = MailFiler({"police": postbox}, SmtpPostman(), base_url="https://x.example", read_picture={}.get)
    with pytest.raises(FilingFailed, match=r"private network|must not be called") as failed:
        filer.file(DOSSIER, FILING)
    assert not failed.value.maybe_delivered


def test_a_department_without_an_address_is_named(server: FakeMail) -> None:
    with pytest.raises(FilingFailed, match="cleaning has no e-mail"):
        a_filer(server).file(DOSSIER, replace(FILING, department="cleaning"))
