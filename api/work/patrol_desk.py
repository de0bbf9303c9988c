"""How a city looks at what its patrols send: put together anew whenever the worker starts, or starts again."""

from pathlib import Path

from api.city.city import City
from api.store.pass_questions import PassQuestions
from api.work.pass_spools import PassSpools
from api.work.patrol_looks import PatrolDesk
from api.work.patrol_recheck import PassedPlaces
from api.work.seeing import patrol_seeing
from cases.intake import Intake
from cases.patrolling.passes import PassLog
from cases.rechecks import Rechecks
from inference.detector import OnnxDetector
from inference.evidence.store import EvidenceStore


def patrol_desk(
    city: City,
    detector: OnnxDetector,
    intake: Intake,
    rechecks: Rechecks,
    passes: PassQuestions,
    evidence: EvidenceStore,
    spool: Path,
) -> PatrolDesk:
    """What all passes of a city share.

    Args:
        city: with its vehicles, roads and streets.
        detector: that looks.
        intake: where findings go.
        rechecks: questions about handled cases.
        passes: what was written down before.
        evidence: pictures for good.
        spool: folder of pictures that may become evidence, one folder in it for each pass and one for the sites.
    """
    vehicles = [part for part in city.file.cameras if part.moving]
    return PatrolDesk(
        seeing=patrol_seeing(city, detector),
        intake=intake,
        log=PassLog(roads=city.roads, calendar=city.calendar),
        passes=passes,
        evidence=evidence,
        spools=PassSpools(spool),
        mounts={part.id: part.mount.build() for part in vehicles},
        names={part.id: part.name.zh for part in vehicles},
        timezone=city.calendar.zone,
        places=PassedPlaces(rechecks=rechecks, store=evidence, timezone=city.calendar.zone),
    )
