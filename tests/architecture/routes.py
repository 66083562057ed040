"""Every address that the house answers, and every row that declares who may use it."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tests.architecture.access import Neighbour, Route
from tests.architecture.house import ROOT


@dataclass(frozen=True)
class Address:
    """One pattern of the URL configuration: its full name, its full path, the module of its view."""

    name: str
    path: str
    module: str

    @property
    def is_ours(self) -> bool:
        """Whether a view of the house answers."""
        return self.module.split(".")[0] == "tertulia"


def module_of(view: Callable[..., Any]) -> str:
    """The module in which a view was written, below its decorators."""
    if isinstance(view, functools.partial):
        return module_of(view.func)
    if hasattr(view, "view_class"):
        return str(view.view_class.__module__)
    if hasattr(view, "__wrapped__"):
        return module_of(view.__wrapped__)
    return str(getattr(view, "__module__", None) or type(view).__module__)


def addresses(resolver: URLResolver | None = None, space: str = "", path: str = "") -> Iterator[Address]:
    """All patterns below a resolver, in the order in which Django tries them."""
    for pattern in (resolver or get_resolver()).url_patterns:
        # Joined as Django joins the route of a match, so that the two can be compared.
        here = path + (str(pattern.pattern).removeprefix("^") if path else str(pattern.pattern))
        if isinstance(pattern, URLPattern):
            yield Address(f"{space}{pattern.name or ''}", here, module_of(pattern.callback))
        else:
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern, inner, here)


def declared(kind: str) -> list[Any]:
    """What all `tests/<app>/access.py` declare under ROUTES or NEIGHBOURS."""
    found: list[Any] = []
    for path in sorted((ROOT / "tests").glob("*/access.py")):
        if path.parent.name != "architecture":
            found += getattr(importlib.import_module(f"tests.{path.parent.name}.access"), kind, [])
    return found


def routes() -> list[Route]:
    """The rows for addresses of ours."""
    return declared("ROUTES")


def neighbours() -> list[Neighbour]:
    """The rows for addresses of libraries."""
    return declared("NEIGHBOURS")
