"""The detector on ONNX Runtime: one session for each graph, shared by all threads."""

import hashlib
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from inference.detections import Detections
from inference.detector.decoding import Decoded, decode
from inference.detector.letterbox import Canvas, Letterbox
from inference.detector.manifest import GraphFile, Layout, Manifest, Numbers, read_manifest
from inference.errors import ModelError
from inference.frame import ImageBGR, SizeWH

_EXTERNAL_DATA_KEY = b"\x0a\x08location"
"""How protobuf writes the key of ONNX's external data: weights in another file, which the hash does not cover."""


class OnnxGraph:
    """One checked and loaded ONNX file."""

    def __init__(self, path: Path, declared: GraphFile, classes: int, providers: Sequence[str]) -> None:
        """Load, check and run once.

        Raises:
            ModelError: the file is missing, is not the one in the manifest, keeps data elsewhere, or has another shape.
        """
        self.declared = declared
        self.input_wh: SizeWH = (declared.input_hw[1], declared.input_hw[0])
        self._path = path
        self._session = _open_session(path, _checked_bytes(path, declared.sha256), providers)
        self._check_input()
        self._check_output(classes)

    def run(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """The bare graph: (1, h, w, 3) uint8 BGR in, its only output out."""
        output = self._session.run(None, {self._input: pixels})[0]
        if not isinstance(output, np.ndarray):
            raise ModelError(f"{self._path} must put out a plain array: export the model again")
        return output

    def _check_input(self) -> None:
        wanted = [1, *self.declared.input_hw, 3]
        inputs = self._session.get_inputs()
        if len(inputs) != 1 or inputs[0].type != "tensor(uint8)" or list(inputs[0].shape) != wanted:
            raise ModelError(f"{self._path} must take one uint8 picture of shape {wanted}: export the model again")
        self._input = inputs[0].name

    def _check_output(self, classes: int) -> None:
        output = self.run(np.zeros((1, *self.declared.input_hw, 3), dtype=np.uint8))
        if self.declared.layout is Layout.NMS_FREE:
            fits, wanted = output.ndim == 3 and output.shape[::2] == (1, 6), "(1, n, 6)"
        else:
            fits, wanted = output.ndim == 3 and output.shape[:2] == (1, 4 + classes), f"(1, {4 + classes}, n)"
        if not fits or output.dtype != np.float32:
            raise ModelError(
                f"{self._path} must put out float32 of shape {wanted}, not {output.dtype} {output.shape}: "
                "correct the layout or the classes in the manifest"
            )


class OnnxDetector:
    """Sees the objects of one model folder.

    Threads share the sessions; each has its own input canvas. Every thread computes alone: many cameras on many threads
    use the cores better than one picture spread over them.
    """

    def __init__(
        self,
        folder: Path,
        *,
        floor: float | None = None,
        numbers: Numbers | None = None,
        providers: Sequence[str] = ("CPUExecutionProvider",),
    ) -> None:
        """Load a model folder.

        Args:
            folder: holds `manifest.json` and the ONNX files.
            floor: confidence, 0..1, below which nothing is said; None: the manifest's.
            numbers: which graphs to load; None: those that the manifest says are to run.
            providers: ONNX Runtime execution providers; all must be there, none is replaced silently.

        Raises:
            ModelError: the folder cannot be trusted or run.
        """
        self.manifest: Manifest = read_manifest(folder)
        self._floor = self.manifest.floor if floor is None else floor
        classes = len(self.manifest.classes)
        wanted = self.manifest.runs if numbers is None else numbers
        chosen = [graph for graph in self.manifest.graphs if graph.numbers is wanted]
        if not chosen:
            raise ModelError(f"{folder} has no graph in {wanted}: export the model with one")
        self.graphs = tuple(OnnxGraph(folder / graph.file, graph, classes, providers) for graph in chosen)
        self._of_thread = threading.local()

    @property
    def names(self) -> tuple[str, ...]:
        """Class names by class index."""
        return self.manifest.classes

    def graph_for(self, size_wh: SizeWH) -> OnnxGraph:
        """The graph whose input a picture of this size fills best."""
        return max(self.graphs, key=lambda graph: Letterbox.of(size_wh, graph.input_wh).fill)

    def input_wh_for(self, size_wh: SizeWH) -> SizeWH:
        """Input size of the graph that `detect` takes for a picture of this size."""
        return self.graph_for(size_wh).input_wh

    def detect(self, picture: ImageBGR, full_wh: SizeWH | None = None) -> Detections:
        """All objects above the floor.

        Args:
            picture: (h, w, 3) uint8 BGR, shrunk to `input_wh_for` the full size, or not.
            full_wh: size of the full picture, in whose pixels the boxes are given; None: those of `picture`.

        Raises:
            ModelError: the model puts out boxes that are not numbers, or classes that it does not have.
        """
        picture_wh = (picture.shape[1], picture.shape[0])
        full_wh = full_wh or picture_wh
        graph = self.graph_for(full_wh)
        canvas = self._canvas(graph)
        box = canvas.place(picture)
        output = graph.run(canvas.pixels)
        decoded = decode(output, graph.declared.layout, floor=self._floor, nms_iou=self.manifest.nms_iou)
        self._refuse_nonsense(decoded)
        xyxy = box.to_picture(decoded.boxes, full_wh)
        seen = (xyxy[:, 2] > xyxy[:, 0]) & (xyxy[:, 3] > xyxy[:, 1])
        return Detections(
            xyxy=xyxy[seen], confidence=decoded.confidence[seen], class_id=decoded.class_id[seen], names=self.names
        )

    def _canvas(self, graph: OnnxGraph) -> Canvas:
        canvases: dict[SizeWH, Canvas] | None = getattr(self._of_thread, "canvases", None)
        if canvases is None:
            canvases = self._of_thread.canvases = {g.input_wh: Canvas(g.input_wh) for g in self.graphs}
        return canvases[graph.input_wh]

    def _refuse_nonsense(self, decoded: Decoded) -> None:
        known = (decoded.class_id >= 0) & (decoded.class_id < len(self.names))
        if not (known.all() and np.isfinite(decoded.boxes).all() and np.isfinite(decoded.confidence).all()):
            raise ModelError(
                f"model {self.manifest.name} {self.manifest.version} puts out boxes that are not numbers or classes "
                "that it does not have: export it again"
            )


def _checked_bytes(path: Path, sha256: str) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path} cannot be read: restore the model folder ({error.strerror})") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ModelError(f"{path} is not the file that its manifest names (SHA-256 differs): restore the model folder")
    if _EXTERNAL_DATA_KEY in data:
        raise ModelError(f"{path} keeps weights in another file: export the model into one file")
    return data


def _open_session(path: Path, data: bytes, providers: Sequence[str]) -> onnxruntime.InferenceSession:
    missing = sorted(set(providers) - set(onnxruntime.get_available_providers()))
    if missing:
        raise ModelError(
            f"ONNX Runtime here has no {', '.join(missing)}: install the build that has it, or ask for the CPU"
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3  # what it warns of, such as unused weights, nobody who runs a model can change
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    try:
        session = onnxruntime.InferenceSession(data, options, providers=list(providers))
    except Exception as error:  # the runtime's errors share no public base class
        raise ModelError(f"{path} is not a graph that ONNX Runtime can run: export the model again") from error
    refuse_fallback(session, providers)
    return session


class RunsSomewhere(Protocol):
    """What an ONNX Runtime session says of itself."""

    def get_providers(self) -> Sequence[str]:
        """Execution providers that it really has, the first one first."""
        ...


def refuse_fallback(session: RunsSomewhere, providers: Sequence[str]) -> None:
    """Make sure that a session runs where it was asked to: the runtime goes on without a card that it cannot use.

    Raises:
        ModelError: it runs elsewhere.
    """
    running = session.get_providers()
    if list(running[: len(providers)]) != list(providers):
        raise ModelError(
            f"ONNX Runtime cannot use {providers[0]} and would run on {running[0]}: mend the card's driver and "
            "libraries, or ask for the CPU"
        )
