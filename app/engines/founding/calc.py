"""Reading a tree of units that was typed or pasted: pure, lines in, nodes and faults out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _

from app.core.errors import Problem

BLANKS, PARTS = " \u3000", re.compile(r"\s*[|｜]\s*")
BULLETS = re.compile(r"^[-*•·─├└│┬]+\s*")
MOST = 1000
ENDINGS = (
    ("group", ("集团", "Group")),
    ("branch", ("分公司", "分行", "支行", "分局", "大区", "Branch")),
    ("company", ("公司", "银行", "局", "Ltd", "Inc", "Company")),
    ("outlet", ("店", "网点", "营业部", "营业厅", "门市", "Outlet", "Shop", "Store")),
    ("project", ("小区", "项目", "花园", "苑", "Estate", "Project")),
    ("section", ("课", "组", "班", "队", "科", "股", "Section", "Team")),
)


@dataclass(frozen=True)
class Node:
    """A unit as it was typed: the line, its place among the nodes, and what stands above it."""

    line: int
    name: str
    code: str
    kind: str
    above: int | None
    depth: int


@dataclass
class _Reader:
    """What was read so far: nodes, the way from the top to the last one, and how deep each line was indented."""

    kinds: Mapping[str, str]
    nodes: list[Node] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    way: list[int] = field(default_factory=list)
    indents: list[int] = field(default_factory=list)
    places: dict[tuple[int | None, str], int] = field(default_factory=dict)

    def take(self, number: int, line: str) -> None:
        """Read one line: by tabs as Excel copies them, else by how far it is indented."""
        text = BULLETS.sub("", line.strip()) if "\t" not in line else line
        if "\t" in line:
            cells = [cell.strip() for cell in line.rstrip().split("\t")]
            depth = next(at for at, cell in enumerate(cells) if cell)
            self.indents = list(range(depth + 1))
        else:
            cells, depth = [text.strip()], self._depth(line)
        if depth > len(self.way):
            self._fault(number, _("it lies two levels below the line above; a level is missing."))
            return
        self.way = self.way[:depth]
        for cell in filter(None, cells):
            self._node(number, cell)

    def _depth(self, line: str) -> int:
        """How many of the lines above are indented less."""
        indent = _indent(line)
        while self.indents and self.indents[-1] >= indent:
            self.indents.pop()
        self.indents.append(indent)
        return len(self.indents) - 1

    def _node(self, number: int, cell: str) -> None:
        name, code, kind = (*PARTS.split(cell.strip(), maxsplit=2), "", "")[:3]
        above = self.way[-1] if self.way else None
        known = self.places.get((above, name))
        if known is None:
            depth = len(self.way)
            self._judge(number, name, code, kind)
            made = Node(number, name, code, self.kinds.get(kind.casefold(), "") or guess(name, depth), above, depth)
            known = self.places[above, name] = len(self.nodes)
            self.nodes.append(made)
        self.way.append(known)

    def _judge(self, number: int, name: str, code: str, kind: str) -> None:
        if not name or len(name) > 120:
            self._fault(number, _("a name of 1 to 120 characters is needed."))
        if len(code) > 40:
            self._fault(number, _("the code has more than 40 characters."))
        if kind and kind.casefold() not in self.kinds:
            self._fault(number, _("“%(kind)s” is no kind of unit.", kind=kind[:40]))
        if code and any(node.code == code for node in self.nodes):
            self._fault(number, _("the code %(code)s stands there twice.", code=code))

    def _fault(self, number: int, why: str) -> None:
        self.problems.append(Problem(_("Line %(number)s: %(why)s", number=number, why=why), "tree", "tree"))


def read_units(text: str, kinds: Mapping[str, str]) -> tuple[list[Node], list[Problem]]:
    """The units of a text, each after the one above it, and what is wrong, by line.

    A line is a unit, ``name | code | kind``; what is indented belongs to the line above. Columns copied out of
    Excel are levels. ``kinds`` tells the kind behind each word that may be written.
    """
    reader = _Reader(kinds)
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            reader.take(number, line)
    if not reader.nodes and not reader.problems:
        reader.problems.append(Problem(_("Write at least the name of the company."), "tree", "required"))
    if len(reader.nodes) > MOST:
        reader.problems.append(Problem(_("At most %(most)s units at once.", most=MOST), "tree", "size"))
    return reader.nodes, reader.problems


def _indent(line: str) -> int:
    """How far a line is indented; a full-width blank counts as two."""
    head = line[: len(line) - len(line.lstrip(BLANKS + "-*•·─├└│┬"))]
    return sum(2 if sign == "\u3000" else 1 for sign in head)


def guess(name: str, depth: int) -> str:
    """The kind that a name suggests; it can be changed afterwards."""
    for kind, endings in ENDINGS:
        if name.endswith(endings):
            return kind
    return "department" if depth else "company"


def codes_of(nodes: list[Node], taken: Mapping[int, str], used: set[str]) -> Iterator[str]:
    """A code for every node: its own, that of the unit it is already (``taken`` by place), else the next free one."""
    given: dict[int, str] = {}
    for at, node in enumerate(nodes):
        code = taken.get(at) or node.code
        if not code:
            above = "" if node.above is None else f"{given[node.above]}-"
            code = next(free for n in range(1, MOST + 100) if (free := f"{above}{n:02}") not in used)
        used.add(code)
        given[at] = code
        yield code
