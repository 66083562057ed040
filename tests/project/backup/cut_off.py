"""A restore that is killed at a chosen moment: `python -m tests.project.backup.cut_off MOMENT ARCHIVE IDENTITY`."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

MOMENTS = [
    "while it is unpacked",
    "after the mark",
    "half moved",
    "all moved",
    "in the middle of the dump",
    "before erasing again",
    "settled",
    "undoing",
]


def cut(*_anything: object, **_more: object) -> None:
    """End this process as a power cut does."""
    os.kill(os.getpid(), signal.SIGKILL)


def after(times: int, call: Callable[..., Any]) -> Callable[..., Any]:
    """`call` so many times, and then the end."""
    left = [times]

    def counted(*given: Any, **named: Any) -> Any:
        if not left[0]:
            cut()
        left[0] -= 1
        return call(*given, **named)

    return counted


def arrange(moment: str) -> None:
    """Lay the cut where it is to be."""
    from tertulia.project.backup import archive, place, postgres, restoring

    def refuse(*_anything: object) -> None:
        raise OSError("no")

    at: dict[str, list[tuple[Any, str, Callable[..., Any]]]] = {
        "while it is unpacked": [(archive, "_lay", after(1, archive._lay))],
        "after the mark": [(Path, "rename", after(1, Path.rename))],
        "half moved": [(Path, "rename", after(3, Path.rename))],
        "all moved": [(postgres, "load", cut), (restoring, "call_command", cut)],
        "in the middle of the dump": [(shutil, "copyfileobj", half), (restoring, "call_command", cut)],
        "before erasing again": [(restoring, "_erase_again", cut)],
        "settled": [(place, "clear", cut)],
        "undoing": [(restoring, "_erase_again", refuse), (place, "_remove", after(1, place._remove))],
    }
    for where, name, instead in at[moment]:
        setattr(where, name, instead)


def half(source: Any, target: Any, _size: int) -> None:
    """Pass on the first part of a dump, and be killed."""
    target.write(source.read(40_000))
    target.flush()
    cut()


if __name__ == "__main__":
    import django

    django.setup()
    from tertulia.project.commandline import main

    arrange(sys.argv[1])
    sys.exit(main(["restore", sys.argv[2], "--identity", sys.argv[3]]))
