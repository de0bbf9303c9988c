"""What GeoReport v2 servers write, in all the ways in which they write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.channels.open311.answers import Format, NotReadable, entries


@pytest.mark.parametrize(
    ("form", "body"),
    [
        (Format.JSON, b'[{"service_request_id": 638344, "service_notice": null}]'),
        (Format.JSON, b'{"service_requests": [{"service_request_id": "638344"}]}'),
        (Format.JSON, b'{"service_requests": {"request": {"service_request_id": "638344"}}}'),
        (
            Format.XML,
            b'<?xml version="1.0" encoding="utf-8"?><service_requests><request>'
            b"<service_request_id>638344</service_request_id><service_notice/></request></service_requests>",
        ),
    ],
)
def test_a_request_number_is_found_however_it_is_written(form: Format, body: bytes) -> None:
    assert entries(body, form) == [{"service_request_id": "638344"}]


@pytest.mark.parametrize(
    ("form", "body"),
    [
        (Format.JSON, b""),
        (Format.JSON, b"\xff\x00{{<<"),
        (Format.JSON, b"[1, 2]"),
        (Format.JSON, b"[" * 100_000),
        (Format.XML, b""),
        (Format.XML, b"<a><b></a>"),
        (Format.XML, b'<?xml version="1.0" encoding="none-such"?><a/>'),
        (Format.XML, b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
    ],
)
def test_what_is_no_answer_is_refused(form: Format, body: bytes) -> None:
    with pytest.raises(NotReadable):
        entries(body, form)


@given(body=st.binary(max_size=200), form=st.sampled_from(Format))
def test_any_bytes_are_read_or_refused(body: bytes, form: Format) -> None:
    try:
        entries(body, form)
    except NotReadable:
        return
