"""What is in the picture: a model folder, checked and run on ONNX Runtime."""

from inference.detector.manifest import SHIPPED_MODELS, Manifest, current_model, read_manifest
from inference.detector.onnx_detector import OnnxDetector
from inference.detector.protocol import Detector, detect_in

__all__ = ["SHIPPED_MODELS", "Detector", "Manifest", "OnnxDetector", "current_model", "detect_in", "read_manifest"]
