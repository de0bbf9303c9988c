"""Deletes evidence, tracks and what is personal when its time is over; nothing is gone without a receipt."""

from collections.abc import Callable
from typing import Protocol

from api.store.personal import SqlPersonal
from api.store.purging import SqlPurging
from cases.ports import Clock
from cases.retention import Retention
from inference.crossings import crossing
from inference.evidence.store import EvidenceStore

AT_ONCE = 200


class Forgets(EvidenceStore, Protocol):
    """An evidence store that can forget; see `inference.evidence.folder.FolderStore`."""

    def discard(self, sha256: str) -> None:
        """Forget what was kept under `sha256`; nothing happens where there is none."""
        ...


def print_nothing(number: str, files: int) -> None:  # what `done` is where nobody wants to know
    """Say nothing about a case."""


def purge_tracks(
    purging: SqlPurging,
    retention: Retention,
    *,
    by: str,
    clock: Clock,
    most: int = AT_ONCE,
    done: Callable[[str, int], object] = print_nothing,
) -> int:
    """Delete where vehicles were on passes whose time is over, each with its receipt in one transaction.

    Args:
        purging: receipts.
        retention: how long they stay.
        by: who has them deleted.
        clock: now, aware UTC.
        most: passes at most.
        done: is told of each pass and how many places its track had.

    Returns:
        How many passes.

    Raises:
        StoreError: the database cannot be used.
    """
    expired = purging.expired_tracks(retention, clock(), limit=most)
    for pass_id in expired:
        done(pass_id, purging.purge_track(pass_id, retention, by=by))
    return len(expired)


def purge_personal(
    personal: SqlPersonal,
    retention: Retention,
    *,
    by: str,
    clock: Clock,
    most: int = AT_ONCE,
    done: Callable[[str, int], object] = print_nothing,
) -> int:
    """Delete contacts of reporters, and what is personal in orders, each with its receipt in one transaction.

    Args:
        personal: what is theirs.
        retention: how long it stays.
        by: who has it deleted.
        clock: now, aware UTC.
        most: cases, and orders, at most.
        done: is told of each case with how many contacts it had, and of each order.

    Returns:
        How many cases and orders.

    Raises:
        StoreError: the database cannot be used.
    """
    of_cases = personal.expired_contacts(retention, clock(), limit=most)
    for case_id in of_cases:
        done(f"contacts of case {case_id}", personal.purge_contacts(case_id, retention, by=by))
    orders = personal.expired_orders(retention, clock(), limit=most)
    for id in orders:
        done(f"order {id}", int(personal.purge_order(id, retention, by=by)))
    return len(of_cases) + len(orders)


def purge(
    purging: SqlPurging,
    evidence: Forgets,
    retention: Retention,
    *,
    by: str,
    clock: Clock,
    most: int = AT_ONCE,
    done: Callable[[str, int], object] = print_nothing,
) -> int:
    """Delete the evidence of cases whose time is over, and what an earlier run has left.

    Killed at any time and run again it goes on where it was: what has a receipt is deleted, nothing else is.

    Args:
        purging: receipts.
        evidence: the files.
        retention: how long they stay.
        by: who has them deleted.
        clock: now, aware UTC.
        most: cases at most.
        done: is told of each case and how many files it had.

    Returns:
        How many cases.

    Raises:
        StoreError: the database cannot be used.
        EvidenceError: a file cannot be removed; the next run tries again.
    """
    expired = purging.expired(retention, clock(), limit=most)
    for case in expired:
        names = purging.write_receipt(case.id, retention, by=by)
        crossing("purge.receipt")
        done(case.number, len(names))
    while left := purging.to_delete(limit=AT_ONCE):
        for case_id, sha256 in left:
            evidence.discard(sha256)
            crossing("purge.deleted")
            purging.deleted(case_id, sha256)
    return len(expired)
