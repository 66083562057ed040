"""Who asks, and over what, with and without a server in front."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import LazySettings

from tertulia.project.front import secure_address, seen_through

pytestmark = pytest.mark.parser


def seen(*headers: tuple[bytes, bytes], client: Any = ("127.0.0.1", 5)) -> tuple[Any, str]:
    """The client and the scheme of a request with these headers."""
    scope = seen_through({"scheme": "http", "client": client, "headers": list(headers)})
    return scope["client"], scope["scheme"]


FOR = (b"x-forwarded-for", b"203.0.113.9, 198.51.100.7")
PROTO = (b"x-forwarded-proto", b"https")


def test_nobody_is_believed_unless_the_setting_says_so() -> None:
    assert seen(FOR, PROTO) == (("127.0.0.1", 5), "http")


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ([FOR, PROTO], (("198.51.100.7", 0), "https")),
        ([(b"x-forwarded-for", b"203.0.113.9"), (b"x-forwarded-for", b"2001:db8::1")], (("2001:db8::1", 0), "http")),
        ([(b"x-forwarded-for", b"198.51.100.7, unknown")], (("127.0.0.1", 5), "http")),
        ([(b"x-forwarded-proto", b"https, javascript")], (("127.0.0.1", 5), "http")),
        ([], (("127.0.0.1", 5), "http")),
    ],
)
def test_the_last_word_of_the_server_in_front_counts(headers: Any, told: Any, settings: LazySettings) -> None:
    settings.BEHIND_PROXY = True
    assert seen(*headers) == told


@pytest.mark.parametrize("client", [("192.0.2.1", 5), ("", 0), None])
def test_only_a_server_on_this_machine_is_believed(client: Any, settings: LazySettings) -> None:
    settings.BEHIND_PROXY = True
    assert seen(FOR, PROTO, client=client) == (client, "http")


@pytest.mark.parametrize("host", [b"festival.example", b"Festival.Example:443"])
def test_what_is_asked_of_a_public_address_with_https_is_secure(host: bytes, settings: LazySettings) -> None:
    settings.SECURE, settings.HOST = True, "festival.example"
    assert seen((b"host", host)) == (("127.0.0.1", 5), "https")
    assert seen((b"host", b"127.0.0.1:8000")) == (("127.0.0.1", 5), "http")
    settings.SECURE = False
    assert seen((b"host", host)) == (("127.0.0.1", 5), "http")


HOST = (b"host", b"festival.example")


@pytest.fixture
def public(settings: LazySettings) -> None:
    settings.ADDRESS, settings.HOST, settings.SECURE = "https://festival.example", "festival.example", True


@pytest.mark.usefixtures("public")
def test_a_server_in_front_that_is_believed_is_believed_that_it_came_in_clear(settings: LazySettings) -> None:
    clear = (b"x-forwarded-proto", b"http")
    assert seen(HOST, clear)[1] == "https"
    settings.BEHIND_PROXY = True
    assert seen(HOST, clear)[1] == "http"
    assert seen(HOST, (b"x-forwarded-proto", b"gopher"))[1] == "https"
    assert seen(HOST, clear, client=("192.0.2.1", 5))[1] == "https"


@pytest.mark.usefixtures("public")
@pytest.mark.parametrize(
    ("host", "scheme", "query", "address"),
    [
        (b"festival.example", "http", b"", b"https://festival.example/es/events/"),
        (b"festival.example:80", "http", b"zone=UTC", b"https://festival.example/es/events/?zone=UTC"),
        (b"festival.example", "https", b"", b""),
        (b"127.0.0.1:8000", "http", b"", b""),
        (b"elsewhere.example", "http", b"", b""),
    ],
)
def test_what_came_in_clear_is_to_be_had_over_https(host: bytes, scheme: str, query: bytes, address: bytes) -> None:
    asked = {"scheme": scheme, "headers": [(b"host", host)], "raw_path": b"/es/events/", "query_string": query}
    assert secure_address(asked) == address


def test_an_address_that_does_not_say_https_sends_nobody_there() -> None:
    asked = {"scheme": "http", "headers": [(b"host", b"127.0.0.1")], "raw_path": b"/", "query_string": b""}
    assert secure_address(asked) == b""
