"""What is for this machine alone is for nobody for whom somebody passed it on."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from tertulia.kit.origin import FORWARDED, is_from_this_machine

pytestmark = pytest.mark.parser


def is_here(address: str = "127.0.0.1", host: str = "127.0.0.1:8000", **headers: str) -> bool:
    return is_from_this_machine(RequestFactory().post("/", REMOTE_ADDR=address, HTTP_HOST=host, **headers))


@pytest.mark.parametrize(
    ("address", "answer"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("192.0.2.1", False), ("", False), ("unknown", False)],
)
def test_the_loopback_is_this_machine(address: str, answer: bool) -> None:
    assert is_here(address) is answer


@pytest.mark.parametrize("header", FORWARDED)
def test_what_was_passed_on_is_not_from_here_whatever_it_says(header: str) -> None:
    assert is_here() is True
    assert is_here(**{header: "127.0.0.1"}) is False


@pytest.mark.parametrize(
    ("host", "answer"),
    [
        ("localhost", True),
        ("localhost:8000", True),
        ("[::1]:8000", True),
        ("127.0.0.1", True),
        ("festival.example", False),
        ("localhost.festival.example", False),
        ("192.0.2.1:8000", False),
        ("", False),
    ],
)
def test_a_public_name_is_not_this_machine_even_if_nobody_says_that_it_was_passed_on(host: str, answer: bool) -> None:
    assert is_here(host=host) is answer


@pytest.mark.parametrize(
    ("origin", "answer"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://localhost:8000", True),
        ("http://[::1]:8000", True),
        ("https://festival.example", False),
        ("http://127.0.0.1.festival.example", False),
        ("http://[half", False),
        ("null", False),
        ("", False),
    ],
)
def test_a_form_that_stood_on_a_public_page_is_not_from_here(origin: str, answer: bool) -> None:
    assert is_here(HTTP_ORIGIN=origin) is answer
