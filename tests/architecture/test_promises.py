"""Whoever calls an action, a query or a rule reads its promise, not its body."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.architecture.house import PACKAGE, Function, report, shown, sources, tree

FLOORS = {"actions", "queries", "rules"}
NUMBERS = {"int", "float", "Decimal"}
UNITS = re.compile(
    r"\b(?:(?:milli)?seconds?|ms|minutes?|hours?|days?|months?|years?|bytes?|bits?|characters?|letters?|words?|percent"
    r"|pixels?|people|participants?|sessions?|rows?|items?|airings?|times?|places?|pages?|messages?|listeners?|countries"
    r"|ids?|keys?|ports?|numbers?|revision|version|position|sequence|process)\b"
)
# What is called so means the same in every promise: STYLE.md says what.
EVERYWHERE = {"language", "slug", "public_id", "request"}
MAY_BE_EMPTY = {"migrations", "management", "templatetags", "commands"}
SENTENCE = re.compile(r"\A.+[.?!:]\Z", re.DOTALL)


def own_modules() -> Iterator[Path]:
    """The modules of the package and its tests that have something to say."""
    for path in sources("tertulia", "tests", "benchmarks"):
        empty = path.name == "__init__.py" and not path.read_text().strip()
        if not (empty and (path.parent.name in MAY_BE_EMPTY or "tests" in path.parts)):
            yield path


def headless_modules() -> Iterator[str]:
    for path in own_modules():
        head = (ast.get_docstring(tree(path)) or "").split("\n\n")[0]
        if not SENTENCE.match(head):
            yield f"{shown(path)}: no sentence heads this module"


def promising_modules() -> Iterator[Path]:
    """actions.py, queries.py, rules.py and what stands in folders of these names."""
    for path in sources("tertulia"):
        if FLOORS & {path.stem, *path.relative_to(PACKAGE).parts[1:-1]}:
            yield path


def public_functions(path: Path) -> Iterator[Function]:
    """What others may call: functions at the top of a module whose name has no underscore before it."""
    return (node for node in tree(path).body if isinstance(node, Function) and not node.name.startswith("_"))


def parameters(function: Function) -> list[ast.arg]:
    """The parameters of a function that a caller gives."""
    given = function.args
    rest = [one for one in (given.vararg, given.kwarg) if one]
    return [one for one in [*given.posonlyargs, *given.args, *given.kwonlyargs, *rest] if not one.arg.startswith("_")]


def type_words(parameter: ast.arg) -> set[str]:
    """The names of types in an annotation, in small letters without underscores."""
    if parameter.annotation is None:
        return set()
    words = re.findall(r"\w+", ast.unparse(parameter.annotation))
    return {word.lower().replace("_", "") for word in words}


def self_evident(parameter: ast.arg) -> bool:
    """What is called like its type needs no words (`event: Event`, `tracks: list[Track]`), nor what all know."""
    name = parameter.arg.replace("_", "")
    return parameter.arg in EVERYWHERE or any(
        word.endswith((name, name.removesuffix("s"))) for word in type_words(parameter)
    )


def mentions(text: str, name: str) -> bool:
    """Whether a text names a parameter, as code or in words (`chosen_name`, "chosen name", "an event" for event_id)."""
    words = name.removesuffix("_id").replace("_", "[_ ]")
    return re.search(rf"\b{words}(?:_id)?\b", text, re.IGNORECASE) is not None


def unnamed_parameters(function: Function, promise: str) -> Iterator[str]:
    for parameter in parameters(function):
        if not self_evident(parameter) and not mentions(promise, parameter.arg):
            yield f"its promise does not name `{parameter.arg}`"


def unitless_parameters(function: Function, promise: str) -> Iterator[str]:
    for parameter in parameters(function):
        words = f"{parameter.arg.replace('_', ' ')} {promise}".lower()
        if type_words(parameter) & {number.lower() for number in NUMBERS} and not UNITS.search(words):
            yield f"its promise does not say what `{parameter.arg}` counts"


@cache
def refusals() -> set[str]:
    """The names of kit.errors.Refusal and of every class of ours that descends from it."""
    classes = [node for path in sources("tertulia") for node in ast.walk(tree(path)) if isinstance(node, ast.ClassDef)]
    known, before = {"Refusal"}, 0
    while len(known) > before:
        before = len(known)
        known |= {node.name for node in classes if {ast.unparse(base).split(".")[-1] for base in node.bases} & known}
    return known


def raised(function: Function, inside: dict[str, Function], seen: frozenset[str] = frozenset()) -> set[str]:
    """The refusals that a function raises, itself or through private functions of its own module."""
    names: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Raise) and node.exc is not None:
            error = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            names.add(ast.unparse(error).split(".")[-1])
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id not in seen:
            called = inside.get(node.func.id)
            names |= raised(called, inside, seen | {node.func.id}) if called else set()
    return names & refusals()


def private_functions(path: Path) -> dict[str, Function]:
    return {node.name: node for node in tree(path).body if isinstance(node, Function) and node.name.startswith("_")}


def broken_promises() -> Iterator[str]:
    for path in promising_modules():
        for function in public_functions(path):
            promise = ast.get_docstring(function) or ""
            place = f"{shown(path)}:{function.lineno}: {function.name}"
            if not promise:
                yield f"{place}: makes no promise (it has no docstring)"
                continue
            for fault in [*unnamed_parameters(function, promise), *unitless_parameters(function, promise)]:
                yield f"{place}: {fault}"
            for error in sorted(raised(function, private_functions(path))):
                if not mentions(promise, error):
                    yield f"{place}: its promise does not say when it refuses with {error}"


def commands() -> Iterator[Path]:
    return (path for path in sources("tertulia") if path.parent.name == "commands" and path.name != "__init__.py")


def keyword(call: ast.Call, name: str) -> str | None:
    """What a call gives for a keyword, as it is written; None if it gives nothing."""
    return next((ast.unparse(one.value) for one in call.keywords if one.arg == name), None)


def silent_commands() -> Iterator[str]:
    for path in commands():
        assigned = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Assign | ast.AnnAssign)]
        if not any("help" in ast.unparse(node).split("=")[0] for node in assigned):
            yield f"{shown(path)}: the command has no `help`"
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".add_argument"):
                yield from (f"{shown(path)}:{node.lineno}: {fault}" for fault in silent_argument(node))


def silent_argument(call: ast.Call) -> Iterator[str]:
    name = ast.unparse(call.args[0]).strip("'\"") if call.args else "an argument"
    text = keyword(call, "help")
    if text is None:
        yield f"{name} has no help"
    elif keyword(call, "type") in NUMBERS and not UNITS.search(f"{name.replace('-', ' ')} {text}".lower()):
        yield f"the help of {name} does not say what it counts"


def test_one_sentence_heads_each_module() -> None:
    report(
        headless_modules(),
        "the first line tells a reader whether she has to read on",
        '"""A session, its texts, whom it credits, and when and where it is on."""',
    )


def test_actions_queries_and_rules_keep_their_promise_in_words() -> None:
    report(
        broken_promises(),
        "whoever calls it must know what goes in, in which unit, and how it refuses, without reading the body",
        '"""Let `account` in under `name` (1 to 40 characters); Invalid if somebody is called so already."""'
        " A parameter that is called like its type (event: Event) needs no words.",
    )


def test_commands_explain_themselves() -> None:
    report(
        silent_commands(),
        "whoever runs a command is not always a programmer",
        "help on the command and on every argument, with the unit of each number",
    )
