"""How many cores, machines, cards, links and disks a city needs, from what one picture costs.

Plain arithmetic over measured costs and stated assumptions: every line of the plan can be worked out by hand.
"""

from dataclasses import dataclass
from math import ceil

from api.city.cameras import PUSH, CameraPart
from api.city.city import City

DAY = 86_400
MOST_CAMERAS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What was measured on one machine, in milliseconds of one core unless it says otherwise.

    Attributes:
        read_ms: reading the stream up to a key picture, and decoding that.
        gate_ms: the comparison with the last inspected picture, small grey picture included.
        inspect_ms: everything behind the gate: registration, shrinking, detector, stays, rules.
        write_ms: one look written down, in the database's one queue of writers.
        key_interval: seconds from one key picture to the next in the stream that was measured.
        inspected_share: of key pictures that the gate let through, 0..1.
        gpu_inspect_ms: of one GPU for what `inspect_ms` does; None where no card was measured.
        camera_mb: memory for each camera, 10^6 bytes.
        worker_mb: memory of a worker without cameras.
    """

    read_ms: float
    gate_ms: float
    inspect_ms: float
    write_ms: float
    key_interval: float
    inspected_share: float
    camera_mb: float
    worker_mb: float
    gpu_inspect_ms: float | None = None

    def __post_init__(self) -> None:
        for name in ("read_ms", "gate_ms", "inspect_ms", "write_ms", "key_interval", "camera_mb", "worker_mb"):
            if not 0 < getattr(self, name) < 1e6:
                raise ValueError(f"{name} must be a positive number, not {getattr(self, name)}")
        if not 0 <= self.inspected_share <= 1:
            raise ValueError(f"inspected_share must be between 0 and 1, not {self.inspected_share}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumed:
    """What a city file does not say.

    Attributes:
        key_interval: seconds from one key picture to the next; also of pictures that are pushed.
        mbit: of one camera's stream, 10^6 bits a second.
        findings: of one camera in a day.
        finding_mb: evidence of one finding, 10^6 bytes.
        case_kb: a finding's rows in the database with their indexes, 10^3 bytes.
        keep_days: how long evidence and cases are kept.
        load: share of a core that is planned with; the rest is for the hours in which more happens.
        cores: of one machine.
    """

    key_interval: float = 2.0
    mbit: float = 4.0
    findings: float = 5.0
    finding_mb: float = 2.0
    case_kb: float = 12.0
    keep_days: int = 90
    load: float = 0.7
    cores: int = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """Cameras of a city by how their pictures come."""

    fetched: int
    pushed: int

    @property
    def cameras(self) -> int:
        """All of them."""
        return self.fetched + self.pushed

    def scaled(self, cameras: int) -> "Fleet":
        """The same mix with so many cameras."""
        if not self.cameras:
            return Fleet(fetched=cameras, pushed=0)
        pushed = round(cameras * self.pushed / self.cameras)
        return Fleet(fetched=cameras - pushed, pushed=pushed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a fleet needs.

    Attributes:
        cores: at the planned load.
        machines: of the assumed size.
        cameras_per_core: at full load.
        gpus: cards, where the detector runs on them; None where no card was measured.
        cores_beside_gpus: for reading and gating alone.
        memory_gb: of all machines, 10^9 bytes.
        streams_mbit: from cameras to workers.
        centre_mbit: from edge machines to the centre, findings and evidence only, averaged over a day.
        evidence_gb: on disk once `keep_days` have passed.
        database_gb: the same.
        looks_per_second: looks that are written down.
        databases: that many looks can be written into, each at half its measured limit.
    """

    cores: int
    machines: int
    cameras_per_core: float
    gpus: int | None
    cores_beside_gpus: int | None
    memory_gb: float
    streams_mbit: float
    centre_mbit: float
    evidence_gb: float
    database_gb: float
    looks_per_second: float
    databases: int


def fleet_of(city: City) -> Fleet:
    """The cameras of a city file. A vehicle counts as a camera."""
    cameras: tuple[CameraPart, ...] = city.file.cameras
    pushed = sum(camera.source == PUSH for camera in cameras)
    return Fleet(fetched=len(cameras) - pushed, pushed=pushed)


def plan_for(fleet: Fleet, costs: Costs, assumed: Assumed) -> Plan:
    """Work the plan out.

    Reading costs in proportion to the time between key pictures, as everything in between is read too; a pushed picture
    costs its decoding, for which `read_ms` is an upper bound.
    """
    pictures = 1 / assumed.key_interval
    looks = pictures * costs.inspected_share
    reading = pictures * (costs.read_ms * assumed.key_interval / costs.key_interval + costs.gate_ms) / 1000
    pushed_reading = pictures * (costs.read_ms + costs.gate_ms) / 1000
    inspecting = looks * costs.inspect_ms / 1000
    light = fleet.fetched * reading + fleet.pushed * pushed_reading
    busy = light + fleet.cameras * inspecting
    cores = ceil(busy / assumed.load)
    machines = ceil(cores / assumed.cores)
    findings = fleet.cameras * assumed.findings
    on_gpu = None if costs.gpu_inspect_ms is None else fleet.cameras * looks * costs.gpu_inspect_ms / 1000
    return Plan(
        cores=cores,
        machines=machines,
        cameras_per_core=fleet.cameras / busy if busy else 0.0,
        gpus=None if on_gpu is None else ceil(on_gpu / assumed.load),
        cores_beside_gpus=None if on_gpu is None else ceil(light / assumed.load),
        memory_gb=(fleet.cameras * costs.camera_mb + machines * costs.worker_mb) / 1000,
        streams_mbit=fleet.fetched * assumed.mbit,
        centre_mbit=findings * assumed.finding_mb * 8 / DAY,
        evidence_gb=findings * assumed.finding_mb * assumed.keep_days / 1000,
        database_gb=findings * assumed.case_kb * assumed.keep_days / 1e6,
        looks_per_second=fleet.cameras * looks,
        databases=ceil(fleet.cameras * looks * costs.write_ms / 1000 / 0.5),
    )
