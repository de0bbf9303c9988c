"""Training: ultralytics' trainer with a loss that leaves unlabelled classes out."""

# pyright: reportMissingImports=false, reportUntypedBaseClass=false, reportUnknownParameterType=false
# pyright: reportUnknownLambdaType=false, reportMissingParameterType=false

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from training.dataset import NO_LABELS, Labels, read_labels
from training.errors import TrainingError
from training.numerics import choose_numerics
from training.preparation import REGIONS, prepare
from training.sources import Sources
from training.ultralytics_setup import prepare_ultralytics

prepare_ultralytics()

from ultralytics.data.dataset import YOLODataset  # noqa: E402 - importable only once prepared
from ultralytics.models.yolo.detect import DetectionTrainer  # noqa: E402
from ultralytics.utils import LOGGER  # noqa: E402

from training.masked_loss import background_weights, masked_criterion  # noqa: E402

AUGMENTATION: dict[str, float] = {
    "mosaic": 0.7,
    "close_mosaic": 1,
    "scale": 0.6,
    "translate": 0.15,
    "fliplr": 0.5,
    "hsv_h": 0.015,
    "hsv_s": 0.6,
    "hsv_v": 0.5,
}


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
        threads: of torch.
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
    seed: int = 1


class SourcedDataset(YOLODataset):
    """Pictures with boxes that are no objects.

    One over the whole area says what source the picture is of, others where one class is known to be absent.
    """

    def get_labels(self) -> list[dict[str, Any]]:
        """As the parent's, with the source box and the regions added to the pictures for training."""
        labels = super().get_labels()
        for label in labels if self.augment else []:
            marks = self._marks(Path(label["im_file"]))
            label["cls"] = np.concatenate((label["cls"], marks.class_id[:, None].astype(label["cls"].dtype)))
            label["bboxes"] = np.concatenate((label["bboxes"], marks.xywh.astype(label["bboxes"].dtype)))
        return labels

    def _marks(self, picture: Path) -> Labels:
        """The source box, then the regions in which one class is known; numbered as `background_weights` has them."""
        classes, sources = len(self.data["names"]), self.data["sources"]
        source = sources.index("/".join(picture.parts[-3:-1]))
        path = picture.parents[3] / REGIONS / Path(*picture.parts[-3:]).with_suffix(".txt")
        regions = read_labels(path, classes) if path.is_file() else NO_LABELS
        return Labels(
            class_id=np.concatenate(([classes + source], classes + len(sources) + regions.class_id)),
            xywh=np.concatenate(([[0.5, 0.5, 1.0, 1.0]], regions.xywh)),
        )


class StreetTrainer(DetectionTrainer):
    """The detection trainer for partly labelled sources."""

    plan: TrainingPlan

    def get_model(self, cfg: Any = None, weights: Any = None, verbose: bool = True) -> torch.nn.Module:
        """The model to train, without the NMS-free head unless that is to be trained."""
        model = super().get_model(cfg, weights, verbose)
        if not self.plan.nms_free and getattr(model.model[-1], "one2one_cv2", None) is not None:
            model.model[-1].one2one_cv2 = model.model[-1].one2one_cv3 = None
        return model

    def build_dataset(self, img_path: str, mode: str = "train", batch: int | None = None) -> SourcedDataset:
        """Pictures with their source."""
        training = mode == "train"
        return SourcedDataset(
            img_path=img_path,
            imgsz=self.args.imgsz,
            batch_size=batch,
            augment=training,
            hyp=self.args,
            rect=not training,
            cache=self.args.cache if training else None,
            stride=32,
            pad=0.0 if training else 0.5,
            prefix=f"{mode}: ",
            data={**self.data, "sources": list(self.plan.sources.sources)},
            task="detect",
        )

    def _setup_train(self) -> None:
        super()._setup_train()
        numerics = choose_numerics(self.device)
        self.amp = numerics.bfloat16
        LOGGER.info(f"numbers: {numerics}")

    def set_model_attributes(self) -> None:
        """Give the model the masked loss."""
        super().set_model_attributes()
        self.model.criterion = masked_criterion(self.model, background_weights(self.plan.sources))


def train(plan: TrainingPlan) -> Path:
    """Train, and say where the last checkpoint lies. `weights/epochN.pt` beside it are those of each epoch.

    Raises:
        DatasetError: pictures or labels cannot be used.
        TrainingError: the run in that folder is finished.
    """
    torch.set_num_threads(plan.threads)
    last = plan.out / "weights" / "last.pt"
    interrupted = last.is_file() and _is_interrupted(last)
    prepared = prepare(plan.listings, plan.sources, (plan.out / "data").absolute(), seed=plan.seed)
    overrides: dict[str, Any] = {
        "model": str(last if interrupted else plan.weights),
        "resume": str(last) if interrupted else False,
        "data": str(prepared.data_file),
        "project": str(plan.out.absolute().parent),
        "name": plan.out.name,
        "exist_ok": True,
        "imgsz": plan.image_side,
        "epochs": plan.epochs,
        "time": plan.hours,
        "batch": plan.batch,
        "nbs": plan.batch,
        "optimizer": "AdamW",
        "lr0": plan.learning_rate,
        "lrf": 0.03,
        "cos_lr": True,
        "warmup_epochs": 0.5,
        "warmup_bias_lr": plan.learning_rate,
        "seed": plan.seed,
        "freeze": plan.freeze,
        "device": "cpu",
        "workers": 1,
        "cache": "ram",
        "amp": False,  # see `StreetTrainer`
        "val": False,  # our own `evaluate` scores checkpoints, on what the sources really labelled
        "plots": False,
        "save_period": 1,
        **AUGMENTATION,
    }
    trainer = StreetTrainer(overrides=overrides)
    trainer.plan = plan
    trainer.train()
    trainer.plot_metrics()
    return last


def _is_interrupted(last: Path) -> bool:
    from ultralytics.nn.tasks import torch_safe_load

    checkpoint, _ = torch_safe_load(last)
    if checkpoint["epoch"] < 0:  # how a finished run marks its checkpoint
        raise TrainingError(f"the run in {last.parent.parent} is finished: name another folder for the next one")
    return True
