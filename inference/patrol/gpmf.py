"""GPMF, the data that a GoPro writes beside its pictures: key, length, value, nested (github.com/gopro/gpmf-parser).

A block is four letters, a letter for the type of its values, the size of one of them, their number (big-endian), and
the values, padded to four bytes. Type 0 holds blocks.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

HEADER_BYTES = 8
DEEPEST = 8
NESTED = 0
MOST_BLOCKS = 4096
"""In one packet; a GoPro writes about two hundred."""

_FORMATS = {
    "b": "b", "B": "B", "s": "h", "S": "H", "l": "i", "L": "I", "f": "f", "d": "d", "j": "q", "J": "Q"
}  # fmt: skip


class Damaged(Exception):
    """A block that reaches beyond its packet or lies too deep; says at which byte."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block.

    Attributes:
        key: four letters.
        kind: letter of the type of its values; code 0 for blocks in it.
        size: bytes of one value, or of one row of values.
        data: without padding.
        offset: of its header in the packet.
    """

    key: str
    kind: str
    size: int
    data: bytes
    offset: int

    def rows(self, kinds: str) -> Iterator[tuple[float, ...]]:
        """The values, row by row.

        Args:
            kinds: a letter a value, e.g. `lllll`.

        Raises:
            Damaged: rows of another size, or a type that is no number.
        """
        if any(kind not in _FORMATS for kind in kinds):
            raise Damaged(f"byte {self.offset}: {self.key} holds values of type {kinds!r}, which are no numbers")
        form = struct.Struct(">" + "".join(_FORMATS[kind] for kind in kinds))
        if form.size != self.size or len(self.data) % form.size:
            raise Damaged(f"byte {self.offset}: {self.key} has rows of {self.size} bytes instead of {form.size}")
        for row in form.iter_unpack(self.data):
            yield tuple(float(value) for value in row)

    def numbers(self) -> list[float]:
        """All values of a block of one type.

        Raises:
            Damaged: they are no numbers.
        """
        step = struct.calcsize(">" + _FORMATS.get(self.kind, "B"))
        return [value for row in self.rows(self.kind * max(1, self.size // step)) for value in row]

    def text(self) -> str:
        """What it says in letters."""
        return self.data.split(b"\x00")[0].decode("latin-1").strip()


def streams(packet: bytes) -> Iterator[dict[str, Block]]:
    """The streams (STRM) of one packet, each as its blocks by key; of several with one key the last.

    Raises:
        Damaged: at which byte.
    """
    for block in _blocks(packet, 0, len(packet), 0):
        if block.key == "DEVC":
            for stream in _blocks(packet, block.offset + HEADER_BYTES, _end(block), 1):
                if stream.key == "STRM":
                    inner = _blocks(packet, stream.offset + HEADER_BYTES, _end(stream), 2)
                    yield {part.key: part for part in inner}


def _end(block: Block) -> int:
    return block.offset + HEADER_BYTES + len(block.data)


def _blocks(packet: bytes, start: int, end: int, depth: int) -> Iterator[Block]:
    if depth > DEEPEST:
        raise Damaged(f"byte {start}: blocks lie more than {DEEPEST} deep")
    at = start
    for _ in range(MOST_BLOCKS):
        if at + HEADER_BYTES > end:
            return
        key, kind, size, count = struct.unpack_from(">4sBBH", packet, at)
        if key == b"\x00\x00\x00\x00":
            return  # padding
        length = size * count
        if at + HEADER_BYTES + length > end:
            raise Damaged(f"byte {at}: a block of {length} bytes reaches beyond its packet")
        data = packet[at + HEADER_BYTES : at + HEADER_BYTES + length]
        yield Block(key=key.decode("latin-1"), kind=chr(kind), size=size, data=data, offset=at)
        at += HEADER_BYTES + (length + 3) // 4 * 4
    raise Damaged(f"byte {at}: more than {MOST_BLOCKS} blocks")
