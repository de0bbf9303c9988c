"""The folder of a report: `report.md` and `report.html` with the same content, curves and pictures beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import cv2

from training.errors import TrainingError
from training.report.tables import Table
from training.worst import Mistake, picture_of

_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse}td,th{padding:.2rem .6rem;border-bottom:1px solid #ddd;text-align:right}"
    "td:first-child,th:first-child{text-align:left}figure{display:inline-block;margin:.5rem;width:15rem;"
    "vertical-align:top}figure img{width:100%}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a report says.

    Attributes:
        title: of the page.
        summary: sentences under it.
        tables: in order.
        curves: SVG by name.
        mistakes: to be shown.
    """

    title: str
    summary: tuple[str, ...]
    tables: tuple[Table, ...]
    curves: dict[str, str]
    mistakes: tuple[Mistake, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    file: str
    caption: str


def write_report(document: Document, folder: Path) -> None:
    """Write a new folder.

    Raises:
        TrainingError: it exists and holds something.
    """
    if folder.exists() and any(folder.iterdir()):
        raise TrainingError(f"{folder} holds something already: name a new folder for the report")
    folder.mkdir(parents=True, exist_ok=True)
    for name, svg in document.curves.items():
        (folder / f"{name}.svg").write_text(svg, encoding="utf-8")
    shown = [_write_picture(mistake, number, folder) for number, mistake in enumerate(document.mistakes)]
    (folder / "report.md").write_text(_markdown(document, shown), encoding="utf-8")
    (folder / "report.html").write_text(_html(document, shown), encoding="utf-8")


def _write_picture(mistake: Mistake, number: int, folder: Path) -> _Shown:
    kind = "missed" if mistake.missed else "false"
    file = f"{number:03d}_{kind}_{mistake.name}.jpg"
    cv2.imwrite(str(folder / file), picture_of(mistake), [cv2.IMWRITE_JPEG_QUALITY, 85])
    how = f"{mistake.weight:.1%} of the picture" if mistake.missed else f"confidence {mistake.weight:.2f}"
    return _Shown(file=file, caption=f"{kind} {mistake.name}, {how}: {mistake.look.path.name}")


def _markdown(document: Document, shown: Sequence[_Shown]) -> str:
    parts = [f"# {document.title}", *document.summary]
    for table in document.tables:
        lines = (table.columns, ("---",) * len(table.columns), *table.rows)
        parts += [f"## {table.title}", table.note, "\n".join(f"| {' | '.join(line)} |" for line in lines)]
    parts += ["## Reliability", "".join(f"![{name}]({name}.svg)" for name in document.curves)]
    parts += ["## Worst misses and false alarms", *(f"![{s.caption}]({s.file})\n{s.caption}" for s in shown)]
    return "\n\n".join(parts) + "\n"


def _html(document: Document, shown: Sequence[_Shown]) -> str:
    parts = [f"<h1>{escape(document.title)}</h1>", *(f"<p>{escape(line)}</p>" for line in document.summary)]
    for table in document.tables:
        head = "".join(f"<th>{escape(column)}</th>" for column in table.columns)
        rows = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in table.rows)
        parts += [f"<h2>{escape(table.title)}</h2><p>{escape(table.note)}</p>"]
        parts += [f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"]
    parts += ["<h2>Reliability</h2>", *document.curves.values(), "<h2>Worst misses and false alarms</h2>"]
    parts += [
        f'<figure><img src="{escape(s.file)}" alt=""><figcaption>{escape(s.caption)}</figcaption></figure>'
        for s in shown
    ]
    body = "\n".join(parts)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(document.title)}</title>'
        f"<style>{_STYLE}</style></head><body>{body}</body></html>\n"
    )
