"""The schema of a policy pack: one file per policy, and every fault of it listed with its path."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from flask_babel import gettext as _
from pydantic import Field, ValidationError

from app.packs import cases as c
from app.packs import counting, formulas, leading, looking, recurring, references, wording
from app.packs import entries as e
from app.packs import shields as sh
from app.packs.commission import Commission
from app.packs.contacts import Contact
from app.packs.credit import Credit
from app.packs.dossiers import Dossier
from app.packs.profiles import Question
from app.packs.text import UnreadableText, read_text
from app.packs.types import Filled, Key, Nothing, Part, Table, Text

FOLDER = Path(__file__).parent


class Pack(Part):
    """Everything one version of a policy says."""

    code: Annotated[str, Field(pattern=r"^[A-Z]\d{2}$")]
    slug: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    title: Text
    version: Annotated[int, Field(ge=1)]
    effective: dt.date
    source: Filled
    organisation: Text
    summary: Text
    calendar: e.Calendar
    parameters: Table[e.Parameter] = Nothing
    posts: Table[e.Post]
    heads: leading.Heads | None = None
    charging: leading.Charging | None = None
    fines: Table[leading.Fine] = Nothing
    cases: Table[c.Case]
    clocks: Table[e.Clock] = Nothing
    authority: Table[e.Authority] = Nothing
    approvals: Table[e.Approval] = Nothing
    numbering: Table[e.Numbering] = Nothing
    slips: Table[e.Slip] = Nothing
    prints: Table[e.Print] = Nothing
    dossiers: Table[Dossier] = Nothing
    tasks: Table[recurring.Task] = Nothing
    reports: Table[recurring.Report] = Nothing
    prohibitions: Table[e.Prohibition] = Nothing
    conduct: Table[c.Conduct] = Nothing
    shields: Table[sh.Shield] = Nothing
    viewing: Table[sh.Viewing] = Nothing
    commission: Commission | None = None
    contacts: Table[Contact] = Nothing
    credit: Credit | None = None
    questions: Table[Question] = Nothing
    tiers: Table[e.Tier] = Nothing
    limits: Table[formulas.Limit] = Nothing
    calculations: Table[formulas.Formula] = Nothing
    texts: Mapping[Key, Text] = Nothing
    clauses: Mapping[Filled, Filled] = Nothing

    @property
    def post_labels(self) -> dict[str, Any]:
        """The posts as people call them, by full code."""
        return {f"{self.code}.{post.key}": post.label for post in self.posts.values()}

    @property
    def entry_labels(self) -> dict[str, Any]:
        """Clocks, reports, recurring tasks, slips and questions as people call them, by full key."""
        found: dict[str, Any] = {f"{self.code}.slips.{slip.key}": slip.label for slip in self.slips.values()}
        found |= {f"{self.code}.questions.{asked.key}": asked.text for asked in self.questions.values()}
        named: tuple[Any, ...] = (*self.reports.values(), *self.clocks.values(), *self.tasks.values())
        return found | {f"{self.code}.{entry.key}": entry.label for entry in named}


    @property
    def own_clauses(self) -> frozenset[str]:
        """Every clause that the pack cites."""
        return frozenset(references.clauses_in(self))


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a pack, and where."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class PackError(ValueError):
    """A pack that cannot be used; carries every fault found."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(map(str, faults)))


def parse(text: str) -> Mapping[str, Any]:
    """The plain content of a pack file; raises ``PackError`` for text that is no mapping."""
    try:
        content = read_text(text)
    except UnreadableText as error:
        raise PackError([Fault("", str(error))]) from None
    if not isinstance(content, Mapping):
        raise PackError([Fault("", _("a pack is a mapping of sections"))])
    return content


def build(content: Mapping[str, Any]) -> Pack:
    """The pack that the content describes; raises ``PackError`` with every fault."""
    try:
        pack = Pack.model_validate(content)
    except ValidationError as error:
        raise PackError([Fault(".".join(map(str, f["loc"])), wording.message(f)) for f in error.errors()]) from None
    if faults := [Fault(path, message) for path, message in (
        *references.faults_of(pack), *counting.faults_of(pack), *looking.faults_of(pack),
    )]:
        raise PackError(faults)
    return pack
