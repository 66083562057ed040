"""The conversation in the sample's rooms, posted through the relay by participants who came in for it."""

from __future__ import annotations

from django.conf import settings

from tertulia.kit.phrases import Kind
from tertulia.live.actions import say
from tertulia.live.models import Room
from tertulia.live.queries import rooms_of
from tertulia.programme.actions.participation import come_in_anew
from tertulia.programme.models import Event, Participation
from tertulia.project.sample.festival import read
from tertulia.project.sample.folder import remember, remembered


def post_talk(event: Event) -> int:
    """Have the sample conversation in the event's rooms, once in the life of a demo; how many messages were posted.

    Each message has an identity of its own, so that a start that was cut short is taken up where it ended.
    Gone if the rooms cannot be reached.
    """
    if remembered(settings.DATA).get("talk") == "posted":
        return 0
    rooms = {room.place.name: room for room in rooms_of(event)}
    cast: dict[str, Participation] = {}
    messages = read("talk.json")
    for number, message in enumerate(messages):
        speaker = cast.setdefault(message["name"], _speaker(event, message["name"], cast))
        _post(rooms[message["room"]], speaker, number, message["text"])
    remember(settings.DATA, talk="posted")
    return len(messages)


def _speaker(event: Event, name: str, cast: dict[str, Participation]) -> Participation:
    known = cast.get(name) or Participation.objects.filter(event=event, chosen_name=name).first()
    return known or come_in_anew(event, name, Kind.WORDS)[0]


def _post(room: Room, speaker: Participation, number: int, text: str) -> None:
    say(room, speaker, f"sample-{number:03}", text)
