"""Files of papers that a case needs: a row for each paper."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

from app.core.register import registers
from app.engines.policy.reading.tables import Column, Row, Section, Table
from app.engines.policy.reading.words import Wording


def dossiers(words: Wording) -> Section:
    """Every paper with where it lies."""
    columns = (Column(_("File")), Column(_("Paper of the file")), Column(_("Lies in")))
    return Section("dossiers", _("Files that are complete"), (Table(columns, tuple(_rows(words))),), half=True)


def _rows(words: Wording) -> Iterator[Row]:
    for key, dossier in words.pack.dossiers.items():
        yield Row(f"dossiers.{key}", dossier.clause, dossier.basis, (str(dossier.label), "", ""), (0,))
        for name, paper in dossier.papers.items():
            register = registers().get(paper.register_)
            said = str(paper.label) + (f" ({_('not needed')})" if paper.optional else "")
            place = f"{register.label if register else paper.register_} · {words.field(paper.register_, paper.field)}"
            yield Row(f"dossiers.{key}.papers.{name}", paper.clause, paper.basis, ("", said, place), (1,))
