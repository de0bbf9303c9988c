"""Cameras and deliveries of one process, in threads of their own."""

import logging
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Protocol

from api.errors import AuditError, StoreError
from api.work.camera_run import Desk, Post
from api.work.crew import Crew
from api.work.leases import Leases
from api.work.model_in_use import ModelInUse
from api.work.patrol_shift import Patrols
from api.work.sources import Sources
from cases.errors import CaseError
from cases.rechecks import Rechecks

IDLE_SECONDS = 1.0
"""How long nobody looks whether something has to be delivered."""

BUSY_SECONDS = 0.1
"""The same while deliveries go out: a department gets its next one a fifth of a second after the last."""

AT_ONCE = 8
"""Deliveries on their way at the same time. A mute department holds two of them at most."""

GRACE_SECONDS = 4.0
"""How long deliveries that are on their way may take once we are to stop."""

SIGNING_SECONDS = 10.0
"""How long nobody looks whether the audit log has to be signed."""

MODEL_SECONDS = 2.0
"""How long nobody looks whether another model has become current."""

TENDING_SECONDS = 10.0
"""How long nobody looks whether a case was handled, so that a camera has to look again."""

logger = logging.getLogger(__name__)


class Delivers(Protocol):
    """Has one errand after the other for a department; see `cases.sender.Sender` and `cases.following.Follower`."""

    def take(self) -> Callable[[], object] | None:
        """Take the next errand that is due; what is returned runs it. None where nothing is due."""
        ...


class Signs(Protocol):
    """Signs the audit log; see `api.audit.notary.Notary`."""

    def sign(self) -> object | None:
        """Sign its end now."""
        ...

    def sign_if_due(self) -> object | None:
        """Sign its end if that is due, and carry what is signed to the second place."""
        ...


def deliver(sender: Delivers, stop: threading.Event, *, grace_seconds: float = GRACE_SECONDS) -> None:
    """Deliver what is due, several at once, until `stop` is set; trouble with the database is waited out.

    What is on its way at the end has `grace_seconds` to come to its own end. Then it is left as if the process had died
    there: another sender takes it up when its lease ends, so a mute department does not keep a service from stopping.
    """
    free = threading.BoundedSemaphore(AT_ONCE)
    under_way = list[threading.Thread]()
    busy_until = 0.0
    while not stop.is_set():
        if not free.acquire(timeout=IDLE_SECONDS):
            continue
        errand = _taken(sender)
        if errand is None:
            free.release()
            stop.wait(BUSY_SECONDS if monotonic() < busy_until else IDLE_SECONDS)
            continue
        busy_until = monotonic() + 5 * IDLE_SECONDS
        under_way = [each for each in under_way if each.is_alive()]
        under_way.append(threading.Thread(target=_run, args=(errand, free), name="delivery", daemon=True))
        under_way[-1].start()
    ends_at = monotonic() + grace_seconds
    for each in under_way:
        each.join(max(ends_at - monotonic(), 0))
    if left := sum(each.is_alive() for each in under_way):
        logger.warning("%d deliveries are left to the next sender; their departments did not answer in time", left)


def _taken(sender: Delivers) -> Callable[[], object] | None:
    try:
        return sender.take()
    except (StoreError, CaseError) as error:
        logger.error("nothing was delivered: %s", error)
    except Exception:  # a fault of ours about one delivery must not end all of them in silence
        logger.exception("nothing was delivered, by a fault of ours; report it")
    return None


def _run(errand: Callable[[], object], free: threading.BoundedSemaphore) -> None:
    try:
        errand()
    except (StoreError, CaseError) as error:
        # Its lease ends by itself; then it is taken up again.
        logger.error("the end of a delivery could not be written down: %s", error)
    except Exception:
        logger.exception("a delivery ended by a fault of ours; report it")
    finally:
        free.release()


def keep_signing(notary: Signs, stop: threading.Event) -> None:
    """Sign the audit log whenever it is due until `stop` is set, and once more then."""
    while True:
        last_round = stop.is_set()
        try:
            if last_round:
                notary.sign()
            notary.sign_if_due()
        except (StoreError, AuditError) as error:
            logger.error("the audit log was not signed: %s", error)
        except Exception:  # the log must not go unsigned in silence from here on
            logger.exception("the audit log was not signed, by a fault of ours; report it")
        if last_round:
            return
        stop.wait(SIGNING_SECONDS)


def keep_tending(rechecks: Rechecks, stop: threading.Event) -> None:
    """Ask cameras about handled cases, and give up what is out of time, until `stop` is set."""
    while not stop.is_set():
        try:
            rechecks.tend()
        except (StoreError, CaseError) as error:
            logger.error("no camera was asked about handled cases: %s", error)
        except Exception:  # a fault of ours about one case must not end all re-checks in silence
            logger.exception("no camera was asked about handled cases, by a fault of ours; report it")
        stop.wait(TENDING_SECONDS)


def keep_current(model: ModelInUse, stop: threading.Event) -> None:
    """Take up what becomes current until `stop` is set."""
    while not stop.wait(MODEL_SECONDS):
        model.take_up()


def deliver_all(sender: Delivers) -> None:
    """Deliver what is due now, once.

    Raises:
        StoreError: the database cannot be used.
    """
    while (errand := sender.take()) is not None:
        errand()


class KeepsTime(Protocol):
    """Tells what is to be told; see `cases.timekeeper.Timekeeper`."""

    def tick(self) -> object | None:
        """See to the timer that is due next; None where nothing is due."""
        ...


@dataclass(frozen=True, slots=True)
class AllClocks:
    """Several that keep time, as one."""

    clocks: Sequence[KeepsTime]

    def tick(self) -> object | None:
        """See to whatever is due next with any of them."""
        return next((done for one in self.clocks if (done := one.tick()) is not None), None)


def keep_time(timekeeper: KeepsTime, stop: threading.Event) -> None:
    """Advance the timers until `stop` is set; trouble with the database is waited out."""
    while not stop.is_set():
        try:
            idle = timekeeper.tick() is None
        except (StoreError, CaseError) as error:
            logger.error("the timers stand still: %s", error)
            idle = True
        except Exception:  # a fault of ours about one case must not end all clocks in silence
            logger.exception("the timers stand still, by a fault of ours; report it")
            idle = True
        if idle:
            stop.wait(IDLE_SECONDS)


@contextmanager
def on_duty(
    senders: Sequence[Delivers],
    notary: Signs,
    posts: Sequence[Post],
    desk: Desk | None,
    sources: Sources,
    timekeeper: KeepsTime | None = None,
    leases: Leases | None = None,
    patrols: Patrols | None = None,
    model: ModelInUse | None = None,
) -> Generator[Crew | None]:
    """Deliver and watch in the background while the block runs; at its end the frames at hand are finished.

    Args:
        senders: those who bring cases to departments and ask how they stand.
        notary: signs the audit log.
        posts: cameras to watch.
        desk: what they share; None where there are none.
        sources: opens what they read, with `desk.open_source`.
        timekeeper: advances the timers; None where another process does.
        leases: which of the cameras are ours; None where no other process could watch them.
        patrols: what vehicles send; None where another process looks at it, or there are none.
        model: looks, and is kept current; None where nobody looks.
    """
    stop = threading.Event()
    crew = Crew(posts, desk, leases) if desk else None
    work: list[Callable[[], object]] = [partial(deliver, sender, stop) for sender in senders]
    work.append(lambda: keep_signing(notary, stop))
    if timekeeper:
        work.append(lambda: keep_time(timekeeper, stop))
    if crew:
        work.append(crew.run)
    if desk and desk.rechecks:
        work.append(partial(keep_tending, desk.rechecks, stop))
    if patrols:
        work.append(partial(patrols.run, stop))
    if model:
        work.append(partial(keep_current, model, stop))
    threads = [threading.Thread(target=part, name=f"shift-{i}") for i, part in enumerate(work)]
    for thread in threads:
        thread.start()
    try:
        yield crew
    finally:
        stop.set()
        if crew:
            crew.stop()
        sources.close()
        for thread in threads:
            thread.join()
