"""Open files are allowed for a while, or it is said what is lacking."""

from __future__ import annotations

import resource

import pytest

from tertulia.live.rehearsal.files import TooFewFiles, files_allowed


def test_more_files_are_allowed_while_they_are_needed() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (1000, before[1]))
    try:
        with files_allowed(1500):
            assert resource.getrlimit(resource.RLIMIT_NOFILE) == (1500, before[1])
        with files_allowed(900):
            assert resource.getrlimit(resource.RLIMIT_NOFILE) == (1000, before[1])
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (1000, before[1])
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_what_no_machine_allows_is_told() -> None:
    allowed = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    with (
        pytest.raises(TooFewFiles, match=f"^2000000000 open files, {allowed} are allowed here: "),
        files_allowed(2 * 10**9),
    ):
        raise AssertionError("nobody gets here")
