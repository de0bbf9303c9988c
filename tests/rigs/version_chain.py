"""The versions of a case are one chain: every change has its own number, none is missing, none was given twice."""

from collections import Counter
from collections.abc import Sequence

from api.store.store import SqlStore
from cases.audit.records import record_of
from cases.audit.verifier import NOTHING_BEFORE, digest, follow
from tests.rigs.ledger import Operation, Outcome

ACT_OF = {"confirm": "file", "correct": "file", "order": "order_given"}
"""How the history calls what clients ask for, where the names differ."""


def assert_versions_are_one_chain(store: SqlStore, moves: Sequence[Operation]) -> None:
    """Check every case of a store against the audit log, and every acked move against its place in it.

    Args:
        store: what is to be checked; each of its changes to a case is one entry `case.…` of the log.
        moves: operations on cases.

    Raises:
        AssertionError: a gap, a fork, or a move that was acked and is not there.
    """
    list(follow((entry.record() for entry in store.audit_entries()), NOTHING_BEFORE, 1))
    changes: dict[str, list[tuple[str, str]]] = {}
    last_digest: dict[str, str] = {}
    for entry in store.audit_entries():
        if entry.what.startswith("case.") and entry.what != "case.adopted":
            changes.setdefault(entry.object, []).append((entry.what.removeprefix("case."), entry.actor))
            last_digest[entry.object] = entry.payload.partition('"case":"')[2].partition('"')[0]
    for case in store.cases(limit=100_000).items:
        assert len(changes[case.id]) == case.version, f"{case.number}: {changes[case.id]}"
        kept = store.dossier(case.id).case
        assert digest(record_of(kept)) == last_digest[case.id], f"{case.number} is not what its last change made of it"
    acked = [move for move in moves if move.outcome is Outcome.ACKED]
    given = Counter((move.key, _version(move)) for move in acked)
    assert [one for one, times in given.items() if times > 1] == [], "two changes were given the same version"
    for move in acked:
        version = _version(move)
        assert version == move.based_on + 1, f"{move.what} of {move.key} was based on {move.based_on}"
        assert changes[move.key][version - 1][0] == ACT_OF.get(move.what, move.what)


def _version(move: Operation) -> int:
    """Of the case, as the client was told; a client that gave an order was told of the order, and of that beside it."""
    return move.answer["case_version"] if move.what == "order" else move.answer["version"]
