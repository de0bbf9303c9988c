"""Addresses that one door gives out and another one serves."""


def evidence_url(sha256: str) -> str:
    """Where a piece of evidence can be read."""
    return f"/v1/evidence/{sha256}"


def proof_url(case_id: str, sha256: str) -> str:
    """Where a picture that was handed in with a case can be looked at."""
    return f"/v1/cases/{case_id}/proofs/{sha256}"


def attachment_url(sha256: str) -> str:
    """Where a picture that came with a report can be looked at."""
    return f"/v1/attachments/{sha256}"
