"""The colours of the look for what is not a page: read from the tokens, so that there is one place where they stand."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from tertulia.design.sky import dusk

TOKENS = Path(__file__).parent / "static" / "design" / "css" / "10-tokens.css"
NIGHT = ".night"
_COLOUR = re.compile(r"--([\w-]+):\s*(#[0-9a-fA-F]{3,8})\b")


@cache
def colours(*blocks: str) -> dict[str, str]:
    """Each colour of light pages by its token's name (`night_2` for `--night-2`).

    Over them lie those of `blocks`: of what is on the night sky (`.night`), or of a scheme (`dark`, `contrast`).
    LookupError if the tokens have no such block.
    """
    found = _written_in(":root")
    for block in blocks:
        found |= _written_in(_selector(block))
    return found


def sky_colours(seed: str) -> dict[str, str]:
    """The colours of the night under the sky that belongs to `seed`; the first hour of dusk is that of every night."""
    hour = dusk(seed)
    return colours(NIGHT, f".sky-{hour}") if hour else colours(NIGHT)


def _selector(block: str) -> str:
    return block if block.startswith(".") else f':root[data-scheme="{block}"]'


def _written_in(selector: str) -> dict[str, str]:
    found = re.search(
        rf"^{re.escape(selector)} \{{(.*?)\}}", TOKENS.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    if found is None:
        raise LookupError(f"the tokens have no {selector}")
    return {name.replace("-", "_"): colour for name, colour in _COLOUR.findall(found[1])}
