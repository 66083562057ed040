"""What an action may answer instead of doing what it was asked."""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """An action was not carried out and nothing changed; `str()` is a sentence for the person who asked."""


class NotAllowed(Refusal):
    """Whoever asked may not do this."""


class Invalid(Refusal):
    """What was given cannot be used; `where` names the field or the place in a file."""

    def __init__(self, why: str, where: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.where = where


class Overtaken(Refusal):
    """What was looked at has been changed since by somebody else: it has to be looked at again."""


class TooFast(Refusal):
    """It may be done, and not so soon again."""


class Gone(Refusal):
    """What was asked for has ended, expired or been taken back."""
