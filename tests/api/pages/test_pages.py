import re
from dataclasses import replace
from urllib.parse import quote

import pytest

from api.moves import MoveName
from api.pages.language import Language, catalog
from cases.dossier import Dossier
from cases.errors import FilingFailed
from cases.filing import Filing
from cases.ports import Receipt
from inference.findings import ViolationKind
from tests.web_house import Browser, House, jpeg

LANGUAGES = ["zh", "en"]
XSS = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


class Gone:
    """A department whose system is no more."""

    recognises_repetitions = True

    def file(self, dossier: Dossier, filing: Filing) -> Receipt:
        raise FilingFailed("department police answered 410", retry=False)


def words(language: str, *keys: str) -> list[str]:
    return [catalog(Language(language))[key] for key in keys]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_overview_counts_and_shows_the_latest_cases_and_cameras(
    house: House, browser: Browser, language: str
) -> None:
    case = house.case()
    house.clock.forward(hours=2)
    other = house.confirmed(house.case(kind=ViolationKind.EXPOSED_GARBAGE, camera="market-street"))
    html = browser.get(f"/?lang={language}").text
    for shown in (case.number, other.number, f'href="/cases/{case.id}"', *words(language, "overview.cameras")):
        assert shown in html
    assert ("东门路口" if language == "zh" else "East gate crossing") in html
    assert ("2小时前" if language == "zh" else "2 hours ago") in html
    assert words(language, "overview.no_picture")[0] in html
    assert '<script type="module" src="/static/refresh.js"></script>' in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_empty_lists_say_what_to_do(browser: Browser, language: str) -> None:
    for path, key in (
        ("/findings", "empty.findings.do"),
        ("/cases", "empty.cases.do"),
        ("/inbox/wardens", "empty.inbox.do"),
    ):
        assert words(language, key)[0].split("`")[0] in browser.get(f"{path}?lang={language}").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_findings_are_a_table_with_pictures(house: House, browser: Browser, language: str) -> None:
    finding = house.finding(zone="bus-stop")
    case = house.take_in(finding)
    crop = next(ref for ref in finding.evidence if ref.role == "crop")
    html = browser.get(f"/findings?lang={language}").text
    for shown in (
        f'src="/v1/evidence/{crop.sha256}"',
        "bus-stop",
        "87",
        f'href="/cases/{case.id}"',
        "2026-03-02 09:24:00",
    ):
        assert shown in html
    assert ("6分钟" if language == "zh" else "6 min") in html
    assert browser.get("/findings?kind=exposed_garbage").text.count("<tr>") == 0
    assert browser.get("/findings?camera=patrol-7&kind=").text.count("<tr>") == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_finding_shows_its_evidence_and_that_it_is_intact(house: House, browser: Browser, language: str) -> None:
    finding = house.finding()
    house.take_in(finding)
    html = browser.get(f"/findings/{finding.key}?lang={language}").text
    assert all(ref.sha256 in html for ref in finding.evidence)
    verified, public, broken = words(language, "evidence.verified", "evidence.may_be_published", "evidence.broken")
    assert verified in html
    assert public in html
    assert broken not in html
    house.spoil(finding.evidence[2].sha256)
    html = browser.get(f"/findings/{finding.key}?lang={language}").text
    assert verified not in html
    assert broken in html


def test_a_manifest_of_another_finding_is_no_proof(house: House, browser: Browser) -> None:
    finding, other = house.finding(), house.finding(pictures=(jpeg(3), jpeg(4)))
    house.take_in(replace(finding, evidence=other.evidence))
    assert words("en", "evidence.broken")[0] in browser.get(f"/findings/{finding.key}?lang=en").text
    bare = house.finding(key="bare", camera="market-street")
    house.take_in(replace(bare, evidence=()))
    assert "0 manifests" in browser.get("/findings/bare?lang=en").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_case_shows_duty_deadline_deliveries_and_history(house: House, browser: Browser, language: str) -> None:
    case = house.confirmed(house.case(kind=ViolationKind.EXPOSED_GARBAGE))
    house.deliver()
    html = browser.get(f"/cases/{case.id}?lang={language}").text
    for shown in ("0110", "第十四条", "生活垃圾未入容器", "2026-03-02 13:30", "Chen Yu", "sanitation/2026-000001"):
        assert shown in html
    for shown in words(language, "state.dispatched", "act.file", "act.dispatch", "filing.sent", "case.machine"):
        assert shown in html
    assert ("4 紧急工作时" if language == "zh" else "4 h, nights and holidays count") in html
    house.clock.forward(hours=5)
    late = words(language, "case.overdue")[0].format(ago="1小时前" if language == "zh" else "1 hour ago")
    assert late in browser.get(f"/cases/{case.id}?lang={language}").text
    assert late in browser.get(f"/inbox/sanitation?lang={language}").text


def moves_on(html: str, case_id: str) -> list[str]:
    """The moves that a page has a form for; what is not about the case as a whole has other addresses."""
    return [name for name in re.findall(rf'action="/cases/{case_id}/([a-z_]+)"', html) if name in set(MoveName)]


def test_a_case_offers_exactly_the_moves_that_its_state_allows(house: House, browser: Browser) -> None:
    case = house.case(kind=ViolationKind.EXPOSED_GARBAGE)
    form = {"version": "1"}
    assert moves_on(browser.get(f"/cases/{case.id}").text, case.id) == ["confirm", "reject"]
    browser.post(f"/cases/{case.id}/confirm", data=form)
    house.deliver()
    assert moves_on(browser.get(f"/cases/{case.id}").text, case.id) == ["accept", "return"]
    assert moves_on(browser.get("/inbox/sanitation").text, case.id) == ["accept", "return"]
    browser.post(f"/cases/{case.id}/accept", data={**form, "version": house.now(case).version})
    assert moves_on(browser.get(f"/cases/{case.id}").text, case.id) == ["handle", "return", "ask_extension", "suspend"]
    browser.post(f"/cases/{case.id}/handle", data={**form, "version": house.now(case).version})
    assert moves_on(browser.get(f"/cases/{case.id}").text, case.id) == ["close", "rework"]
    assert moves_on(browser.get("/inbox/sanitation").text, case.id) == []
    closed = browser.post(
        f"/cases/{case.id}/close",
        data={**form, "version": house.now(case).version},
        files={"picture": ("after.jpg", jpeg(5), "image/jpeg")},
    )
    assert closed.headers["location"] == f"/cases/{case.id}?done=close"
    html = browser.get(closed.headers["location"] + "&lang=en").text
    assert words("en", "done.close")[0] in html
    assert moves_on(html, case.id) == ["reopen"]
    assert f"/v1/cases/{case.id}/proofs/{house.now(case).proofs[0].sha256}" in html


def test_after_a_verdict_the_next_candidate_is_offered_and_the_history_names_the_person(
    house: House, browser: Browser
) -> None:
    first, second = house.case(), house.case(kind=ViolationKind.EXPOSED_GARBAGE)
    answer = browser.post(f"/cases/{first.id}/reject", data={"version": "1", "reason": "有许可"})
    html = browser.get(answer.headers["location"]).text
    assert f'href="/cases/{second.id}"' in html
    assert "Chen Yu (chen.yu)" in html


def test_a_move_from_the_inbox_leads_back_to_it(house: House, browser: Browser) -> None:
    case = house.confirmed(house.case(kind=ViolationKind.EXPOSED_GARBAGE))
    house.deliver()
    form = {"version": str(house.now(case).version), "back": "inbox"}
    answer = browser.post(f"/cases/{case.id}/accept", data=form)
    assert answer.headers["location"] == "/inbox/sanitation?done=accept"
    elsewhere = browser.post(f"/cases/{case.id}/handle", data={**form, "back": "//evil.example"})
    assert elsewhere.status_code == 422


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_comes_second_sees_what_the_first_one_did(house: House, browser: Browser, language: str) -> None:
    case = house.case()
    house.doors.desk.reject(case.id, version=1, by="Ms First", reason="permitted bay")
    browser.get(f"/?lang={language}")
    answer = browser.post(f"/cases/{case.id}/confirm", data={"version": "1"})
    assert answer.status_code == 409
    assert words(language, "trouble.stale")[0] in answer.text
    assert "permitted bay" in answer.text
    assert house.now(case).state == "rejected"


def test_what_is_missing_is_asked_for_on_the_page(house: House, browser: Browser) -> None:
    case = house.case()
    browser.get("/?lang=en")
    for name, more, status, key in (
        ("reject", {}, 422, "trouble.no_reason"),
        ("close", {}, 409, "trouble.refused"),
        ("confirm", {"version": "x"}, 422, "problem.other"),
    ):
        answer = browser.post(
            f"/cases/{case.id}/{name}", data={"version": "1", **more}, headers={"Accept": "text/html"}
        )
        assert (answer.status_code, words("en", key)[0] in answer.text) == (status, True), name
    assert house.now(case) == case


def test_what_people_and_detectors_write_stays_text(house: House, browser: Browser) -> None:
    finding = house.finding(key=f"k{XSS[:40]}", zone=XSS[:60], object_class=XSS[:50])
    case = house.take_in(finding)
    browser.post(f"/cases/{case.id}/reject", data={"version": "1", "reason": XSS})
    for path in (
        "/",
        "/findings",
        f"/findings/{quote(finding.key, safe='')}",
        "/cases",
        f"/cases/{case.id}",
        f"/cases/{case.id}?done={quote(XSS)}",
        f"/cases?department={quote(XSS)}",
        f"/inbox/{quote(XSS, safe='')}",
        f"/?lang={quote(XSS)}",
    ):
        html = browser.get(path).text
        assert "<script>alert" not in html, path
        assert "<img src=x" not in html, path


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["/nope", "/cases/none", "/findings/none", "/inbox/nobody", "/cases/%3Cx%3E"])
def test_what_is_not_there_is_said_in_words(browser: Browser, path: str, language: str) -> None:
    answer = browser.get(f"{path}?lang={language}")
    assert answer.status_code == 404
    assert all(shown in answer.text for shown in words(language, "problem.404", "problem.404.do"))
    assert browser.get(path, headers={"Accept": "application/json"}).json()["status"] == 404


def test_long_lists_have_pages(house: House, browser: Browser) -> None:
    finding = house.finding()
    for number in range(27):
        house.clock.forward(hours=30)
        seen = house.clock()
        house.take_in(replace(finding, key=f"f{number}", first_seen=seen, last_seen=seen, zone=f"z{number}"))
    for path in ("/cases", "/findings"):
        first = browser.get(f"{path}?kind=illegal_parking&lang=en").text
        assert "27 in all" in first
        assert f'rel="next" href="{path}?kind=illegal_parking&amp;lang=en&amp;page=2"' in first
        assert browser.get(f"{path}?page=2").text.count('class="shot"') == 3
        assert 'rel="next"' not in browser.get(f"{path}?page=2").text


def test_pages_hold_nothing_inline_and_ask_nobody_else(house: House, browser: Browser) -> None:
    case = house.confirmed(house.case(kind=ViolationKind.EXPOSED_GARBAGE))
    house.deliver()
    for path in ("/", "/findings", "/cases", f"/cases/{case.id}", "/inbox", "/inbox/sanitation", "/nope"):
        html = browser.get(path).text
        assert not re.search(r"\son[a-z]+=|\sstyle=|<style|javascript:|<script(?![^>]*\ssrc=)", html), path
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', html), path
