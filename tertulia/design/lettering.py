"""Words as pictures: wrapped, shaped and turned as their script wants it, by Pango inside libvips."""

from __future__ import annotations

import html
import os
from functools import cache
from typing import Any
from xml.sax.saxutils import quoteattr

from django.conf import settings

SERIF = ", ".join(
    [
        "Charter",
        "Noto Serif",
        "Noto Naskh Arabic",
        *(
            f"Noto Serif {script}"
            for script in ("Devanagari", "Bengali", "Tamil", "Thai", "Hebrew", "Georgian", "Armenian")
        ),
        "Noto Serif CJK SC",
        "DejaVu Serif",
        "serif",
    ]
)
SANS = "Noto Sans, Noto Sans Arabic, DejaVu Sans, sans-serif"
STACKING = 0x590  # Hebrew, Arabic and what follows
_CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>{folders}<cachedir>{cache}</cachedir></fontconfig>
"""


@cache
def libvips() -> Any:
    """The library, told where fonts are: what is not asked of the system needs no setting up there."""
    folder = settings.CARDS_FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folders = "".join(f"<dir>{html.escape(str(one))}</dir>" for one in settings.FONT_FOLDERS)
    configuration = folder / "fonts.conf"
    configuration.write_text(_CONFIGURATION.format(folders=folders, cache=html.escape(str(folder / "fonts"))))
    os.environ["FONTCONFIG_FILE"] = str(configuration)
    os.environ.setdefault("VIPS_CONCURRENCY", "1")
    import pyvips

    # Each picture is drawn once: to remember the steps costs memory and brings nothing.
    pyvips.cache_set_max(0)
    return pyvips


def lettered(text: str, font: str, size: int, language: str, width: int) -> Any:
    """`text` (not empty) as a mask, `size` pixels high letters, wrapped at `width` pixels."""
    # Scripts whose letters stack need all the room that their fonts ask for.
    close = ' line_height="0.9"' if max(map(ord, text)) < STACKING else ""
    markup = f"<span lang={quoteattr(language)}{close}>{html.escape(text, quote=False)}</span>"
    return libvips().Image.text(markup, font=f"{font} {size}", width=width, dpi=72, wrap="word-char")


def fitted(text: str, font: str, sizes: tuple[int, ...], language: str, box: tuple[int, int]) -> Any:
    """As `lettered`, in the first of `sizes` (pixels) that fits into `box` (width and height), else in the last."""
    width, height = box
    for size in sizes:
        drawn = lettered(text, font, size, language, width)
        if drawn.height <= height and drawn.width <= width:
            break
    return drawn
