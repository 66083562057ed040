"""One fault against each house rule, and what the check that holds the rule has to say of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

HEAD = '"""A planted fault."""\n\n'
LAYERS, STYLE, FORM, TYPES, TEMPLATES, MIGRATIONS = "layers", "style", "form", "types", "templates", "migrations"
TESTS = "tests"


@dataclass(frozen=True)
class Fault:
    """`text` put at the end of `path` (or in the place of `instead_of`); then `found_by` must say `says`."""

    name: str
    found_by: str
    path: str
    text: str
    says: str
    instead_of: str = ""

    def plant(self, root: Path) -> None:
        """Put the fault into a copy of the repository."""
        file = root / self.path
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.suffix == ".py":
            (file.parent / "__init__.py").touch()
        before = file.read_text() if file.exists() else (HEAD if file.suffix == ".py" else "")
        if self.instead_of:
            assert self.instead_of in before, f"{self.name}: {self.path} does not hold {self.instead_of!r} any more"
            file.write_text(before.replace(self.instead_of, self.text))
        else:
            file.write_text(f"{before}\n\n{self.text}\n" if before else f"{self.text}\n")


def importing(line: str) -> str:
    """An import that import-linter sees, and that nothing ever carries out."""
    return f"def planted_{abs(hash(line))}() -> None:\n    {line}\n"


LAYER_FAULTS = [
    Fault(
        "an app imports one above it",
        LAYERS,
        "tertulia/people/rules.py",
        importing("from tertulia.live import facts"),
        "tertulia.people is not allowed to import tertulia.live",
    ),
    Fault(
        "an app imports its stranger",
        LAYERS,
        "tertulia/library/models.py",
        importing("from tertulia.programme import facts"),
        "tertulia.library is not allowed to import tertulia.programme",
    ),
    Fault(
        "a new app has a place in the order", LAYERS, "tertulia/library/__init__.py", "", "The order inside each app"
    ),
    Fault(
        "a file of a new app imports upward",
        LAYERS,
        "tertulia/library/facts.py",
        importing("from tertulia.library import models"),
        "tertulia.library.facts is not allowed to import tertulia.library.models",
    ),
    Fault(
        "a file of a new app has a name of its own",
        LAYERS,
        "tertulia/library/weather.py",
        "",
        "- tertulia.library.weather",
    ),
    Fault("a new app has no place in the order", LAYERS, "tertulia/weather/__init__.py", "", "- tertulia.weather"),
    Fault(
        "an app enters another past its doors",
        LAYERS,
        "tertulia/live/rules.py",
        importing("from tertulia.people import apps"),
        "apps is no door of people",
    ),
    Fault(
        "an engine imports Django",
        LAYERS,
        "tertulia/live/relay/planted.py",
        importing("from django import conf"),
        "tertulia.live.relay loads django",
    ),
    Fault(
        "an engine imports a piece of the kit that loads Django",
        LAYERS,
        "tertulia/live/relay/planted.py",
        importing("from tertulia.kit import fields"),
        "tertulia.live.relay is an engine and knows nothing of tertulia.kit.fields",
    ),
    Fault(
        "an engine imports its own app",
        LAYERS,
        "tertulia/live/relay/planted.py",
        importing("from tertulia.live import facts"),
        "tertulia.live.relay is an engine and knows nothing of tertulia.live.facts",
    ),
    Fault(
        "an engine that does not exist is listed",
        LAYERS,
        ".importlinter",
        "tertulia.programme.solver",
        "this engine does not exist",
        instead_of="(tertulia.programme.solver)",
    ),
    Fault(
        "the __init__ of an app imports something",
        LAYERS,
        "tertulia/home/__init__.py",
        importing("from tertulia.kit import errors"),
        "the __init__ of an app imports nothing",
    ),
    Fault(
        "somebody imports an app as a whole",
        LAYERS,
        "tertulia/live/rules.py",
        importing("import tertulia.people"),
        "name the door that is meant",
    ),
]

TOOL_FAULTS = [
    Fault("an import that nobody uses", STYLE, "tertulia/kit/errors.py", "import os", "F401"),
    Fault("a file that was not formatted", FORM, "tertulia/kit/errors.py", "x = {  'a':1 }", "FOUND SOMETHING"),
    Fault(
        "a function without types", TYPES, "tertulia/kit/planted.py", "def untyped(x):\n    return x", "no-untyped-def"
    ),
    Fault("a picture without words", TEMPLATES, "tertulia/home/templates/home/picture.html", '<img src="x">', "H013"),
    Fault(
        "a model without a migration",
        MIGRATIONS,
        "tertulia/people/models/person.py",
        'class Unmigrated(models.Model):\n    retention = Retention(Ends.NEVER, "planted")',
        "Create model Unmigrated",
    ),
]

SHAPE_FAULTS = [
    Fault("a link that leads nowhere", TESTS, "docs/planted.md", "[there](nowhere.md)", "docs/planted.md: nowhere.md"),
    Fault(
        "a long function",
        TESTS,
        "tertulia/kit/planted.py",
        "def long() -> None:\n" + "    print()\n" * 61,
        "long has 62 lines, the most is 60",
    ),
    Fault("a long file", TESTS, "tertulia/kit/long.py", "x = 1\n" * 401, "tertulia/kit/long.py: 4"),
    Fault(
        "a long template",
        TESTS,
        "tertulia/home/templates/home/long.html",
        "<p>\n" * 81,
        "the most for a template is 80",
    ),
    Fault(
        "a file with a name of its own",
        TESTS,
        "tertulia/people/passwords.py",
        "",
        "tertulia/people/passwords.py: no app has a file of this name",
    ),
    Fault(
        "something that is no noun in a folder of nouns",
        TESTS,
        "tertulia/programme/models/New-Things.py",
        "",
        "New-Things.py: not a noun in small letters",
    ),
    Fault(
        "a template outside its app's folder",
        TESTS,
        "tertulia/home/templates/live/strange.html",
        "<p></p>",
        "tertulia/home/templates/live/strange.html: belongs into home/templates/home/",
    ),
    Fault("a module beside the apps", TESTS, "tertulia/stray.py", "", "tertulia/stray.py: neither an app of the house"),
    Fault("tests of nothing", TESTS, "tests/nowhere/__init__.py", "", "tests/nowhere: no app of that name"),
    Fault("a drawer", TESTS, "tertulia/kit/helpers.py", "", "helpers.py is a name that fits everything"),
    Fault(
        "a class that fits everything",
        TESTS,
        "tertulia/kit/planted.py",
        "class RoomManager:\n    pass",
        "RoomManager is a name that fits everything",
    ),
    Fault(
        "a function that fits everything",
        TESTS,
        "tertulia/kit/planted.py",
        "def info() -> None:\n    pass",
        "info is a name that fits everything",
    ),
    Fault(
        "an id that carries the time",
        TESTS,
        "tertulia/kit/planted.py",
        "from uuid import uuid1",
        "uuid1 carries the time at which it was made",
    ),
    Fault("a note for later", TESTS, "tertulia/kit/planted.py", "# TO" + "DO: later", "'TO" + "DO'"),
    Fault(
        "the address of a registry", TESTS, "requirements/planted.txt", "# https://py" + "pi.org/x", "'py" + "pi.org'"
    ),
    Fault("a lock with an index", TESTS, "uv.lock", "version = 1", "uv.lock: carries the address of an index"),
    Fault("a path of one machine", TESTS, "tertulia/kit/planted.py", "# see /ho" + "me/ana/x", "'/ho" + "me/a'"),
]

PROMISE_FAULTS = [
    Fault("a module without a head", TESTS, "tertulia/kit/headless.py", "x = 1", "no sentence heads this module", HEAD),
    Fault(
        "an action without a promise",
        TESTS,
        "tertulia/people/actions/planted.py",
        "def silent() -> None:\n    pass",
        "silent: makes no promise",
    ),
    Fault(
        "a parameter without a word",
        TESTS,
        "tertulia/people/queries/account.py",
        'def unnamed(phrase: str) -> None:\n    """What is read."""',
        "unnamed: its promise does not name `phrase`",
    ),
    Fault(
        "a number without a unit",
        TESTS,
        "tertulia/people/rules.py",
        'def unitless(length: int) -> None:\n    """Whether the length fits."""',
        "unitless: its promise does not say what `length` counts",
    ),
    Fault(
        "a refusal without a word",
        TESTS,
        "tertulia/people/actions/planted.py",
        'def refusing() -> None:\n    """Do it."""\n    _refuse()\n\n\n'
        "def _refuse() -> None:\n    from tertulia.kit import errors\n    raise errors.Gone('over')",
        "refusing: its promise does not say when it refuses with Gone",
    ),
    Fault(
        "a command without help",
        TESTS,
        "tertulia/people/management/commands/planted.py",
        "class Command:\n    pass",
        "planted.py: the command has no `help`",
    ),
    Fault(
        "an argument without help",
        TESTS,
        "tertulia/people/management/commands/planted.py",
        'def add_arguments(parser: object) -> None:\n    parser.add_argument("--bare")',
        "--bare has no help",
    ),
    Fault(
        "an argument that counts nothing",
        TESTS,
        "tertulia/people/management/commands/planted.py",
        'def more(parser: object) -> None:\n    parser.add_argument("--much", type=int, help="how much")',
        "the help of --much does not say what it counts",
    ),
]

ACCESS_FAULTS = [
    Fault(
        "an address that nobody declared",
        TESTS,
        "tertulia/people/urls/__init__.py",
        'urlpatterns.append(path("planted/", door.left, name="planted"))',
        "/planted/: no row declares 'people:planted'",
    ),
    Fault(
        "a row of an address that is gone",
        TESTS,
        "tests/people/access.py",
        'ROUTES.append(Route("/staff/", get=everybody(200)))',
        "/staff/: there is no such address of ours",
    ),
    Fault(
        "two rows of one address",
        TESTS,
        "tests/people/access.py",
        'ROUTES.append(Route("people:left", get=everybody(200)))',
        "people:left : stands 2 times",
    ),
    Fault(
        "a library that answers where nobody expects it",
        TESTS,
        "tertulia/people/urls/__init__.py",
        "from django.views.generic import RedirectView\n\n"
        'urlpatterns.append(path("elsewhere/", RedirectView.as_view(url="/")))',
        "/elsewhere/: django.views.generic.base answers here",
    ),
    Fault(
        "a room that lets everybody read",
        TESTS,
        "tertulia/live/views/room.py",
        "if guest.room is None:",
        "/ticket/ as visitor: got 204, declared 403",
        instead_of="if not guest.can_read:",
    ),
    Fault(
        "a page that takes any method",
        TESTS,
        "tertulia/people/views/door.py",
        "def left(",
        "PUT /left/ as visitor: got 200, declared 405",
        instead_of="@require_GET\ndef left(",
    ),
]

FAULTS = [*LAYER_FAULTS, *TOOL_FAULTS, *SHAPE_FAULTS, *PROMISE_FAULTS, *ACCESS_FAULTS]
