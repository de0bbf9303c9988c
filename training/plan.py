"""What a training is asked to do."""

from dataclasses import dataclass
from pathlib import Path

from training.sources import Sources


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingPlan:
    """One run.

    Attributes:
        listings: train and val lists of pictures.
        sources: what each source labels.
        weights: checkpoint to start from.
        out: folder of the run; an interrupted run found there is taken up again.
        image_side: pixels of the square that pictures are fitted into, a multiple of 32.
        epochs: passes over the data, unless `hours` is given.
        hours: wall time after which the run ends; the learning rate follows it.
        batch: pictures in a step.
        learning_rate: of AdamW, at the start.
        nms_free: train the head that needs no suppression too; in short runs it lags far behind the other.
        freeze: layers from the input on that stay as they are; the first four take a third of the time.
        threads: of torch; on cores that others use too, one is faster than two, for they wait for each other busily.
        wide_share: of the batches that are cut to the wide shape in which most cameras are served.
        device: `cpu`, or a number of an accelerator.
        data_version: of the frozen data set, for the record.
        seed: of everything random.
    """

    listings: tuple[Path, Path]
    sources: Sources
    weights: Path
    out: Path
    image_side: int = 512
    epochs: int = 20
    hours: float | None = None
    batch: int = 16
    learning_rate: float = 3e-4
    nms_free: bool = False
    freeze: int = 0
    threads: int = 2
    wide_share: float = 0.5
    device: str = "cpu"
    data_version: str | None = None
    seed: int = 1
