"""The schedule.json of c3voc, pretalx and frab: `parse(bytes)` and `render(schedule)`, where parse(render(x)) is x."""

from tertulia.programme.formats.schedule_json.reading import parse
from tertulia.programme.formats.schedule_json.writing import render

__all__ = ["parse", "render"]
