"""What a device is told that keeps the site on its first screen: the manifest, and the worker for lost connections."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi, override

from tertulia.design.palette import colours
from tertulia.design.pictures import ICONS
from tertulia.design.queries import style_sheet
from tertulia.kit.registry import navigation

MOST_SHORTCUTS = 4


def manifest() -> dict[str, Any]:
    """The site as an app, in the language of the page; it is called what stands on the screen, and not who we are."""
    entries = sorted(navigation, key=lambda entry: entry.order)[:MOST_SHORTCUTS]
    night = colours()["night"]
    return {
        "id": "/",
        "name": settings.APP_NAME,
        "short_name": settings.APP_NAME,
        "lang": get_language() or settings.LANGUAGE_CODE,
        "dir": "rtl" if get_language_bidi() else "ltr",
        "start_url": reverse("wagtail_serve", args=[""]),
        "scope": "/",
        "display": "standalone",
        "theme_color": night,
        "background_color": night,
        "icons": [_icon(kind) for kind in ("192", "512", "maskable-512")],
        "shortcuts": [{"name": str(entry.label), "url": reverse(entry.url_name)} for entry in entries],
    }


def worker() -> str:
    """The script of the worker; it changes, and so is taken anew, when what it keeps does."""
    pages = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            pages["" if code == settings.LANGUAGE_CODE else code] = reverse("design:offline")
    files = [reverse("styles", args=[style_sheet().name]), static("design/favicon.svg")]
    told = json.dumps([pages, files, *_texts()], ensure_ascii=True)
    name = f"away-{hashlib.sha256(told.encode()).hexdigest()[:12]}"
    kept = json.dumps({"name": name, "pages": pages, "files": files})
    return render_to_string("design/worker.js", {"kept": kept})


def _texts() -> list[str]:
    """The pages that are kept, so that a new wording is noticed."""
    texts: list[str] = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            texts.append(render_to_string("design/offline.html"))
    return texts


def _icon(kind: str) -> dict[str, str]:
    size = ICONS[kind][0]
    purpose = "maskable" if kind.startswith("maskable") else "any"
    return {"src": reverse("icon", args=[kind]), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
