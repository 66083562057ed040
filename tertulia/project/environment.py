"""Everything that an operator may set from outside, in one table; docs/operator/settings.md is written from it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Variable:
    """One environment variable: its `name`, what holds when it is empty, and what it is for, in plain words."""

    name: str
    default: str
    meaning: str


VARIABLES: tuple[Variable, ...] = (
    Variable("TERTULIA_DATA", "./data", "The data folder: databases, keys, uploaded files. `--data` wins over it."),
    Variable("DATABASE_URL", "", "A PostgreSQL address (postgres://user@host/name). Empty: SQLite in the data folder."),
    Variable(
        "TERTULIA_URL",
        "http://127.0.0.1:8000",
        "The public address, as people type it; https in production. "
        "Without it, links carry the host and port on which the house was last served.",
    ),
    Variable(
        "TERTULIA_BEHIND_PROXY",
        "",
        "1: a server on this machine stands in front; the last X-Forwarded-For and X-Forwarded-Proto are believed it.",
    ),
    Variable(
        "TERTULIA_FANOUT_URL",
        "",
        "Where nchan on this machine is published to (http://127.0.0.1:8003/publish/), if it sends what is said in "
        "rooms to most listeners. Set for one relay alone. Empty: relays send everything themselves.",
    ),
    Variable(
        "TERTULIA_KEYS",
        "",
        "The folder of the keys, backed up apart from the database. Empty: keys/ in the data folder.",
    ),
    Variable(
        "TERTULIA_PEPPER_FILE",
        "",
        "The file of the pepper under which ways back in are stored. Empty: pepper in the folder of the keys.",
    ),
    Variable(
        "TERTULIA_BACKUP_RECIPIENTS",
        "",
        "To whom backups are sealed: one public key, or several with spaces between, as `backup --make-key` prints "
        "them (age1…). The private one is kept on another machine.",
    ),
    Variable("TERTULIA_NAME", "Tertulia", "The name of the organisation, as it stands in the header."),
    Variable(
        "TERTULIA_APP_NAME",
        "Tertulia",
        "What stands under the icon when somebody keeps the site on the first screen of a phone. Others see it there: "
        "keep it to a word that betrays nobody.",
    ),
    Variable(
        "TERTULIA_FONTS",
        "/usr/share/fonts:/usr/local/share/fonts",
        "The folders of fonts, with colons between them, with which share cards are written.",
    ),
    Variable(
        "TERTULIA_LEAVE_URL",
        "https://www.wikipedia.org/",
        "Where “Leave quickly” leads: a page that nobody finds strange on a screen.",
    ),
    Variable(
        "TERTULIA_NEWCOMERS_PER_MINUTE",
        "60",
        "How many new people come in from one network address in a minute, and fifty times as many from all, before "
        "the next ones are asked for a small piece of work of their device, or half a minute of patience. "
        "Behind a server in front, without TERTULIA_BEHIND_PROXY, all share one address: then set it far higher.",
    ),
    Variable(
        "TERTULIA_LEASE_SECONDS", "60", "After how long another worker takes over from one that has died, in seconds."
    ),
    Variable(
        "TERTULIA_RETRY_SECONDS", "15", "How long a task that failed waits first, in seconds; each wait is doubled."
    ),
    Variable("TERTULIA_CALLED_AS", "tertulia", "What helps call the program; ./run sets it to its own name."),
    Variable(
        "TERTULIA_DEBUG",
        "",
        "1 turns on /design/ and other development pages, and prints all of a fault. Never in production.",
    ),
)

_DEFAULTS = {variable.name: variable.default for variable in VARIABLES}


def value(name: str) -> str:
    """What the variable `name` says, or its default; KeyError for a name that is not in the table."""
    default = _DEFAULTS[name]
    return given(name) or default


def given(name: str) -> str:
    """What the variable `name` says, without its default; empty if nothing."""
    return os.environ.get(name, "").strip()


def data_folder() -> Path:
    """Where the data folder is, or will be."""
    return Path(value("TERTULIA_DATA")).expanduser().resolve()


def keys_folder() -> Path:
    """Where the folder of the keys is, or will be."""
    given = value("TERTULIA_KEYS")
    return Path(given).expanduser().resolve() if given else data_folder() / "keys"
