"""YAML as plain data that remembers its lines, read more strictly than YAML itself.

Text stays text: `0110` is a code and not the octal 72, `22:00` an hour and not 1320, `no` a word and not false.
Anchors, aliases, tags, doubled keys and second documents are refused, so nothing in the file can multiply or construct
anything.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from api.city.document import Document, KeyPath, Plain, refused
from api.errors import CityError

LARGEST_BYTES = 1_000_000
DEEPEST = 20
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
DECIMAL = re.compile(r"[-+]?([0-9]{1,18}\.[0-9]{0,40}|\.[0-9]{1,40}|[0-9]{1,18}(?=[eE]))([eE][-+]?[0-9]{1,4})?")
NOT_A_NUMBER = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
WORDS: dict[str, bool | None] = {"": None, "~": None, "null": None, "true": True, "false": False}


def read_document(path: Path) -> Document:
    """Read a YAML file.

    Raises:
        CityError: it is missing, too large, not UTF-8, empty, or not the plain YAML described above.
    """
    text = _read_text(path)
    for number, line in enumerate(text.split("\n"), start=1):
        if CONTROL.search(line):
            raise refused(path, number, "holds a control character; delete it")
        if "\t" in line[: len(line) - len(line.lstrip())]:
            raise refused(path, number, "is indented with a tab; use spaces")
    return _Builder(path).build(text)


def _read_text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise refused(path, None, f"cannot be read ({reason}); name an existing file") from None
    if len(data) > LARGEST_BYTES:
        raise refused(path, None, f"is larger than {LARGEST_BYTES:,} bytes; shorten it")
    try:
        return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as error:
        raise refused(path, data.count(b"\n", 0, error.start) + 1, "is not UTF-8; save the file as UTF-8") from None


@dataclass(slots=True)
class _Builder:
    """Turns parser events into data; works on events because they still know lines, anchors and quotes."""

    file: Path
    lines: dict[KeyPath, int] = field(default_factory=dict[KeyPath, int])

    def build(self, text: str) -> Document:
        events = yaml.parse(text, Loader=yaml.CSafeLoader)
        try:
            root = self._document(events)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = min(mark.line + 1, text.count("\n") + 1) if mark else None
            sentence = f"is not valid YAML ({error.problem}); look at indentation, quotes and colons here or just above"
            raise refused(self.file, line, sentence) from None
        except yaml.YAMLError:
            raise refused(self.file, None, "holds characters that YAML does not allow; use plain text") from None
        return Document(file=str(self.file), root=root, lines=self.lines)

    def _document(self, events: Iterator[yaml.Event]) -> dict[str, Plain]:
        root: dict[str, Plain] | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent) and root is not None:
                raise self._at(event, (), "a second document begins here; keep one city in one file")
            if isinstance(event, yaml.NodeEvent):
                value = self._value(event, events, ())
                if not isinstance(value, dict):
                    raise self._at(event, (), "must be a mapping of keys such as `city:` and `cameras:`")
                root = value
        if root is None:
            raise refused(self.file, 1, "is empty; start with `city:`")
        return root

    def _value(self, event: yaml.Event, events: Iterator[yaml.Event], path: KeyPath) -> Plain:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self._at(event, path, "anchors and aliases (& and *) are not used here; write the value out")
        if getattr(event, "tag", None):
            raise self._at(event, path, "tags (!) are not used here; write the plain value or quote it")
        if len(path) > DEEPEST:
            raise self._at(event, (), f"is nested deeper than {DEEPEST} levels")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(events, path)
        return self._mapping(events, path)

    def _list(self, events: Iterator[yaml.Event], path: KeyPath) -> list[Plain]:
        items: list[Plain] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            here = (*path, len(items))
            self.lines[here] = event.start_mark.line + 1
            items.append(self._value(event, events, here))
        return items

    def _mapping(self, events: Iterator[yaml.Event], path: KeyPath) -> dict[str, Plain]:
        items: dict[str, Plain] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag:
                raise self._at(event, path, "a key must be a plain word")
            key = event.value
            here = (*path, key)
            if key in items:
                raise self._at(event, here, f"stands here twice (first in line {self.lines[here]}); keep one of them")
            self.lines[here] = event.start_mark.line + 1
            items[key] = self._value(next(events), events, here)
        return items

    def _scalar(self, event: yaml.ScalarEvent, path: KeyPath) -> Plain:
        text = event.value
        if CONTROL.search(text):
            raise self._at(event, path, "holds a control character; delete it")
        if not event.implicit[0]:  # quoted or block: text whatever it looks like
            return text
        if text in WORDS:
            return WORDS[text]
        if INTEGER.fullmatch(text):
            return int(text)
        if NOT_A_NUMBER.fullmatch(text):
            raise self._at(event, path, "must be a finite number")
        return float(text) if DECIMAL.fullmatch(text) else text

    def _at(self, event: yaml.Event, path: KeyPath, sentence: str) -> CityError:
        return refused(self.file, event.start_mark.line + 1, sentence, path)
