"""What is for this machine alone is for nobody for whom somebody passed it on."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from tertulia.kit.origin import FORWARDED, is_from_this_machine

pytestmark = pytest.mark.parser


@pytest.mark.parametrize(
    ("address", "answer"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("192.0.2.1", False), ("", False), ("unknown", False)],
)
def test_the_loopback_is_this_machine(address: str, answer: bool) -> None:
    assert is_from_this_machine(RequestFactory().get("/", REMOTE_ADDR=address)) is answer


@pytest.mark.parametrize("header", FORWARDED)
def test_what_was_passed_on_is_not_from_here_whatever_it_says(header: str) -> None:
    assert is_from_this_machine(RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", headers={})) is True
    assert is_from_this_machine(RequestFactory().get("/", **{"REMOTE_ADDR": "127.0.0.1", header: "127.0.0.1"})) is False
