"""What a listener sees after what was heard: each event folded onto what stood there before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tertulia.live.queries import Message


def folded_talk(heard: Iterable[dict[str, Any]], before: Iterable[Message] = ()) -> list[Message]:
    """The messages that stand there after events (bodies with their `sequence`) that follow `before`."""
    talk = {message.sequence: message for message in before}
    for event in heard:
        _fold(talk, event)
    return [talk[sequence] for sequence in sorted(talk)]


def _fold(talk: dict[int, Message], event: dict[str, Any]) -> None:
    sequence, of = event["sequence"], event.get("of", 0)
    if event["kind"] == "said":
        at = datetime.fromisoformat(event["at"])
        words = (event["author"], event["name"], event["text"])
        talk[sequence] = Message(sequence, *words, at, event.get("reply"), is_edited=event.get("edited", False))
    elif event["kind"] == "gone":
        talk[sequence] = Message(sequence, gone_by=event["by"])
    elif of in talk and event["kind"] == "removed":
        talk[of] = Message(of, gone_by=event["by"])
    elif of in talk and event["kind"] == "edited" and "text" in event and not talk[of].gone_by:
        was = talk[of]
        talk[of] = Message(of, was.author, was.name, event["text"], was.at, was.reply, is_edited=True)
