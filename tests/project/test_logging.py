"""What a line of the log looks like."""

from __future__ import annotations

import logging

import pytest
from django.conf import LazySettings

pytestmark = pytest.mark.parser


def test_a_line_says_when_to_the_minute(settings: LazySettings) -> None:
    form = settings.LOGGING["formatters"]["plain"]
    line = logging.makeLogRecord({"name": "tertulia.pages", "levelname": "INFO", "msg": "GET home", "created": 119.9})
    assert (
        logging.Formatter(form["format"], form["datefmt"]).format(line)
        == "1970-01-01 00:01 tertulia.pages INFO GET home"
    )
