"""Training: from pictures and weights to checkpoints, one an epoch, taken up again where it was interrupted."""

# pyright: reportMissingImports=false, reportUnknownParameterType=false

from pathlib import Path
from typing import Any

import numpy as np
import torch

from training.checkpoint import load_detector
from training.errors import RunFinished, TrainingError
from training.numerics import choose_numerics
from training.plan import TrainingPlan
from training.preparation import prepare
from training.run_record import write_settings
from training.street_trainer import StreetTrainer
from training.weather import EFFECTS

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


def train(plan: TrainingPlan) -> Path:
    """Train, and say where the last checkpoint lies. `weights/epochN.pt` beside it are those of each epoch.

    Raises:
        DatasetError: pictures or labels cannot be used.
        TrainingError: the run in that folder is finished.
    """
    _refuse_missing_device(plan.device)
    torch.set_num_threads(plan.threads)
    last = plan.out / "weights" / "last.pt"
    interrupted = last.is_file() and _is_interrupted(last)
    prepared = prepare(plan.listings, plan.sources, (plan.out / "data").absolute(), seed=plan.seed)
    overrides: dict[str, Any] = {
        "model": str(last if interrupted else _start(plan)),
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
        "device": plan.device,
        "workers": 1,
        "cache": "ram",
        "amp": False,  # see `StreetTrainer`
        "val": False,  # our own `evaluate` scores checkpoints, on what the sources really labelled
        "plots": False,
        "save_period": 1,
        **AUGMENTATION,
    }
    write_settings(plan.out, {**overrides, **_described(plan), "shown_an_epoch": prepared.shown})
    trainer = StreetTrainer(overrides=overrides)
    trainer.plan, trainer.wide = plan, np.random.default_rng(plan.seed)
    trainer.train()
    return last


def _start(plan: TrainingPlan) -> Path:
    """The weights as a checkpoint of the run: loaded safely first, whatever they were kept as."""
    model = load_detector(plan.weights)
    path = plan.out / "start.pt"
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"model": model, "train_args": {"task": "detect"}}, path)
    return path


def _described(plan: TrainingPlan) -> dict[str, object]:
    return {
        "start": str(plan.weights),
        "data_version": plan.data_version,
        "wide_share": plan.wide_share,
        "weather": {effect.__name__: share for effect, share in EFFECTS.items()},
        "nms_free": plan.nms_free,
        "threads": plan.threads,
        "numbers": str(choose_numerics(torch.device("cpu" if plan.device == "cpu" else "cuda"))),
    }


def _refuse_missing_device(device: str) -> None:
    if device == "cpu":
        return
    count = torch.cuda.device_count()
    if not device.isdigit() or int(device) >= count:
        raise TrainingError(
            f"there is no accelerator {device!r}, torch sees {count}: take `cpu` or a number below that"
        )


def _is_interrupted(last: Path) -> bool:
    from ultralytics.nn.tasks import torch_safe_load

    checkpoint, _ = torch_safe_load(last)
    if checkpoint["epoch"] < 0:  # how a finished run marks its checkpoint
        raise RunFinished(f"the run in {last.parent.parent} is finished: name another folder for the next one")
    return True
