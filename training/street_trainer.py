"""Ultralytics' trainer for partly labelled sources, street weather and wide pictures."""

# pyright: reportMissingImports=false, reportUntypedBaseClass=false, reportUnknownParameterType=false
# pyright: reportUnknownLambdaType=false, reportMissingParameterType=false

from pathlib import Path
from typing import Any

import numpy as np
import torch

from training.dataset import NO_LABELS, Labels, read_labels
from training.numerics import choose_numerics
from training.plan import TrainingPlan
from training.preparation import REGIONS
from training.run_record import write_curves
from training.ultralytics_setup import prepare_ultralytics
from training.weather import Weather
from training.weights import drop_nms_free_head
from training.wide import cut_wide

prepare_ultralytics()

from ultralytics.data.dataset import YOLODataset  # noqa: E402 - importable only once prepared
from ultralytics.models.yolo.detect import DetectionTrainer  # noqa: E402
from ultralytics.utils import LOGGER  # noqa: E402

from training.masked_loss import background_weights, masked_criterion  # noqa: E402


class _Worsened:
    """A transform of ultralytics' chain: what a street camera does to a clear picture."""

    def __init__(self, weather: Weather) -> None:
        self._weather = weather

    def __call__(self, labels: dict[str, Any]) -> dict[str, Any]:
        labels["img"] = self._weather(labels["img"])
        return labels


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

    def build_transforms(self, hyp: Any) -> Any:
        """As the parent's, with the weather of the street before the pixels become a tensor."""
        transforms = super().build_transforms(hyp)
        if self.augment:
            seed = np.random.randint(2**31)
            transforms.insert(-1, _Worsened(Weather(np.random.default_rng(seed))))
        return transforms

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
    wide: np.random.Generator

    def get_model(self, cfg: Any = None, weights: Any = None, verbose: bool = True) -> torch.nn.Module:
        """The model to train, without the NMS-free head unless that is to be trained."""
        model = super().get_model(cfg, weights, verbose)
        if not self.plan.nms_free:
            drop_nms_free_head(model)
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
        self.model.to(
            memory_format=torch.channels_last
        )  # a sixth less time a step in bfloat16 on AMX, none lost in float32
        if numerics.bfloat16 and self.device.type != "cpu":
            self.args.amp = "bf16"  # else ultralytics takes float16, for which the scaler of gradients is not set up
        LOGGER.info(f"numbers: {numerics}")

    def preprocess_batch(self, batch: dict[str, Any]) -> dict[str, Any]:
        """As the parent's; a share of the batches is wide, as most cameras are."""
        batch = super().preprocess_batch(batch)
        if self.wide.random() < self.plan.wide_share:
            batch = cut_wide(batch, float(self.wide.uniform(-0.1, 0.1)))
        return {**batch, "img": batch["img"].contiguous(memory_format=torch.channels_last)}

    def plot_metrics(self) -> None:
        """Our own curves: ultralytics' ones show scores that are not measured in the run."""
        write_curves(self.plan.out)

    def save_model(self) -> bool:
        """As the parent's, with the curves so far: an interrupted run shows them too."""
        saved = super().save_model()
        write_curves(self.plan.out)
        return saved

    def set_model_attributes(self) -> None:
        """Give the model the masked loss."""
        super().set_model_attributes()
        self.model.criterion = masked_criterion(self.model, background_weights(self.plan.sources))
