"""An operator, and a house that is as it was when the test is over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import LazySettings

if TYPE_CHECKING:
    from tests.project.backup.scenes import Operator


@pytest.fixture
def operator(tmp_path: Path, settings: LazySettings) -> Iterator[Operator]:
    """Who has made a pair of keys, and has told the house the public one."""
    # Not above: this file is read before the settings are.
    from tertulia.project.backup.envelope import make_key
    from tertulia.project.commandline import main
    from tests.project.backup.scenes import Operator, close, remove

    assert main(["prepare", "--verbosity=0"]) == 0
    one = Operator(tmp_path)
    settings.BACKUP_RECIPIENTS = [make_key(one.identity)]
    yield one
    close()
    for name in ("media", "rooms.sqlite3", "erasures", ".restore"):
        if (settings.DATA / name).exists():
            remove(settings.DATA / name)
