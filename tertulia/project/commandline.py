"""The command line: `tertulia event import FILE` runs the command `event_import` of the app that owns events."""

from __future__ import annotations

import errno
import os
import sys
from argparse import SUPPRESS, ArgumentParser
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from tertulia.project import address, environment, journal
from tertulia.project.sample.folder import NotADemo, settle

if TYPE_CHECKING:
    from django.core.management import BaseCommand

FOUND_WRONG = 1
ASKED_WRONGLY = 2
STOPPED = 130
# A disk that is full or broken, a reader who has gone away.
NOT_WRITTEN = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EPIPE}
HELP = {"-h", "--help", "help"}
# What people type: `./run` says so, an installed program is called by its name.
CALLED = environment.value("TERTULIA_CALLED_AS")
# The mask of what is made: nothing of it is for other people of this machine.
ONLY_OURS = 0o077
DJANGO_OPTIONS = {
    "force_color",
    "no_color",
    "pythonpath",
    "settings",
    "skip_checks",
    "traceback",
    "verbosity",
    "version",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    0: done; 1: it found something wrong and said so; 2: it was asked wrongly and changed nothing; 130: it was stopped.
    """
    if arguments is None and environment.value("TERTULIA_DEBUG") != "1":
        # This process is ours alone.
        journal.keep_words_out()
    try:
        code = _answer(list(sys.argv[1:] if arguments is None else arguments))
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _complain("stopped", STOPPED)
    except OSError as fault:
        if fault.filename or fault.errno not in NOT_WRITTEN:
            raise
        _stop_writing()
        return _complain(f"the answer could not be written: {fault.strerror}", FOUND_WRONG)
    return code


def _stop_writing() -> None:
    """What is still waiting to be written would be tried again, and complained of, when the process ends."""
    with Path(os.devnull).open("ab") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def _answer(words: list[str]) -> int:
    os.umask(ONLY_OURS)
    if _lacks_folder(words):
        return _complain("--data needs a folder")
    words = _take_data_folder(words)
    if words[:1] == ["demo"]:
        try:
            settle(words[1:])
        except NotADemo as fault:
            return _complain(str(fault))
    if words[:1] == ["serve"]:
        address.settle(words[1:])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tertulia.project.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
    if not words or words[0] in HELP:
        print(_overview())
        return 0
    for length in (2, 1):
        name = "_".join(word.replace("-", "_") for word in words[:length])
        if name in _homes():
            return _run(_command(name), words[:length], words[length:])
    family = [name for name in sorted(_homes()) if name.startswith(f"{words[0]}_")]
    if family and (len(words) == 1 or words[1] in HELP):
        return _explain(family, asked=len(words) > 1)
    return _complain(f"there is no command {' '.join(words[:2])!r}; {CALLED} --help lists them all")


def _lacks_folder(words: list[str]) -> bool:
    """Whether --data stands without the folder that belongs to it."""
    return "--data=" in words or any(
        word == "--data" and (after is None or after.startswith("-")) for word, after in zip_longest(words, words[1:])
    )


def _take_data_folder(words: list[str]) -> list[str]:
    """`--data DIR` anywhere on the line names the data folder; it has to be known before anything is loaded."""
    for place, word in enumerate(words):
        if word.startswith("--data="):
            os.environ["TERTULIA_DATA"] = word.removeprefix("--data=")
            return words[:place] + words[place + 1 :]
        if word == "--data" and place + 1 < len(words):
            os.environ["TERTULIA_DATA"] = words[place + 1]
            return words[:place] + words[place + 2 :]
    return words


def _homes() -> dict[str, str]:
    """The name of each command of ours, and the app it lives in."""
    from django.core.management import get_commands

    return {name: app for name, app in get_commands().items() if app.startswith("tertulia.")}


def _command(name: str) -> BaseCommand:
    from django.core.management import load_command_class

    return load_command_class(_homes()[name], name)


def _run(command: BaseCommand, called: Sequence[str], words: Sequence[str]) -> int:
    from django.core.management import CommandError
    from django.db import OperationalError

    from tertulia.kit.erasures import Untrusted
    from tertulia.kit.sealing import LostKey
    from tertulia.project import preparing
    from tertulia.project.folders import Unusable

    parser = command.create_parser("tertulia", " ".join(called))
    usual = getattr(command, "usual_folder", "./data")
    parser.epilog = f"--data DIR, anywhere on the line, names the data folder (else $TERTULIA_DATA, else {usual})."
    parser.prog = " ".join([CALLED, *called])
    _hide_what_is_for_developers(parser)
    try:
        options = vars(parser.parse_args(list(words)))
        # A command may have a `check_line` for what can be told from the line alone.
        getattr(command, "check_line", lambda _options: None)(options)
        with _place_of(command):
            command.execute(*options.pop("args", ()), **options)
    except CommandError as fault:
        sys.stdout.flush()
        return _complain(str(fault).removeprefix("Error: "))
    except (Unusable, Untrusted, LostKey) as fault:
        return _complain(str(fault))
    except OperationalError as fault:
        return _complain(f"the database does not answer: {str(fault).splitlines()[0]}; try again in a moment")
    finally:
        preparing.end()
    return 0


def _place_of(command: BaseCommand) -> AbstractContextManager[None]:
    """Only now, when the line is known to be right, may a command that `makes_folders` make them.

    One that `needs_no_house` looks for its place itself, or has none.
    """
    from tertulia.project.occupancy import at_home

    if getattr(command, "needs_no_house", False):
        return nullcontext()
    return at_home(makes_folders=getattr(command, "makes_folders", False))


def _hide_what_is_for_developers(parser: ArgumentParser) -> None:
    """Django's own options work as ever; a help for people who are not programmers does not list them."""
    for action in parser._actions:  # noqa: SLF001 - argparse offers no other way to them
        if action.dest in DJANGO_OPTIONS:
            action.help = SUPPRESS


def _complain(why: str, code: int = ASKED_WRONGLY) -> int:
    print(f"tertulia: {why}", file=sys.stderr)
    return code


def _explain(family: Sequence[str], *, asked: bool) -> int:
    """List the commands of one family; to have named no more than the family is to have asked wrongly."""
    lines = [_listed(name) for name in family]
    print("\n".join([*lines, f"{CALLED} COMMAND --help explains one of them."]), file=None if asked else sys.stderr)
    return 0 if asked else ASKED_WRONGLY


def _listed(name: str) -> str:
    command = _command(name)
    # A command of more than two words says how it is written.
    return f"  {getattr(command, 'written', name.replace('_', ' ', 1)):20} {command.help}"


def _overview() -> str:
    lines = [
        "tertulia: the home of a movement, from the command line.",
        "",
        f"Usage: {CALLED} COMMAND … [--data DIR]",
        "",
    ]
    lines += [_listed(name) for name in sorted(_homes())]
    lines += [
        "",
        f"{CALLED} COMMAND --help explains one of them. The data folder is --data, else $TERTULIA_DATA, else ./data",
        "(that of demo build/demo).",
    ]
    return "\n".join(lines)
