"""The papers that belong to a case by its policy: a list on its page and on paper, complete before it goes on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape

from app.core import access, forms, pages, paths, printing
from app.core.attachments import Attachment
from app.core.db import session
from app.core.errors import Problem
from app.core.fragments import fragment
from app.core.moves import Step, guard
from app.core.pages import ShowPage
from app.core.printing import PrintPage
from app.core.register import registers
from app.core.whole import Whole
from app.core.wording import listed
from app.engines.policy import checking
from app.engines.policy import operations as policy

if TYPE_CHECKING:
    from app.packs.dossiers import Dossier, Paper
    from app.packs.schema import Pack

LINK = Markup('<a href="{}">{}</a>')
BADGE = Markup('<span class="kz-state plain is-{}">{}</span>')


@dataclass(frozen=True)
class Held:
    """A paper of a file and the attachments that are there."""

    paper: Paper
    files: tuple[Any, ...]

    @property
    def missing(self) -> bool:
        """Whether it must be there and is not."""
        return not self.files and not self.paper.optional


def dossiers_of(whole: Whole) -> Iterator[Dossier]:
    """The files that the policy of a case asks for."""
    version = getattr(whole.record, "pack_version_id", None)
    if version is not None:
        yield from (one for one in policy.pack_for(version).dossiers.values() if one.register_ == whole.register.slug)


def held(whole: Whole, dossier: Dossier) -> list[Held]:
    """Each paper with what is there of it; a statement for each paper, however many rows there are."""
    party = _party(whole, dossier)
    found = []
    for paper in dossier.papers.values():
        ids = _rows(whole, dossier, paper, party)
        here = (Attachment.register == paper.register_) & (Attachment.field == paper.field)
        query = sa.select(Attachment).where(here, Attachment.record_id.in_(ids))
        files = session.scalars(query.order_by(Attachment.id))
        found.append(Held(paper, tuple(files)))
    return found


def _party(whole: Whole, dossier: Dossier) -> int | None:
    """Whom a file is about, along the path from the case."""
    value, register = None, whole.register
    for place, name in enumerate(dossier.party.split(".")):
        spec = register.fields[name]
        value = whole.get(name) if place == 0 else session.scalar(
            sa.select(register.model.__table__.c[name]).where(register.model.__table__.c.id == value)
        )  # fmt: skip
        if value is None:
            return None
        register = registers()[spec.target]
    return value


def _rows(whole: Whole, dossier: Dossier, paper: Paper, party: int | None) -> Any:
    """The ids of the rows whose attachments count."""
    if paper.of:
        return [whole.get(paper.of)]
    register = registers()[paper.register_]
    target = paths.spec_at(whole.register, dossier.party, {})
    if target is not None and register.slug == target.target:
        return [party]
    table = register.model.__table__
    name = next(spec.name for spec in register.fields.values() if target and spec.target == target.target)
    return sa.select(table.c.id).where(table.c[name] == party)


@guard("file_has_all")
def file_has_all(step: Step) -> Iterable[Problem]:
    """Nothing goes to law before every paper of its file is there."""
    for dossier in dossiers_of(step.whole):
        for one in held(step.whole, dossier):
            if one.missing:
                text = _("“%(paper)s” is missing in “%(file)s”.", paper=one.paper.label, file=dossier.label)
                yield Problem(text, None, "paper", one.paper.clause)


def show(page: ShowPage) -> None:
    """The file as a section: each paper with its attachments, or that it is missing."""
    for dossier in dossiers_of(page.whole):
        rows = [{"cells": _cells(page, one)} for one in held(page.whole, dossier)]
        heads = (_("Paper of the file"), _("Files"), _("State"), _("Clause"))
        table = {"columns": [{"label": head, "align": ""} for head in heads], "rows": rows}
        clause = forms.clause_link(page.life.page if page.life else "", dossier.clause)
        page.insert(1, str(dossier.label), fragment("_table.html", table=table), clause)


def _cells(page: ShowPage, one: Held) -> list[Any]:
    readable = access.current().can(registers()[one.paper.register_].guarded_by, "read")
    names = [_link(one.paper, file) if readable else escape(file.name) for file in one.files]
    clause = forms.clause_link(page.life.page if page.life else "", one.paper.clause) or ""
    return [str(one.paper.label), escape(_(", ")).join(names) or "—", BADGE.format(*_state(one)), clause]


def _state(one: Held) -> tuple[str, str]:
    if one.files:
        return "ok", _("there")
    return ("mute", _("not needed")) if one.paper.optional else ("late", _("missing"))


def _link(paper: Paper, file: Any) -> Markup:
    view = f"{registers()[paper.register_].model.__name__}View.file"
    return LINK.format(url_for(view, pk=file.record_id, attachment_id=file.id), file.name)


def on_paper(page: PrintPage) -> None:
    """The list of the file, as it goes with the papers."""
    for dossier in dossiers_of(page.whole):
        rows = [
            {"cells": [number, str(one.paper.label), listed(file.name for file in one.files) or "—", _state(one)[1]]}
            for number, one in enumerate(held(page.whole, dossier), 1)
        ]
        heads = (_("No."), _("Paper of the file"), _("Files"), _("State"))
        table = {"columns": [{"label": head, "align": ""} for head in heads], "rows": rows}
        page.sections.append({"title": str(dossier.label), "table": table})


@checking.also
def misfits(pack: Pack) -> Iterator[tuple[str, str]]:
    """Registers and fields of files that do not exist."""
    for key, dossier in pack.dossiers.items():
        here = f"dossiers.{key}"
        if dossier.register_ not in pack.cases or dossier.register_ not in registers():
            yield (here, _("there is no register of cases with this name"))
            continue
        own = registers()[dossier.register_]
        if paths.spec_at(own, dossier.party, {}) is None:
            yield (here, _("there is no field “%(name)s”", name=dossier.party))
        for name, paper in dossier.papers.items():
            register = registers().get(paper.register_)
            spec = register.fields.get(paper.field) if register else None
            if spec is None or spec.kind.name != "files" or (paper.of and paper.of not in own.fields):
                yield (f"{here}.papers.{name}", _("there is no field “%(name)s”", name=paper.field))


pages.on_show(show, order=65)
printing.on_print(on_paper, order=70)
