"""One entry of the audit log, and how the next one is made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Self

from cases.audit.verifier import NOTHING_BEFORE, canonical, content_of, link


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something that was done and has to stay known.

    Attributes:
        actor: the person, department or machine that did it.
        what: dotted, e.g. `case.close`, `evidence.viewed`, `account.login`, `city.changed`, `model.changed`.
        object: what it was done to: the id of a case, the hash of a picture, the name of an account.
        payload: what belongs to it, as JSON; no secrets, and nothing that may have to be forgotten.
    """

    actor: str
    what: str
    object: str
    payload: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """A deed in its place in the chain.

    Attributes:
        sequence: counted from 1, without gaps; the order of the log, whatever the clock did.
        at: aware UTC.
        actor: as in the deed.
        what: as in the deed.
        object: as in the deed.
        payload: canonical JSON.
        payload_sha256: of `payload`.
        salt: random, so that a hash that is shown to others does not let them guess what it stands for.
        hash: over the number, the hash of the entry before, and all of the above.
    """

    sequence: int
    at: datetime
    actor: str
    what: str
    object: str
    payload: str
    payload_sha256: str
    salt: str
    hash: str

    @classmethod
    def after(cls, last: "Tail", deed: Deed, *, at: datetime, salt: str) -> Self:
        """The entry that `deed` makes behind `last`."""
        payload = canonical(deed.payload)
        said = {
            "sequence": last.sequence + 1,
            "at": at.isoformat(),
            "actor": deed.actor,
            "what": deed.what,
            "object": deed.object,
            "payload_sha256": sha256(payload).hexdigest(),
            "salt": salt,
        }
        return cls(
            sequence=last.sequence + 1,
            at=at,
            actor=deed.actor,
            what=deed.what,
            object=deed.object,
            payload=payload.decode(),
            payload_sha256=sha256(payload).hexdigest(),
            salt=salt,
            hash=link(last.sequence + 1, last.hash, content_of(said)),
        )

    def record(self) -> dict[str, Any]:
        """The entry as a bundle holds it."""
        return {
            "sequence": self.sequence,
            "at": self.at.isoformat(),
            "actor": self.actor,
            "what": self.what,
            "object": self.object,
            "payload": self.payload,
            "payload_sha256": self.payload_sha256,
            "salt": self.salt,
            "hash": self.hash,
        }

    def reduced(self) -> dict[str, Any]:
        """The entry as the bundle of a case that it does not concern holds it: the chain can be followed, no more."""
        return {"sequence": self.sequence, "content": content_of(self.record()), "hash": self.hash}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """Where the log ends: the number and hash of its last entry."""

    sequence: int = 0
    hash: str = NOTHING_BEFORE


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A signed statement: up to here the log is this. `signature` is Ed25519, in hex."""

    sequence: int
    hash: str
    at: datetime
    signature: str = ""

    def record(self) -> dict[str, Any]:
        """The head as a bundle and a second place hold it."""
        return {
            "sequence": self.sequence,
            "hash": self.hash,
            "at": self.at.isoformat(),
            "signature": self.signature,
        }
