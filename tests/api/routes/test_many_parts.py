"""A body of a hundred thousand parts (reliability C5): one clear answer, and no more of it kept than a thousand."""

import tracemalloc

import pytest

from tests.web_house import House

PARTS = 100_000
FIELD = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
FILE = b'--b\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n\r\n1\r\n'
MULTIPART, FORM = "multipart/form-data; boundary=b", "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("kind", "body"),
    [(MULTIPART, FIELD * PARTS + b"--b--\r\n"), (MULTIPART, FILE * PARTS + b"--b--\r\n"), (FORM, b"a=1&" * PARTS)],
    ids=["fields", "files", "form"],
)
@pytest.mark.parametrize("door", ["resident", "staff"])
def test_a_hundred_thousand_parts_are_refused_in_words(house: House, door: str, kind: str, body: bytes) -> None:
    case = house.case()
    path = f"/cases/{case.id}/confirm" if door == "staff" else "/public/report"
    browser = house.browser() if door == "staff" else house.stranger()
    tracemalloc.start()
    answer = browser.post(path, content=body, headers={"Content-Type": kind})
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert answer.status_code == 400
    assert "many f" in answer.text
    assert most < len(body) + 24 * 2**20
    assert house.now(case) == case
