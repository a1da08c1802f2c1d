"""How much of each written policy the program does: every sentence of it, and the place that keeps the sentence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Annotated, Literal

from flask_babel import lazy_gettext as _l
from pydantic import Field

from app.packs.schema import FOLDER
from app.packs.text import read_text
from app.packs.types import Filled, Key, Part, Text

Kind = Literal[
    "register", "deadline", "approval", "tier", "limit", "calculation", "prohibition", "permission", "report"
]


class State(StrEnum):
    """Whether a policy can be worked by."""

    RUNS = "runs"
    PARTLY = "partly"
    NOT_YET = "not_yet"


STATES = {State.RUNS: _l("Runs"), State.PARTLY: _l("Partly"), State.NOT_YET: _l("Not yet")}


class Item(Part):
    """One thing the policy asks for; ``home`` is the place in the pack, or the register, that does it."""

    kind: Kind
    key: Key
    clause: Filled | None
    home: Annotated[str, Field(pattern=r"^[a-z_]+(\.[a-z0-9_]+)*$")] | None
    issue: Key


class Coverage(Part):
    """Everything a policy asks for; ``same_as`` names the policy whose text it repeats."""

    code: Filled
    slug: Filled
    title: Text
    same_as: str | None = None
    items: tuple[Item, ...]

    @property
    def missing(self) -> tuple[Item, ...]:
        """What has no home yet."""
        return tuple(item for item in self.items if item.home is None)

    @property
    def state(self) -> State:
        """Runs when everything has its home, partly when something has."""
        if self.same_as:
            return coverages()[self.same_as].state
        if not self.missing:
            return State.RUNS
        return State.PARTLY if len(self.missing) < len(self.items) else State.NOT_YET

    @property
    def missing_by_issue(self) -> Mapping[str, int]:
        """How many items wait for each piece of work, the largest first."""
        return dict(Counter(item.issue for item in self.missing).most_common())


@cache
def coverages() -> Mapping[str, Coverage]:
    """Every policy by code."""
    files = sorted((FOLDER / "coverage").glob("*.yaml"))
    found = (Coverage.model_validate(read_text(file.read_text(encoding="utf-8"))) for file in files)
    return {coverage.code: coverage for coverage in found}


def runs(code: str) -> bool:
    """Whether a policy does enough to be adopted."""
    known = coverages().get(code)
    return known is not None and known.state != State.NOT_YET


TABLE_HEAD = """# Policies

Which of the written policies the program works by. *Runs*: everything the policy asks for has its home. *Partly*: it
can be adopted, and the last column counts what is still missing by the work that will bring it. This page is written by
`flask policy table`.

| Code | Policy | | State | Done | Missing |
|---|---|---|---|---|---|
"""


def table() -> str:
    """All policies as a Markdown page, in English with their own titles."""
    names = {State.RUNS: "runs", State.PARTLY: "partly", State.NOT_YET: "not yet"}
    return TABLE_HEAD + "".join(
        f"| {c.code} | {c.title.zh} | {c.title.en} | {names[c.state]} | {_done(c)} | {_missing(c)} |\n"
        for c in coverages().values()
    )


SHORT_HEADS = {"en": "| Code | Policy | State | Done |", "zh": "| 编号 | 制度 | 状态 | 完成 |"}
SHORT_STATES = {
    "en": {State.RUNS: "**runs**", State.PARTLY: "**partly**", State.NOT_YET: "not yet"},
    "zh": {State.RUNS: "**可运行**", State.PARTLY: "**部分运行**", State.NOT_YET: "尚未运行"},
}


MARK = re.compile(r"<!-- policies -->\n.*?<!-- /policies -->", re.DOTALL)


def short_table(language: Literal["en", "zh"]) -> str:
    """All policies as the table of a README."""
    words = SHORT_STATES[language]
    lines = [
        f"| {c.code} | {getattr(c.title, language)} | {words[c.state]} | {_share(c)} |" for c in coverages().values()
    ]
    return "\n".join((SHORT_HEADS[language], "|---|---|---|---|", *lines))


def with_short_table(text: str, language: Literal["en", "zh"]) -> str:
    """A README whose table between its two marks is as it should be."""
    return MARK.sub(lambda _found: f"<!-- policies -->\n{short_table(language)}\n<!-- /policies -->", text)


def _share(coverage: Coverage) -> str:
    if coverage.same_as:
        return f"= {coverage.same_as}"
    return f"{len(coverage.items) - len(coverage.missing)} / {len(coverage.items)}"


def _done(coverage: Coverage) -> str:
    if coverage.same_as:
        return f"as {coverage.same_as}"
    return f"{len(coverage.items) - len(coverage.missing)} of {len(coverage.items)}"


def _missing(coverage: Coverage) -> str:
    return ", ".join(f"{issue} {count}" for issue, count in coverage.missing_by_issue.items())


HOMES_HEAD = """# Where each thing is done

Everything that the policies ask for, by policy: its clause, and the entry of the pack (`clocks.case`), the register
(`complaint`) or the rule that does it. What waits for later work names that work instead. This page is written by
`flask policy table --write`.
"""


def homes() -> str:
    """Every item of the policies that run, whole or in part, as a Markdown page."""
    shown = (c for c in coverages().values() if c.items and c.state != State.NOT_YET)
    return HOMES_HEAD + "".join(f"\n## {c.code} {c.title.en}\n\n{_homes(c)}" for c in shown)


def _homes(coverage: Coverage) -> str:
    lines = (
        f"| {item.kind} | {item.key.replace('_', ' ')} | {item.clause or ''} | "
        f"{f'`{item.home}`' if item.home else f'later: {item.issue}'} |\n"
        for item in coverage.items
    )
    return "| Kind | What | Clause | Where |\n|---|---|---|---|\n" + "".join(lines)
