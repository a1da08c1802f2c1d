"""Whom cases are kept from, and who may see the identity behind them."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

from app.core.wording import listed
from app.engines.policy.reading.tables import Column, Row, Section, Table
from app.engines.policy.reading.words import Wording
from app.packs.shields import Shield, Viewer, Viewing


def shields(words: Wording) -> Section:
    """Whom a case is kept from."""
    rows = [row for key, shield in words.pack.shields.items() for row in _rows(words, key, shield)]
    rows += [row for key, viewing in words.pack.viewing.items() for row in _viewing(words, key, viewing)]
    heads = tuple(Column(label) for label in (_("Protected"), _("Kept from, or seen by"), _("When")))
    return Section("shields", _("Protection of cases and identities"), (Table(heads, tuple(rows)),))


def _rows(words: Wording, key: str, shield: Shield) -> Iterator[Row]:
    named = [words.field(shield.register_, name) for name in (*shield.people, *shield.units)]
    kin = [_("nor their relatives")] if shield.ties else []
    kept = [_("never: whom “%(fields)s” name", fields=listed(named)), *kin]
    label = [str(shield.label), words.register(shield.register_)]
    yield Row(f"shields.{key}", shield.clause, shield.basis, (label, kept, _("always")), (1,))
    for place, viewer in enumerate(shield.seen_by):
        cells = (words.register(shield.identity or ""), _who(words, shield, viewer), _states(words, shield, viewer))
        yield Row(f"shields.{key}.seen_by.{place}", viewer.clause, viewer.basis, cells, (1,))


def _viewing(words: Wording, key: str, viewing: Viewing) -> Iterator[Row]:
    """Who may look at rows that nobody sees by the role alone."""
    label = [str(viewing.label), words.register(viewing.register_)]
    logged = _("nobody else; each look and each refused try is kept in the access log")
    yield Row(f"viewing.{key}", viewing.clause, viewing.basis, (label, logged, _("always")), (1,))
    for place, viewer in enumerate(viewing.seen_by):
        who = _who(words, viewing, viewer)
        if viewer.granted and viewing.requests:
            who = [*who[:-1], _("with a granted “%(request)s”", request=words.register(viewing.requests.register_))]
        cells = (words.register(viewing.register_), who, _states(words, viewing, viewer))
        yield Row(f"viewing.{key}.seen_by.{place}", viewer.clause, viewer.basis, cells, (1,))


def _who(words: Wording, shield: Shield | Viewing, viewer: Viewer) -> list[str]:
    found = [words.posts(viewer.posts)]
    if viewer.owner:
        found.append(_("of own cases only"))
    if viewer.field:
        found.append(_("when named as “%(field)s”", field=words.field(shield.register_, viewer.field)))
    if viewer.granted:
        found.append(_("when let in by name"))
    return found


def _states(words: Wording, shield: Shield | Viewing, viewer: Viewer) -> str:
    states = words.pack.cases[shield.register_].states
    return listed(str(states[name].label) for name in viewer.states) if viewer.states else _("always")
