"""What a participant needs of a page, found without reading all of it: thousands of them share a processor."""

from __future__ import annotations

import re
from functools import cache
from html import unescape

from tertulia.live.rehearsal.browser import Form, Page, Response

_FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
_LIST = re.compile(r'(<select\b[^>]*\bname="(\w+)"[^>]*>)(.*?)(</select>)', re.DOTALL)
_CHOICE = re.compile(r'<option value="([^"]+)"')
_ROOM = re.compile(r'<a\b[^>]*\bhref="([^"]*/live/[^"]*)"')
_TASK = re.compile(r'data-seed="([0-9a-f]+)" data-pieces="([0-9]+)" data-bits="([0-9]+)"')


def form_with(name: str, page: Response) -> Form:
    """The form of the page that has a field called `name`; LookupError if there is none.

    What its lists offer is read where it is the same as before only once.
    """
    for found in _FORM.finditer(page.body.decode()):
        if f'name="{name}"' not in found[0]:
            continue
        lean = _LIST.sub(r"\1\4", found[0])
        form = Page(Response(page.path, body=lean.encode())).form_with(name)
        form.choices = {choice: _choices(options) for _, choice, options, _ in _LIST.findall(found[0])}
        return form
    raise LookupError(f"{page.path} has no form with {name}")


@cache
def _choices(options: str) -> list[str]:
    return _CHOICE.findall(options)


def first_room(page: Response) -> str:
    """The address of the first room of an event's page; LookupError if it has none."""
    found = _ROOM.search(page.body.decode())
    if not found:
        raise LookupError(f"{page.path} has no room to talk in")
    return unescape(found[1])


def marked(page: Response, name: str) -> str:
    """What the page says in its attribute `data-NAME`; LookupError."""
    found = re.search(rf'\bdata-{name}="([^"]*)"', page.body.decode())
    if not found:
        raise LookupError(f"{page.path} does not say its {name}")
    return unescape(found[1])


def task_of(page: Response) -> tuple[str, int, int] | None:
    """The piece of work that a page asks for: the seed, how many pieces, how many bits of each."""
    found = _TASK.search(page.body.decode())
    return (found[1], int(found[2]), int(found[3])) if found else None


def spread(offered: list[str], number: int, wanted: int) -> str:
    """What participant `number` chooses when `wanted` of those `offered` are chosen, from all over the list."""
    wanted = min(wanted, len(offered))
    return offered[(number % wanted) * len(offered) // wanted]
