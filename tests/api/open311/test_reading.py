"""Whatever is posted is a request or a sentence, and whatever is said is XML and JSON that can be read."""

import json
from contextlib import suppress
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from api.open311.posting import NotTaken, read
from api.open311.writing import Listed, answer
from cases.channels.open311.answers import Format
from cases.participation.categories import Category

CATEGORIES = (Category(value="0110", code="0110", kind=None),)
NAMES = st.sampled_from(
    [
        *("service_code", "lat", "long", "address_string", "address_id", "description", "media_url", "first_name"),
        *("phone", "email", "attribute[seen_at]", "attribute[quality]", "attribute[", "api_key", "jurisdiction_id"),
    ]
)
VALUES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["0110", "31.2", "1e999", "-inf", "NaN", "91", "exact", "2026-03-02T08:00:00+08:00", "9999-12-31"]),
    st.floats().map(str),
)


@given(st.dictionaries(NAMES, VALUES))
def test_whatever_is_posted_is_a_request_or_a_sentence(form: dict[str, str]) -> None:
    with suppress(NotTaken):
        taken = read({"service_code": "0110", **form}, CATEGORIES)
        assert taken.place is not None or taken.address


@given(
    st.dictionaries(
        st.sampled_from(["description", "status", "lat"]), st.one_of(st.text(), st.floats(-90, 90)), min_size=1
    )
)
def test_whatever_is_said_can_be_read(entry: dict[str, str | float]) -> None:
    written = answer(Format.XML, "service_requests", Listed("request", [entry])).body
    root = ElementTree.fromstring(bytes(written))
    assert [field.tag for field in root[0]] == list(entry)
    json.loads(bytes(answer(Format.JSON, "service_requests", Listed("request", [entry])).body))
