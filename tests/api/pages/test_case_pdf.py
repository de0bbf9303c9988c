"""The file of a case as PDF: what stands in it, that its font is in it, and who made one."""

import json
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from api.accounts.roles import Role
from cases.case import Case
from inference.findings import EvidenceRole
from tests.web_house import Browser, House, jpeg


@pytest.fixture
def handled(house: House) -> Case:
    """A case that went its way up to the handling, with a picture and words of people."""
    case = house.confirmed(house.case())
    house.deliver()
    desk, case = house.doors.desk, house.now(case)
    return desk.accept(case.id, version=case.version, by="巡警 <b>王</b>\u202e")


def read(browser: Browser, case: Case, language: str = "zh") -> PdfReader:
    answer = browser.get(f"/cases/{case.id}/file.pdf?lang={language}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["cache-control"] == "no-store"
    assert f'filename="{case.number}.pdf"' in answer.headers["content-disposition"]
    return PdfReader(BytesIO(answer.content))


def words_in(file: PdfReader) -> str:
    """All its text without spaces, and without the NUL that this reader makes of the first byte of each letter."""
    return "".join("".join(page.extract_text() for page in file.pages).replace("\0", "").split())


def fonts_in(file: PdfReader) -> list[Any]:
    """The descriptors of all fonts on all pages."""
    found: list[Any] = []
    for page in file.pages:
        resources: Any = page["/Resources"]
        for font in resources["/Font"].values():
            [below] = font.get_object()["/DescendantFonts"]
            found.append(below.get_object()["/FontDescriptor"].get_object())
    return found


def test_the_file_says_in_chinese_what_the_case_is_and_why(house: House, browser: Browser, handled: Case) -> None:
    file = read(browser, handled)
    text, line = words_in(file), house.doors.order.filed_line(handled)
    assert line is not None
    department = house.city.file.departments[[one.id for one in house.city.file.departments].index("police")]
    for wanted in (
        handled.number,
        "违法停车",
        "案件卷宗",
        department.name.zh,
        line.code,
        line.legal_basis or "",
        "证据完整",
    ):
        assert "".join(wanted.split()) in text, wanted
    assert "巡警<b>王</b>" in text
    [finding] = house.dossier(handled).findings
    for ref in finding.evidence:
        assert ref.sha256 in text
    assert file.metadata is not None
    assert handled.number in (file.metadata.title or "")


def test_the_same_in_english(house: House, browser: Browser, handled: Case) -> None:
    text = words_in(read(browser, handled, "en"))
    for wanted in ("Illegal parking", "Case file", "Evidence is intact.", "Legal basis", "Deadline", "Chen Yu"):
        assert "".join(wanted.split()) in text, wanted


def test_every_font_is_in_the_file_and_nothing_is_fetched(browser: Browser, handled: Case) -> None:
    file = read(browser, handled)
    fonts = fonts_in(file)
    assert fonts
    assert all("/FontFile3" in font or "/FontFile2" in font for font in fonts)
    assert "http" not in words_in(file)
    assert sum(len(page.images) for page in file.pages) >= 3


def test_every_file_is_logged_with_the_pictures_in_it(house: House, browser: Browser, handled: Case) -> None:
    read(browser, handled)
    [told] = [one for one in house.store.audit_of(handled.id) if one.what == "case.printed"]
    [finding] = house.dossier(handled).findings
    payload = json.loads(told.payload)
    assert set(payload["pictures"]) <= {ref.sha256 for ref in finding.evidence}
    assert len(payload["pictures"]) == 3
    viewed = [one.object for one in house.store.audit_entries() if one.what == "evidence.viewed"]
    originals = {EvidenceRole.FIRST, EvidenceRole.LAST, EvidenceRole.BEST}
    assert set(viewed) == {ref.sha256 for ref in finding.evidence if ref.role in originals} & set(payload["pictures"])


def test_changed_evidence_is_said_and_not_shown(house: House, browser: Browser, handled: Case) -> None:
    [finding] = house.dossier(handled).findings
    overlay = next(ref for ref in finding.evidence if ref.role is EvidenceRole.OVERLAY)
    house.spoil(overlay.sha256)
    text = words_in(read(browser, handled, "en"))
    assert "Evidenceismissingorhasbeenchanged" in text
    assert "thepicturecannotbeshown" in text


def test_a_case_of_many_findings_stays_short(house: House, browser: Browser) -> None:
    case = house.case(key="first")
    for number in range(5):
        house.take_in(house.finding(f"more-{number}", pictures=(jpeg(number + 9), jpeg(number + 30))))
    assert len(house.dossier(case).findings) == 6
    file = read(browser, house.now(case))
    assert len(file.pages) <= 8
    assert "more-0" in words_in(file)


def test_what_lies_beyond_somebody_s_reach_is_not_printed(house: House, handled: Case) -> None:
    foreign = house.browser(Role.HANDLER, departments=["sanitation"])
    assert foreign.get(f"/cases/{handled.id}/file.pdf").status_code == 404
    watcher = house.browser(Role.OBSERVER)
    text = words_in(read(watcher, handled))
    [finding] = house.dossier(handled).findings
    hidden = [ref.sha256 for ref in finding.evidence if ref.role is not EvidenceRole.PUBLIC]
    assert not [name for name in hidden if name in text]
    assert "巡警" not in text
