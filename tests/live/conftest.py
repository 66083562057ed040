"""A relay for the pages to speak to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from tertulia.live.models import Room
    from tertulia.programme.models import Participation
    from tests.live.stand import Stand


@pytest.fixture
def relay(tmp_path: Path, db: None) -> Iterator[Stand]:
    """The one writer, for as long as the test lasts."""
    # Not above: this file is read before the settings are.
    from tests.live.stand import stand

    with stand(tmp_path) as place:
        yield place


@pytest.fixture
def room() -> Room:
    """A room with a door for accounts."""
    from tests.live.scenes import a_room

    return a_room()


@pytest.fixture
def wren(room: Room) -> Participation:
    """Somebody who is in."""
    from tests.live.scenes import somebody_in

    return somebody_in(room)


@pytest.fixture
def inside(client: Client, wren: Participation) -> Client:
    """The browser of Wren, who is in."""
    from tests.factories.people import sign_in

    return sign_in(client, wren.account)
