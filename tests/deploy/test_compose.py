"""The containers start commands that there are, with settings that there are, from the lock."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from tertulia.project.environment import VARIABLES
from tests.deploy.house import DEPLOY, ROOT

pytestmark = [pytest.mark.parser]
COMMANDS = ROOT / "tertulia/project/management/commands"
OURS = {"prepare", "web", "relay", "worker"}


@pytest.fixture
def composition() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return read


def test_every_command_exists(composition: dict[str, Any]) -> None:
    said = {name: service["command"][0] for name, service in composition["services"].items() if name in OURS}
    assert said == {name: name for name in OURS}
    assert [name for name in OURS if not (COMMANDS / f"{name}.py").exists()] == []
    assert set(composition["services"]) - OURS == {"front", "database"}


def test_every_variable_is_in_the_table(composition: dict[str, Any]) -> None:
    given = {name for service in composition["services"].values() for name in service.get("environment", {})}
    of_postgres = {name for name in given if name.startswith("POSTGRES_")}
    assert given - of_postgres - {variable.name for variable in VARIABLES} == set()


def test_what_they_share_is_there(composition: dict[str, Any]) -> None:
    """Volumes are declared; files stand where they are mounted from; pages and relay meet in one data folder."""
    mounts = [mount.split(":") for service in composition["services"].values() for mount in service.get("volumes", [])]
    names = {source for source, *_ in mounts if not source.startswith(".")}
    assert names == set(composition["volumes"])
    made_by_the_operator = {"./tls"}
    files = {source for source, *_ in mounts if source.startswith(".")} - made_by_the_operator
    assert [file for file in files if not (DEPLOY / file).exists()] == []
    for name in OURS:
        service = composition["services"][name]
        assert "data:/var/lib/tertulia" in service["volumes"], name
        assert (service["network_mode"], service["env_file"]) == ("service:front", "environment"), name


def test_nobody_but_nginx_is_reached_from_outside(composition: dict[str, Any]) -> None:
    open_to_all = {name: service["ports"] for name, service in composition["services"].items() if "ports" in service}
    assert open_to_all == {"front": ["80:80", "443:443"]}


def test_the_image_is_made_from_the_lock_with_hashes() -> None:
    recipe = (DEPLOY / "Dockerfile").read_text()
    assert "pip install --no-cache-dir --require-hashes --no-deps -r requirements/run.txt" in recipe
    copied = re.findall(r"^COPY (\S+)", recipe, re.MULTILINE)
    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert 'ENTRYPOINT ["python", "-m", "tertulia.project"]' in recipe
