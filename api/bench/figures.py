"""From samples to figures. Each is a median over the samples, ratios are made sample by sample before that."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median

from api.bench.measuring import Sample, Samples
from api.bench.stages import Stage
from inference.gate import FORCED_AFTER

DETECT_LIMIT = 1.06
"""What `detect` may cost, divided by the bare session."""
MEMORY_LIMIT_MB = 400
"""What `jiexun inspect` may take at its peak on a 1080p file, in 10^6 bytes."""
GATED_STAGES = (Stage.READ, Stage.GATE_LUMA, Stage.GATE)
"""All that happens to a picture in which nothing has changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Of one key picture: milliseconds of one core, share of the whole path (0..1), multiple of the bare session."""

    ms: float
    share: float
    over_bare: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cameras:
    """Cameras that one core carries when the gate holds back `gated_share` (0..1) of the key pictures."""

    gated_share: float
    per_core: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one clip costs.

    Attributes:
        detect_over_bare: `detect` on the shrunk picture, divided by the bare session's run on the same pixels.
        bare_ms: one bare run.
        path: each stage of an inspected key picture.
        whole: all stages of an inspected key picture.
        gated: a key picture that the gate holds back.
        key_packets_ms: reading everything and decoding key pictures, for each picture of the stream.
        all_packets_ms: reading and decoding everything, for each picture of the stream.
        all_over_key_packets: the latter divided by the former.
        key_interval: seconds from one key picture to the next.
        objects: detections in a picture, on average.
        cameras: every key picture inspected; gated as on this clip; nothing moves, so only forced looks.
        samples: key pictures that were measured.
    """

    detect_over_bare: float
    bare_ms: float
    path: dict[Stage, Cost]
    whole: Cost
    gated: Cost
    key_packets_ms: float
    all_packets_ms: float
    all_over_key_packets: float
    key_interval: float
    objects: float
    cameras: tuple[Cameras, Cameras, Cameras]
    samples: int


def figures(measured: Samples) -> Figures:
    """Make the figures of one clip."""
    samples = measured.samples
    interval = median(sample.interval for sample in samples)
    shares = (0.0, measured.gated_share, max(0.0, 1.0 - interval / FORCED_AFTER.total_seconds()))
    whole, gated = _cost(samples, tuple(Stage)), _cost(samples, GATED_STAGES)
    every, none, still = (
        Cameras(gated_share=share, per_core=1000 * interval / (share * gated.ms + (1 - share) * whole.ms))
        for share in shares
    )
    return Figures(
        detect_over_bare=median(detect / bare for sample in samples for bare, detect in sample.pairs),
        bare_ms=1000 * median(bare for sample in samples for bare, _ in sample.pairs),
        path={stage: _cost(samples, (stage,)) for stage in Stage},
        whole=whole,
        gated=gated,
        key_packets_ms=_ms(samples, lambda sample: sample.path[Stage.READ] / sample.pictures),
        all_packets_ms=_ms(samples, lambda sample: sample.read_all / sample.pictures),
        all_over_key_packets=median(sample.read_all / sample.path[Stage.READ] for sample in samples),
        key_interval=interval,
        objects=measured.objects,
        cameras=(every, none, still),
        samples=len(samples),
    )


def _cost(samples: Iterable[Sample], stages: tuple[Stage, ...]) -> Cost:
    def spent(sample: Sample) -> float:
        return sum(sample.path[stage] for stage in stages)

    return Cost(
        ms=_ms(samples, spent),
        share=median(spent(sample) / sum(sample.path.values()) for sample in samples),
        over_bare=median(spent(sample) / median(bare for bare, _ in sample.pairs) for sample in samples),
    )


def _ms(samples: Iterable[Sample], seconds: Callable[[Sample], float]) -> float:
    return 1000 * median(seconds(sample) for sample in samples)
