"""The whole pack as tables, in the order that people look for things, with every assumption numbered."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

from app.engines.policy.reading import (
    asking,
    commission,
    contacting,
    crediting,
    dossiers,
    limits,
    lives,
    papers,
    shields,
)
from app.engines.policy.reading.tables import Assumption, Reading, Row, Section, lines
from app.engines.policy.reading.words import Named, Wording
from app.packs.schema import Pack


def read(pack: Pack, named: Named) -> Reading:
    """A pack as tables, its assumptions numbered in their order; ``named`` words the functions that it names."""
    sections = tuple(section for section in _sections(Wording(pack, named)) if any(section.rows))
    assumptions = tuple(
        _assumption(number, section, row)
        for number, (section, row) in enumerate(
            ((section, row) for section in sections for row in section.rows if row.basis == "assumed"), start=1
        )
    )
    stated = sum(row.basis == "stated" for section in sections for row in section.rows)
    return Reading(sections, assumptions, stated, {one.row.path: one.name for one in assumptions})


def _sections(words: Wording) -> Iterator[Section]:
    yield limits.clocks(words)
    yield limits.authority(words)
    yield limits.approvals(words)
    yield crediting.credit(words)
    yield contacting.contacts(words)
    yield commission.commission(words)
    yield from lives.sections(words)
    yield limits.settings(words)
    yield limits.posts(words)
    yield papers.duties(words)
    yield limits.slips(words)
    yield limits.tasks(words)
    yield papers.numbering(words)
    yield limits.calendar(words.pack)
    yield papers.prints(words)
    yield dossiers.dossiers(words)
    yield papers.reports(words)
    yield papers.prohibitions(words)
    yield shields.shields(words)
    yield papers.conduct(words)
    yield papers.tiers(words)
    yield asking.questions(words)
    yield papers.fines(words)
    yield papers.formulas(words, "limits", _("Ceilings"))
    yield papers.formulas(words, "calculations", _("Calculations"))
    yield papers.texts(words)


def _assumption(number: int, section: Section, row: Row) -> Assumption:
    first = " · ".join(lines(row.cells[0]))
    reading = _("; ").join(text for mark in row.marks if mark or len(row.cells) == 1 for text in lines(row.cells[mark]))
    if not reading:
        reading = _("; ").join(text for cell in row.cells[1:] for text in lines(cell) if text)
    return Assumption(number, row, section.title, first, reading or first, row.path.startswith("parameters."))
