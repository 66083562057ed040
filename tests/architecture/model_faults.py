"""One fault against each rule of the models, and what has to be said of it."""

from __future__ import annotations

from tests.architecture.faults import TESTS, Fault

MODEL_FAULTS = [
    Fault(
        "a foreign key that points up",
        TESTS,
        "tertulia/people/models/person.py",
        'class Up(models.Model):\n    room = models.ForeignKey("live.Room", on_delete=models.CASCADE)',
        "people.Up.room: points at live.Room, which stands above or beside it",
    ),
    Fault(
        "a table that joins upward",
        TESTS,
        "tertulia/people/models/person.py",
        'class Many(models.Model):\n    events = models.ManyToManyField("programme.Event")',
        "people.Many.events: points at programme.Event",
    ),
    Fault(
        "a model without retention",
        TESTS,
        "tertulia/people/models/person.py",
        "class Kept(models.Model):\n    pass",
        "people.Kept: declares no retention",
    ),
    Fault(
        "somebody else's model without retention",
        TESTS,
        "tertulia/project/retention.py",
        "",
        "taggit.Tag: has no retention",
        instead_of='    "taggit.Tag": Retention(Ends.NEVER, "words that editors sort pictures and documents by"),\n',
    ),
    Fault(
        "a retention of what is gone",
        TESTS,
        "tertulia/project/retention.py",
        '    "axes.AccessLog": _EDITED,\n    # Django\n',
        "axes.AccessLog: no such model is installed",
        instead_of="    # Django\n",
    ),
    Fault(
        "a key that counts",
        TESTS,
        "tertulia/people/models/person.py",
        "class Counted(models.Model):\n    id = models.AutoField(primary_key=True)",
        "people.Counted.id: AutoField tells the order of arrival",
    ),
    Fault(
        "a column that tells when",
        TESTS,
        "tertulia/people/models/person.py",
        'class Timed(models.Model):\n    on = models.DateField()\n    retention = Retention(Ends.WHEN_ASKED, "x")',
        "people.Timed.on: could tell when or from where",
    ),
    Fault(
        "a column that tells from where",
        TESTS,
        "tertulia/people/models/person.py",
        'class Placed(models.Model):\n    ip = models.TextField()\n    retention = Retention(Ends.WHEN_ASKED, "x")',
        "people.Placed.ip: could tell when or from where",
    ),
    Fault(
        "an excuse for what is gone",
        TESTS,
        "tertulia/project/telling.py",
        '    "axes.AccessLog.ip_address": _UNUSED,\n    "project.Due.at"',
        "axes.AccessLog.ip_address: is excused and is not there",
        instead_of='    "project.Due.at"',
    ),
    Fault(
        "a row that says a name",
        TESTS,
        "tertulia/people/models/person.py",
        'class Named(models.Model):\n    name = models.TextField()\n    retention = Retention(Ends.WHEN_ASKED, "x")\n\n'
        "    def __str__(self) -> str:\n        return self.name",
        "people.Named.__str__: says 'canary:people.Named.name.'",
    ),
    Fault(
        "a template that includes one above it",
        TESTS,
        "tertulia/people/templates/people/planted.html",
        '{% include "live/room.html" %}',
        "people/planted.html: uses live/room.html of live, which stands above",
    ),
    Fault(
        "a template that loads tags from above",
        TESTS,
        "tertulia/kit/templates/kit/planted.html",
        "{% load look %}",
        "kit/planted.html: uses look of design, which stands above",
    ),
    Fault(
        "a view that names a template above it",
        TESTS,
        "tertulia/people/rules.py",
        'PLANTED = "live/room.html"',
        "names live/room.html of live",
    ),
]
