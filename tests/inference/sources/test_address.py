import logging
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.errors import SourceNotReadable
from inference.sources.address import RedactSecrets, SourceKind, parse_address, redact, redact_log

CANARY = "c4nary-pa55"


@pytest.mark.parametrize("text", ["rtsp://10.0.0.7/s", "rtsps://u:p@cam.local:322/s", "RTSP://u:p@[fe80::1]:554/s?x=1"])
def test_cameras_are_accepted(text: str) -> None:
    address = parse_address(text)
    assert (address.kind, address.text) == (SourceKind.RTSP, text)


def test_files_and_folders_are_told_apart(tmp_path: Path) -> None:
    assert parse_address(str(tmp_path)).kind is SourceKind.PICTURE_FOLDER
    assert parse_address(str(tmp_path / "clip.mp4")).kind is SourceKind.VIDEO_FILE
    assert parse_address(r"C:\clips\street.mp4").kind is SourceKind.VIDEO_FILE


@pytest.mark.parametrize(
    "text",
    [
        *("http://h/s", "https://h/s.m3u8", "file:///etc/passwd", "FILE:x.mp4", "concat:a.mp4|b.mp4", "exec:reboot"),
        *(
            "pipe:0",
            "-",
            "",
            "  ",
            "fd:3",
            "data:video/mp4;base64,AAAA",
            "subfile,,start,0,end,9,,:x.mp4",
            "tcp://h:22",
        ),
        *(
            "udp://h:25",
            "rtmp://h/s",
            "rtp://h:5004",
            "crypto:x",
            "async:file:x",
            "list.m3u8",
            "list.MPD",
            "a.ffconcat",
        ),
        *(
            "rtsp://",
            "rtsp:///path",
            "rtsp://h:99999/s",
            "rtsp://h:0/s",
            "rtsp://[::1/s",
            "rtsp://h/a b",
            "rtsp://h/\r\nX",
        ),
        *("rtspt://h/s", "rtsp+unix://h", "a\0.mp4", "rtsp:h/s", "gopher://h", "concatf:list.txt", "cache:http://h/s"),
    ],
)
def test_everything_else_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(SourceNotReadable) as caught:
        parse_address(text)
    assert "give" in str(caught.value) or "write it as" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("start", ["http://", "rtmp://", "ftp://", "rtsp://a/b ", "rtsp:// ", "rtsp://a:"])
def test_a_refusal_shows_no_password(start: str) -> None:
    with pytest.raises(SourceNotReadable) as caught:
        parse_address(f"{start}admin:a/ {CANARY}@h/s")
    assert CANARY not in str(caught.value)


def test_an_address_that_is_printed_shows_no_password() -> None:
    address = parse_address(f"rtsp://admin:{CANARY}@h/s")
    assert CANARY in address.text
    assert CANARY not in f"{address} {address!r} {[address]}"


@pytest.mark.parametrize(
    "text",
    [
        f"rtsp://admin:{CANARY}@10.0.0.7/s",
        f"'rtsps://{CANARY}@cam/s' failed",
        f"rtsp://admin:{CANARY}@{CANARY}@cam/s",
        f"http://cam/s?user=admin&password={CANARY}&channel=1",
        f"http://cam/s?PWD={CANARY}",
        f"rtsp://admin:a/b#{CANARY}@cam/s",
        f"http://cam/s?access_token={CANARY}#top",
        f"two: rtsp://a:{CANARY}@x/ and https://b:{CANARY}@y/",
    ],
)
def test_no_secret_stays_in_a_text(text: str) -> None:
    assert CANARY not in redact(text)


def test_what_is_no_secret_stays() -> None:
    text = "camera kerb-1 at rtsp://10.0.0.7:554/stream?channel=1, mail ops@city.example, 3 s"
    assert redact(text) == text


@given(st.text(st.characters(codec="ascii", exclude_characters=" \t\r\n\x0b\x0c\x1c\x1d\x1e\x1f"), min_size=1))
def test_whatever_stands_for_a_password_is_taken_out(secret: str) -> None:
    marked = f"<{secret}>"
    assert marked not in redact(f"no answer from rtsp://admin:{marked}@10.0.0.7/s")


@given(st.text())
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    assert redact(redact(text)) == redact(text)


def test_log_records_lose_their_secrets_in_message_arguments_and_traceback() -> None:
    stream = StringIO()
    logger = logging.Logger("root-of-the-test")
    logger.addHandler(logging.StreamHandler(stream))
    redact_log(logger)
    redact_log(logger)
    assert [type(f) for f in logger.handlers[0].filters] == [RedactSecrets]
    url = f"rtsp://admin:{CANARY}@cam/s"
    logger.warning("no answer from %s", url)
    logger.warning(f"100% lost: {url}")
    try:
        raise OSError(url)
    except OSError:
        logger.exception("failed", stack_info=True)
    assert stream.getvalue().count("rtsp://***@cam/s") >= 3
    assert "Traceback" in stream.getvalue()
    assert "100% lost" in stream.getvalue()
    assert CANARY not in stream.getvalue().replace(f'"{CANARY}"', "")
