"""What pages need, loaded before the first visitor comes."""

from __future__ import annotations

from importlib import import_module
from typing import Any
from wsgiref.util import setup_testing_defaults

from django.conf import settings


def load_pages() -> None:
    """Import whatever pages need and make the front page once, for nobody; processes forked afterwards share it.

    Whatever is imported or made for the first time after a fork writes on memory that was shared until then.
    """
    pages = import_module("tertulia.project.wsgi").application
    request: dict[str, Any] = {"HTTP_HOST": settings.HOST}
    setup_testing_defaults(request)
    pages(request, lambda *_: None).close()
