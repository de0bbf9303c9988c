"""A4 sheets as PDF. The font (Noto Sans SC, SIL OFL) is embedded as far as its letters are used, Chinese ones too."""

import re
from collections.abc import Sequence
from datetime import datetime

from fpdf import FPDF
from fpdf.enums import WrapMode, XPos, YPos
from pylopdf_fonts_zh_cn import sans_path

FONT = "NotoSansSC"
MARGIN_MM, WIDTH_MM = 18.0, 174.0
LABEL_MM = 44.0
LINE_MM = 5.6
TEXT_PT, SMALL_PT, HEADING_PT, TITLE_PT = 9.5, 7.5, 12.0, 17.0
INK, MUTED, ACCENT, BAD = (24, 34, 42), (92, 104, 114), (12, 102, 110), (160, 40, 30)
_CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


class _Pages(FPDF):
    """Sheets with the same line at the foot of each."""

    def __init__(self, foot: str) -> None:
        super().__init__(format="A4")
        self._foot = foot

    def footer(self) -> None:
        self.set_y(-13)
        self.set_font(FONT, size=SMALL_PT)
        self.set_text_color(*MUTED)
        self.cell(WIDTH_MM - 20, 5, self._foot)
        self.cell(20, 5, f"{self.page_no()} / {{nb}}", align="R")


class Sheet:
    """One document, written from top to bottom.

    Args:
        title: of the document, for those who list files.
        foot: stands at the foot of every page.
        language: of the words, e.g. `zh-CN`.
        made_at: aware UTC.
    """

    def __init__(self, *, title: str, foot: str, language: str, made_at: datetime) -> None:
        self._pages = _Pages(printable(foot))
        pages = self._pages
        pages.set_margin(MARGIN_MM)
        pages.set_auto_page_break(True, margin=20)
        pages.set_title(printable(title))
        pages.set_lang(language)
        pages.set_creator("jiexun")
        pages.set_creation_date(made_at)
        pages.add_font(FONT, fname=sans_path())
        pages.add_page()

    def title(self, words: str, beside: str) -> None:
        """The name of the document and what it is about."""
        self._written(words, size=TITLE_PT, colour=INK, height=9)
        self._written(beside, size=TEXT_PT, colour=MUTED)
        self._pages.ln(2)

    def heading(self, words: str) -> None:
        """The name of a part; it does not stand alone at the foot of a page."""
        if self._pages.will_page_break(3 * LINE_MM + 8):
            self._pages.add_page()
        self._pages.ln(3)
        self._written(words, size=HEADING_PT, colour=ACCENT, height=7)
        y = self._pages.get_y()
        self._pages.set_draw_color(*ACCENT)
        self._pages.set_line_width(0.25)
        self._pages.line(MARGIN_MM, y, MARGIN_MM + WIDTH_MM, y)
        self._pages.ln(1.5)

    def facts(self, rows: Sequence[tuple[str, str]]) -> None:
        """Names and values, one pair a line; pairs without a value are left out."""
        for name, value in rows:
            if not value:
                continue
            if self._pages.will_page_break(LINE_MM):
                self._pages.add_page()
            top = self._pages.get_y()
            self._pages.set_xy(MARGIN_MM, top)
            self._written(name, size=TEXT_PT, colour=MUTED, width=LABEL_MM - 2)
            below = self._pages.get_y()
            self._pages.set_xy(MARGIN_MM + LABEL_MM, top)
            self._written(value, size=TEXT_PT, colour=INK, width=WIDTH_MM - LABEL_MM)
            self._pages.set_y(max(below, self._pages.get_y()))

    def line(self, words: str, *, muted: bool = False, bad: bool = False) -> None:
        """A paragraph."""
        self._written(words, size=TEXT_PT, colour=BAD if bad else MUTED if muted else INK)

    def small(self, words: str) -> None:
        """A paragraph in small print, for hashes."""
        self._written(words, size=SMALL_PT, colour=MUTED, height=4.2)

    def space(self) -> None:
        """A little room."""
        self._pages.ln(1.5)

    def picture(self, jpeg: bytes, size_wh: tuple[int, int], *, most_mm: tuple[float, float] = (104.0, 64.0)) -> None:
        """A picture, as large as it fits.

        Args:
            jpeg: the file.
            size_wh: its pixels.
            most_mm: width and height that it may take.
        """
        scale = min(most_mm[0] / size_wh[0], most_mm[1] / size_wh[1])
        width, height = size_wh[0] * scale, size_wh[1] * scale
        if self._pages.will_page_break(height + 12):
            self._pages.add_page()
        self._pages.image(jpeg, w=width, h=height)
        self._pages.ln(1)

    def data(self) -> bytes:
        """The file."""
        return bytes(self._pages.output())

    def _written(
        self,
        words: str,
        *,
        size: float,
        colour: tuple[int, int, int],
        width: float = WIDTH_MM,
        height: float = LINE_MM,
    ) -> None:
        text = printable(words)
        self._pages.set_font(FONT, size=size)
        self._pages.set_text_color(*colour)
        # Chinese breaks between any two letters; where there is none of it, words stay whole.
        wrap = WrapMode.CHAR if _CJK.search(text) else WrapMode.WORD
        self._pages.multi_cell(width, height, text, align="L", wrapmode=wrap, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def printable(words: str) -> str:
    r"""The words without what has no place on paper: control characters and marks that turn the direction of writing.

    >>> printable("a\u202eb\x1b[1m")
    'ab[1m'
    """
    return _UNPRINTABLE.sub("", words)
