import re
from pathlib import Path
from string import Formatter

import pytest

import api.pages
from api.moves import MoveName
from api.pages.language import Language, catalog
from api.supervisions import SupervisionStep
from cases.clocks import ClockKind
from cases.deliveries import Decision
from cases.escalation import Audience
from cases.filing import Channel, FilingState
from cases.participation.public import PUBLIC_ACTS
from cases.recheck import Hindrance, RecheckResult
from cases.states import Act, CaseState
from cases.supervision import SupervisionKind, SupervisionLevel, SupervisionState
from cases.timers import TimerKind
from cases.verdict import RejectReason
from inference.findings import EvidenceRole, ViolationKind
from tests.web_house import Browser

TEMPLATES = Path(api.pages.__file__).parent / "templates"
LITERAL = re.compile(r"""\bt\("([a-z_.0-9]+)"[,)]""")
FAMILIES = {
    "kind": ViolationKind,
    "state": CaseState,
    "act": Act,
    "public.act": PUBLIC_ACTS,
    "move": MoveName,
    "done": MoveName,
    "role": EvidenceRole,
    "filing": FilingState,
    "channel": Channel,
    "limit": ClockKind,
    "decision": Decision,
    "why": RejectReason,
    "recheck": RecheckResult,
    "hindrance": Hindrance,
    "supervision": SupervisionKind,
    "supervision.level": SupervisionLevel,
    "supervision.state": SupervisionState,
    "supervision.step": SupervisionStep,
    "notice": (*TimerKind, Act.SUPERVISE, Act.SUPERVISION_ANSWERED, Act.SUPERVISION_LIFTED, Act.UNLISTED),
    "audience": Audience,
}


def fields(words: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(words) if name is not None}


def test_both_languages_have_the_same_words_with_the_same_gaps() -> None:
    zh, en = catalog(Language.ZH), catalog(Language.EN)
    assert list(zh) == list(en)
    for key in zh:
        assert zh[key].strip(), key
        assert en[key].strip(), key
        assert fields(zh[key]) == fields(en[key]), key


def test_every_word_that_a_template_asks_for_is_there() -> None:
    asked = {key for path in TEMPLATES.glob("*.html") for key in LITERAL.findall(path.read_text(encoding="utf-8"))}
    assert len(asked) > 60
    assert asked <= set(catalog(Language.EN))


@pytest.mark.parametrize("family", FAMILIES)
def test_every_kind_state_and_move_has_a_word(family: str) -> None:
    assert {f"{family}.{member}" for member in FAMILIES[family]} <= set(catalog(Language.EN))


def test_english_words_hold_no_chinese_and_chinese_ones_some() -> None:
    chinese = re.compile(r"[\u4e00-\u9fff]")
    for key, words in catalog(Language.EN).items():
        assert key == "nav.other_language" or not chinese.search(words), key
    for key, words in catalog(Language.ZH).items():
        assert key == "nav.other_language" or chinese.search(words) or "{" in words, key


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("en-GB,en;q=0.9", "en"),
        ("zh-TW,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("fr, en;q=0.5", "en"),
        ("fr", "zh-CN"),
        ("", "zh-CN"),
        (";;;,,q=", "zh-CN"),
    ],
)
def test_the_browser_says_which_language_it_wants(browser: Browser, accepted: str, language: str) -> None:
    answer = browser.get("/", headers={"Accept": "text/html", "Accept-Language": accepted})
    assert f'<html lang="{language}">' in answer.text
    assert answer.headers["content-language"] == language


def test_a_choice_is_remembered(browser: Browser) -> None:
    first = browser.get("/cases?state=closed&lang=en")
    assert "HttpOnly" in first.headers["set-cookie"]
    assert "SameSite=lax" in first.headers["set-cookie"]
    assert 'href="/cases?state=closed&amp;lang=zh"' in first.text
    assert '<html lang="en">' in browser.get("/").text
    assert '<html lang="zh-CN">' in browser.get("/?lang=zh").text
    assert '<html lang="zh-CN">' in browser.get("/").text
    assert '<html lang="zh-CN">' in browser.get("/?lang=xx").text
