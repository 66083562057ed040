"""Exports as files: JSON, and CSV that a spreadsheet takes for text and not for formulas."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence

# What a spreadsheet would carry out.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
TYPES = {"json": "application/json", "csv": "text/csv; charset=utf-8"}

Rows = Sequence[dict[str, str]]


def as_file(rows: Rows, form: str) -> str:
    """The rows in the `form` called json or csv."""
    return as_csv(rows) if form == "csv" else as_json(rows)


def as_json(rows: Rows) -> str:
    """The rows as one list."""
    return json.dumps(list(rows), ensure_ascii=False, indent=1) + "\n"


def as_csv(rows: Rows) -> str:
    """The rows beneath their names; a cell that begins like a formula gets an apostrophe in front."""
    text = io.StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    table = csv.DictWriter(text, names, restval="")
    table.writeheader()
    table.writerows({name: _plain(cell) for name, cell in row.items()} for row in rows)
    return text.getvalue()


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
