"""A square that another device reads with its camera: drawn here, asked of nobody."""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple


class Square(NamedTuple):
    """A square of `size` by `size` modules, its quiet margin among them; `path` draws the dark ones in SVG."""

    size: int
    path: str


def square_of(text: str) -> Square:
    """The square that says `text`, an address."""
    # Few pages draw one, and the package is not small.
    from qrcode.main import QRCode

    code = QRCode(border=4)
    code.add_data(text)
    rows = code.get_matrix()
    return Square(len(rows), "".join(_row(line, row) for line, row in enumerate(rows)))


def _row(line: int, row: list[bool]) -> str:
    """The runs of dark modules of one row."""
    path, place = "", 0
    for is_dark, run in groupby(row):
        width = len(list(run))
        path += f"M{place} {line}h{width}v1h-{width}z" if is_dark else ""
        place += width
    return path
