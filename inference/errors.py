"""Everything that can go wrong between a camera and a finding.

    InferenceError
    ├── SourceError          a file, folder, stream or pushed frame cannot be read
    │   ├── SourceNotReadable    missing, empty, truncated, not a video: trying again does not help
    │   │   └── TrackNotReadable     a track of positions: which file, where in it, what to do
    │   └── SourceUnreachable    a camera does not answer: trying again may help
    ├── PictureRefused       a picture that must not be decoded (too large, cut off, not a picture)
    ├── DecoderFailed        there is nothing that decodes pictures; no fault of the picture
    ├── ModelError           a model folder that cannot be trusted or run
    ├── MapError             a map of streets cannot be read
    ├── CalibrationError     what is said of how a camera sits on its vehicle cannot be
    ├── GateError            a model that the gate, or the promotion behind it, cannot take
    └── EvidenceError        evidence cannot be written or is not what its hash says

Every message is one sentence that says what to do, and never holds a password.
"""


class InferenceError(Exception):
    """Base of all errors that `inference` raises on purpose."""


class SourceError(InferenceError):
    """A source of frames cannot be read."""


class SourceNotReadable(SourceError):
    """The source itself is wrong; trying again does not help."""


class TrackNotReadable(SourceNotReadable):
    """A track of positions cannot be read; the message names the file, the line or byte, and what to do."""


class SourceUnreachable(SourceError):
    """The source does not answer now; trying again may help."""


class PictureRefused(InferenceError):
    """A picture that must not be decoded."""


class DecoderFailed(InferenceError):
    """Nothing decodes pictures here; no fault of the picture."""


class ModelError(InferenceError):
    """A model folder that cannot be trusted or run."""


class GateError(InferenceError):
    """A model that the gate, or the promotion behind it, cannot take."""


class EvidenceError(InferenceError):
    """Evidence that cannot be written, or is not what its hash says."""


class MapError(InferenceError):
    """A map of streets that cannot be read; the message names the file or feature and what to do."""


class CalibrationError(InferenceError):
    """What is said of how a camera sits on its vehicle cannot be."""
