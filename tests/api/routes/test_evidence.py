import hashlib

from inference.findings import EvidenceRole
from tests.web_house import Browser, House


def test_evidence_comes_as_it_was_kept_and_stays_in_no_cache(house: House, browser: Browser) -> None:
    finding = house.finding()
    house.take_in(finding)
    for ref in finding.evidence:
        answer = browser.get(f"/v1/evidence/{ref.sha256}")
        assert hashlib.sha256(answer.content).hexdigest() == ref.sha256
        assert answer.headers["content-type"] == ref.media_type
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert EvidenceRole.MANIFEST in {ref.role for ref in finding.evidence}


def test_what_no_finding_rests_on_is_not_given_out(house: House, browser: Browser) -> None:
    kept = house.evidence.put(b"somebody's secret")
    for name in (kept, "0" * 64, "..%2f..%2fetc%2fpasswd", kept.upper(), kept[:63]):
        answer = browser.get(f"/v1/evidence/{name}")
        assert answer.status_code == 404
        assert "secret" not in answer.text


def test_changed_evidence_is_not_given_out(house: House, browser: Browser) -> None:
    finding = house.finding()
    house.take_in(finding)
    sha256 = finding.evidence[0].sha256
    house.spoil(sha256)
    answer = browser.get(f"/v1/evidence/{sha256}")
    assert answer.status_code == 503
    assert "has been changed" in answer.json()["detail"]


def test_every_look_at_an_original_is_logged_and_no_other(house: House, browser: Browser) -> None:
    finding = house.finding()
    house.take_in(finding)
    for ref in finding.evidence:
        browser.get(f"/v1/evidence/{ref.sha256}")
    seen = [entry.object for entry in house.store.audit_entries() if entry.what == "evidence.viewed"]
    originals = {EvidenceRole.FIRST, EvidenceRole.BEST, EvidenceRole.LAST, EvidenceRole.ORIGINAL}
    assert seen == [ref.sha256 for ref in finding.evidence if ref.role in originals]
    assert seen
