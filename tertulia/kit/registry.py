"""The one registry: what must look upward is offered here by the upper app, in its `apps.ready()`.

A lower app asks the registry and never learns who answers. Each slot is typed; a name is taken once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from tertulia.kit.held import Section

Entry = TypeVar("Entry")


class Slot(Generic[Entry]):
    """Named entries of one kind, in the order in which they were offered."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._entries: dict[str, Entry] = {}

    def offer(self, name: str, entry: Entry) -> None:
        """Take `entry` under `name`; a second one under the same name is a fault of the program (ValueError)."""
        if name in self._entries:
            raise ValueError(f"{self.kind} {name!r} is offered twice")
        self._entries[name] = entry

    def named(self, name: str) -> Entry:
        """The entry of that name; LookupError if nobody offered one."""
        if name not in self._entries:
            raise LookupError(f"no {self.kind} is called {name!r}")
        return self._entries[name]

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def names(self) -> list[str]:
        """The names taken so far."""
        return list(self._entries)


@dataclass(frozen=True)
class Region:
    """A part of somebody else's page: `template` with what `context(subject, request)` gives; None: nothing."""

    page: str
    template: str
    context: Callable[[Any, Any], dict[str, Any] | None]


@dataclass(frozen=True)
class NavigationEntry:
    """A way into a part of the site: a translated `label` (lazy) and a URL name; `order` counts from 10 by tens.

    It stands at the head and the foot of every page; `at_foot_only` what is looked for less often.
    """

    label: Any
    url_name: str
    order: int
    at_foot_only: bool = False


@dataclass(frozen=True)
class Task:
    """Work that can be put off, idempotent, called with opaque ids; `every_minutes` if it also runs by itself.

    `leaves_no_trace`: the queue forgets it when it is done, since its time would say when somebody did something.
    """

    run: Callable[..., None]
    every_minutes: int | None = None
    leaves_no_trace: bool = False


@dataclass(frozen=True)
class Erasure:
    """What can be on the erasure list: the ids `present` here, and how to `erase` the thing with one of them.

    The name it is offered under is the kind under which the list notes it.
    """

    present: Callable[[], Iterable[str]]
    erase: Callable[[str], None]


# Asked when somebody leaves, with the request and the account: the (name, path) of each cookie that has to go too.
Farewell = Callable[[Any, Any], list[tuple[str, str]]]

# Whether there is something of that public name which a role can be limited to, such as an event.
Scope = Callable[[str], bool]

# Told inside the transaction in which a consent ends, with the person and the purpose, while the name still stands.
ConsentEnd = Callable[[Any, str], None]

# Told inside the transaction in which somebody comes to be called otherwise, with the person, before it is so.
NameChange = Callable[[Any], None]

# The keys of the persons whose rows change as well when the name of the person with that key is taken out.
Neighbours = Callable[[int], Iterable[int]]

# Whether something of an upper app speaks of the person with that key.
Mention = Callable[[int], bool]


@dataclass(frozen=True)
class WhatWeKnow:
    """What an app holds about an account: `told(account)` in the language of the page, None for nothing.

    `models` are the labels of the models whose rows it tells of, such as "programme.Participation"; `order` counts
    from 10 by tens.
    """

    models: frozenset[str]
    told: Callable[[Any], Section | None]
    order: int


@dataclass(frozen=True)
class NoticeKind:
    """What notices say: `sentences(references)` in the language of the page, by reference, and the URL name behind."""

    sentences: Callable[[list[str]], dict[str, str]]
    url_name: str


@dataclass(frozen=True)
class Going:
    """What is kept because of an event, for the page that tells everybody what goes when.

    `name` in the file, `what` it is; `days` after the close of the event, or None and `ends` says what ends it instead.
    `models` are the labels of the models whose rows it speaks of; `order` counts from 10 by tens. `is_gone(event)`: it
    is not here any more; None where nobody here can tell. `noted(event)`: the kind, and the ids of that kind, under
    which the erasure list has it.
    """

    name: str
    what: Any
    order: int
    models: frozenset[str] = frozenset()
    days: int | None = None
    ends: Any = ""
    is_gone: Callable[[Any], bool] | None = None
    noted: Callable[[Any], tuple[str, list[str]]] | None = None


@dataclass(frozen=True)
class Told:
    """What the audit log is told of a fact.

    `by_id` is the key of the account of staff that did it, None the machine itself or its operator. `kind` and
    `subject` say what it is about: the kind of a thing and its public name, none for who takes part or is credited.
    `detail` are words of the house, such as a role; no words of people.
    """

    kind: str
    subject: str = ""
    by_id: int | None = None
    detail: str = ""


@dataclass(frozen=True)
class Record:
    """A fact that the audit log keeps: the (lazy) `sentence` that says what happened; it is offered as `app.Fact`."""

    sentence: Any


@dataclass(frozen=True)
class ExportKind:
    """An export of people's data, which one colleague asks for and another approves.

    `may(visitor, scope)` says who does either, `may_any(visitor)` who has anything to choose, `choices(visitor)` gives
    the (scope, label) that can be asked for, and `rows(scope)` the data, a flat row for each.
    """

    label: Any
    may_any: Callable[[Any], bool]
    may: Callable[[Any, str], bool]
    choices: Callable[[Any], list[tuple[str, str]]]
    rows: Callable[[str], list[dict[str, str]]]


# The keys of the persons whom the event at an address credits, or has credited; of no address, any event: a query.
Credited = Callable[[str], Any]

# Where each of the persons with these keys is credited, in some short pieces that tell namesakes apart.
CreditedFor = Callable[[Iterable[int]], dict[int, tuple[str, ...]]]

# Whether somebody who takes part goes now by a name that could be taken for this one.
Bears = Callable[[str], bool]

regions: Slot[Region] = Slot("region")
navigation: Slot[NavigationEntry] = Slot("navigation entry")
tasks: Slot[Task] = Slot("task")
farewells: Slot[Farewell] = Slot("farewell")
scopes: Slot[Scope] = Slot("scope")
erasures: Slot[Erasure] = Slot("erasure")
consent_ends: Slot[ConsentEnd] = Slot("end of a consent")
name_changes: Slot[NameChange] = Slot("change of a name")
name_neighbours: Slot[Neighbours] = Slot("neighbours of a name")
mentions: Slot[Mention] = Slot("mention")
what_we_know: Slot[WhatWeKnow] = Slot("what we know")
notice_kinds: Slot[NoticeKind] = Slot("kind of notice")
goings: Slot[Going] = Slot("going")
records: Slot[Record] = Slot("record")
exports: Slot[ExportKind] = Slot("export")
credited: Slot[Credited] = Slot("credit")
borne: Slot[Bears] = Slot("question who bears a name")
credited_for: Slot[CreditedFor] = Slot("words for a credit")


def regions_of(page: str) -> list[Region]:
    """The regions that others offer for `page`, in order of offering."""
    return [region for region in regions if region.page == page]
