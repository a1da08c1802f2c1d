"""The arrows of the house: core <- packs <- engines <- areas <- screens <- the program, the demo and its set-up."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

from config import ROOT

FLOOR = {"core": 0, "packs": 1, "engines": 2, "areas": 3, "screens": 4, "demo": 5, "program": 5, "bootstrap": 6}
FILE_LINES, FUNCTION_LINES = 300, 60

Graph = Mapping[str, Iterable[str]]


def modules(root: Path) -> dict[str, Path]:
    """Every module under ``root/app`` by its dotted name."""
    found = {}
    for path in sorted((root / "app").rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(tree: ast.AST, known: Iterable[str], name: str, path: Path) -> Iterator[tuple[str, int]]:
    """The modules of ours that a file imports, wherever in it, with the line; types-only imports do not count."""
    known = set(known)
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in _at_run_time(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                if one.name in known:
                    yield one.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            for one in node.names:
                target = f"{module}.{one.name}" if f"{module}.{one.name}" in known else module
                if target in known:
                    yield target, node.lineno


def _at_run_time(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        yield node
        yield from _at_run_time(node)


def place(name: str) -> tuple[str, str]:
    """The floor of a module and, for engines and areas, its folder."""
    parts = name.split(".")
    floor = parts[1] if len(parts) > 1 else "program"
    return floor, parts[2] if floor in ("engines", "areas") and len(parts) > 2 else ""


def wrong(source: str, target: str) -> str | None:
    """Why ``source`` must not import ``target``."""
    (floor, folder), (below, room) = place(source), place(target)
    if FLOOR[below] > FLOOR[floor]:
        return f"{floor} stands below {below}"
    if below == "packs" and floor != "packs" and (floor, folder) != ("engines", "policy"):
        return "packs are read by engines/policy alone"
    if floor == below == "areas" and room and folder != room and not target.endswith(f".{room}.operations"):
        return f"another area is used through app.areas.{room}.operations"
    return None


def arrows(root: Path) -> tuple[list[str], dict[str, set[str]], dict[str, set[str]]]:
    """Wrong imports; what modules import at once; which engine uses which."""
    known, bad = modules(root), []
    at_once: dict[str, set[str]] = defaultdict(set)
    machines: dict[str, set[str]] = defaultdict(set)
    for name, path in known.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        first = {node.lineno for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)}
        for target, line in imported(tree, known, name, path):
            if reason := wrong(name, target):
                bad.append(f"{name}:{line} imports {target}: {reason}")
            if line in first and not name.startswith(f"{target}."):
                at_once[name].add(target)
            (floor, folder), (below, room) = place(name), place(target)
            if floor == below == "engines" and folder and room and folder != room:
                machines[folder].add(room)
    return bad, at_once, machines


def circle(graph: Graph) -> list[str]:
    """A way from a node back to itself, or nothing."""
    done: set[str] = set()

    def follow(node: str, way: list[str]) -> list[str]:
        if node in way:
            return [*way[way.index(node):], node]
        if node in done:
            return []
        for target in sorted(graph.get(node, ())):
            if found := follow(target, [*way, node]):
                return found
        done.add(node)
        return []

    return next((found for node in sorted(graph) if (found := follow(node, []))), [])


def test_imports_follow_the_layers():
    bad, at_once, machines = arrows(ROOT)
    assert len(at_once) > 150
    assert bad == []
    assert circle(at_once) == []
    assert circle(machines) == []


@pytest.mark.parametrize(
    ("place_of_it", "line", "said"),
    [
        ("app/core/a.py", "from app.engines.b import c", "core stands below engines"),
        ("app/core/a.py", "def f():\n    import app.screens.s", "core stands below screens"),
        ("app/core/a.py", "from .. import demo", "core stands below demo"),
        ("app/engines/x/a.py", "from app.areas.one.rows import c", "engines stands below areas"),
        ("app/engines/x/a.py", "from app import packs", "engines/policy alone"),
        ("app/areas/two/a.py", "from app.areas.one.rows import c", "app.areas.one.operations"),
        ("app/areas/two/a.py", "from app.areas.one import rows", "app.areas.one.operations"),
        ("app/areas/two/a.py", "from app.screens import s", "areas stands below screens"),
        ("app/screens/s.py", "from app.packs.p import Pack", "engines/policy alone"),
        ("app/engines/policy/a.py", "from app.packs.p import Pack", ""),
        ("app/areas/two/a.py", "from app.areas.one.operations import act", ""),
        ("app/core/a.py", "if TYPE_CHECKING:\n    from app.engines.b import c", ""),
    ],
)
def test_a_wrong_import_is_found(tmp_path, place_of_it, line, said):
    for name in (
        "core", "engines", "engines/b", "engines/x", "engines/policy", "areas", "areas/one", "areas/two", "screens",
        "packs", "demo",
    ):
        (tmp_path / "app" / name).mkdir(parents=True)
        (tmp_path / "app" / name / "__init__.py").touch()
    for name in ("areas/one/rows", "areas/one/operations", "screens/s", "packs/p"):
        (tmp_path / "app" / f"{name}.py").touch()
    (tmp_path / place_of_it).write_text(f"{line}\n", encoding="utf-8")
    bad, _at_once, _machines = arrows(tmp_path)
    assert [said in one for one in bad] == ([True] if said else [])


def test_circles_are_found():
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}}) == ["a", "b", "c", "a"]
    assert circle({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


def test_files_and_functions_stay_small():
    long = []
    for path in modules(ROOT).values():
        text = path.read_text(encoding="utf-8")
        if (lines := text.count("\n")) > FILE_LINES:
            long.append(f"{path.relative_to(ROOT)}: {lines} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                size = (node.end_lineno or node.lineno) - node.lineno + 1
                if size > FUNCTION_LINES:
                    long.append(f"{path.relative_to(ROOT)}: {node.name} has {size} lines")
    assert long == []
