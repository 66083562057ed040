"""Contracts of import-linter that its own kinds cannot say; .importlinter uses them, `lint-imports` runs them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output
from importlinter.contracts.layers import LayersContract
from importlinter.domain.imports import ModuleExpression

Breach = tuple[str, str, str]


def parts(module: str) -> list[str]:
    """`tertulia.people.models` as its parts."""
    return module.split(".")


def app_of(module: str) -> str:
    """The app that a module of ours lives in; empty for the package itself."""
    return parts(module)[1] if module.count(".") else ""


def internal_imports(graph: ImportGraph, root: str) -> Iterator[tuple[str, str]]:
    """Every direct import of ours by ours, as (importer, imported), in a steady order."""
    for importer in sorted(graph.modules):
        if parts(importer)[0] == root:
            for imported in sorted(graph.find_modules_directly_imported_by(importer)):
                if parts(imported)[0] == root:
                    yield importer, imported


def engine_names(contract: Contract) -> set[str]:
    """The engines that .importlinter lists, those that do not exist yet among them."""
    listed = contract.session_options.get("engines", [])
    return {name.strip("() ") for name in ([listed] if isinstance(listed, str) else listed)}


class ListingContract(Contract):
    """A contract that finds breaches one by one: (importer, imported, why)."""

    broken_contract_guidance = fields.TextField(required=False)

    @property
    def root(self) -> str:
        """The name of the package."""
        return str(self.session_options["root_packages"][0])

    def breaches(self, graph: ImportGraph) -> Iterable[Breach]:
        """What breaks the contract."""
        raise NotImplementedError

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002 - import-linter's signature
        """Kept, if nothing breaks it."""
        found = list(self.breaches(graph))
        return ContractCheck(kept=not found, metadata={"found": [(self.place(graph, *one), one[2]) for one in found]})

    def place(self, graph: ImportGraph, importer: str, imported: str, _why: str) -> str:
        """Where the import stands, down to the line."""
        lines = sorted(
            {detail["line_number"] for detail in graph.get_import_details(importer=importer, imported=imported)}
        )
        return f"{importer} -> {imported}" + (f" (l.{', l.'.join(map(str, lines))})" if lines else "")

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Say each breach, then the guidance."""
        for place, why in check.metadata["found"]:
            output.print_error(f"- {place}: {why}", bold=False)
        output.new_line()
        output.print(str(self.broken_contract_guidance or ""))
        output.new_line()


class InsideContract(LayersContract):
    """The same floors in every app, the ones that will be made tomorrow included."""

    type_name = "inside"
    without_order = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Layers, exhaustive, in each app that has an order."""
        root = self.session_options["root_packages"][0]
        apps = {app_of(module) for module in graph.find_children(root)} - set(self.without_order)  # type: ignore[call-overload]
        self.containers = [ModuleExpression(f"{root}.{app}") for app in sorted(apps)]
        self.exhaustive = True
        return super().check(graph, verbose)

    def _get_undeclared_modules(self, graph: ImportGraph, containers: set[str]) -> set[str]:
        return super()._get_undeclared_modules(graph, containers) - engine_names(self)


class DoorsContract(ListingContract):
    """One app enters another only through its doors; `wires` may enter everything, everything may enter `open`."""

    type_name = "doors"
    doors = fields.SetField(subfield=fields.StringField())
    open = fields.SetField(subfield=fields.StringField())
    wires = fields.SetField(subfield=fields.StringField())
    ignored_importers = fields.SetField(subfield=fields.StringField(), required=False)

    def breaches(self, graph: ImportGraph) -> Iterator[Breach]:
        """Direct imports from one app into another that pass through no door."""
        for importer, imported in internal_imports(graph, self.root):
            if self.concerns(importer, imported) and not self.through_a_door(imported):
                yield importer, imported, f"{parts(imported)[2]} is no door of {app_of(imported)}"

    def concerns(self, importer: str, imported: str) -> bool:
        """Whether the import leads from one app into what is behind another's doors."""
        inside, entered = app_of(importer), app_of(imported)
        return (
            inside != entered
            and inside not in self.wires  # type: ignore[operator]
            and entered not in self.open  # type: ignore[operator]
            and imported.count(".") > 1
            and not set(parts(importer)[2:3]) & set(self.ignored_importers or ())  # type: ignore[call-overload]
        )

    def through_a_door(self, imported: str) -> bool:
        """Whether what is imported is a door or stands behind one."""
        return parts(imported)[2] in self.doors  # type: ignore[operator]


class EnginesContract(ListingContract):
    """Engines import what is their own, a short list of ours, and nothing that leads to Django."""

    type_name = "engines"
    never = fields.SetField(subfield=fields.StringField())
    may_use = fields.SetField(subfield=fields.StringField())

    def breaches(self, graph: ImportGraph) -> Iterator[Breach]:
        """Missing engines; imports of the house; ways to what an engine never loads, through others too."""
        for engine in sorted(engine_names(self)):
            if engine in graph.modules:
                yield from self.imports_of_the_house(graph, engine)
                yield from self.ways_to_the_forbidden(graph, engine)
            elif engine in self.session_options["engines"]:
                yield engine, engine, "this engine does not exist; put it in parentheses or take it off the list"

    def imports_of_the_house(self, graph: ImportGraph, engine: str) -> Iterator[Breach]:
        """Direct imports of ours that are neither the engine's app's engines nor on the list."""
        mine = {name for name in engine_names(self) if app_of(name) == app_of(engine)}
        for importer, imported in internal_imports(graph, self.root):
            if within(importer, {engine}) and not within(imported, mine | set(self.may_use)):  # type: ignore[call-overload]
                yield importer, imported, f"{engine} is an engine and knows nothing of {imported}"

    def ways_to_the_forbidden(self, graph: ImportGraph, engine: str) -> Iterator[Breach]:
        """The shortest ways, direct or not, from the engine to what it never loads."""
        forbidden = [module for module in graph.modules if any(self.is_part_of(module, name) for name in self.never)]  # type: ignore[attr-defined]
        for module in sorted(forbidden):
            for chain in sorted(graph.find_shortest_chains(importer=engine, imported=module, as_packages=True)):
                yield chain[0], chain[1], f"{engine} loads {module}: {' -> '.join(chain)}"

    @staticmethod
    def is_part_of(module: str, name: str) -> bool:
        """Whether a module is of the package `name` or of its family (django_htmx is of django's)."""
        return parts(module)[0] == name or parts(module)[0].startswith(f"{name}_")


class NamelessContract(ListingContract):
    """The `__init__` of an app imports nothing, and nobody imports the app as a whole."""

    type_name = "nameless"

    def breaches(self, graph: ImportGraph) -> Iterator[Breach]:
        """Imports by, and of, an app's `__init__`."""
        for app in sorted(graph.find_children(self.root)):
            for imported in sorted(graph.find_modules_directly_imported_by(app)):
                yield app, imported, "the __init__ of an app imports nothing"
            for importer in sorted(graph.find_modules_that_directly_import(app)):
                yield importer, app, "name the door that is meant"


def within(module: str, packages: set[str]) -> bool:
    """Whether a module is one of the packages or inside one."""
    return any(module == package or module.startswith(f"{package}.") for package in packages)
