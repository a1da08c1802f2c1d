"""Whether the credit of a pack fits the program: its facts, fields, moves, states and limits exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.core.register import registers
from app.core.whole import fields_of
from app.engines.credit.operations import EFFECT, GUARD
from app.engines.credit.periods import GUARD as PERIOD
from app.engines.credit.registry import known_facts
from app.engines.policy import checking
from app.engines.policy.reading.crediting import GIVEN

if TYPE_CHECKING:
    from app.packs.credit import Credit, Document
    from app.packs.schema import Pack

Found = tuple[str, str]


@checking.also
def misfits(pack: Pack) -> Iterator[Found]:
    """Everything that the credit of a pack names and the pack or the program does not have."""
    if (credit := pack.credit) is None:
        return
    if credit.party not in registers():
        yield ("credit.party", _("there is no register “%(name)s”", name=credit.party))
    for key, fact in credit.facts.items():
        yield from _known(f"credit.facts.{key}", [fact.function], known_facts(), _("fact"))
    for slug, document in credit.documents.items():
        yield from _document(pack, credit, slug, document)
    for slug, locks in credit.locks.items():
        yield from _moves(pack, f"credit.locks.{slug}", slug, locks.moves, [locks.customer_field])
    yield from _periods(pack, credit)
    for key, cap in credit.caps.items():
        here = f"credit.caps.{key}"
        yield from _moves(pack, here, cap.register_, cap.moves, [cap.amount_field, cap.highest_per or ""])
        yield from _known(here, [cap.limit], pack.limits, _("limit"))


def _periods(pack: Pack, credit: Credit) -> Iterator[Found]:
    for key, closing in credit.closings.items():
        here, slug = f"credit.closings.{key}", closing.register_
        named = [closing.customer_field, closing.day_field or "", closing.year_field or "", *closing.unless]
        yield from _moves(pack, here, slug, (), named)
        if not (closing.day_field or closing.year_field):
            yield (here, _("it needs a field of its day or of its year"))
        if slug in pack.cases:
            yield from _known(here, closing.states, pack.cases[slug].states, _("state"))
    for slug, dated in credit.dated.items():
        steps = {step for named in dated.fields.values() for step in named}
        yield from _moves(pack, f"credit.dated.{slug}", slug, steps, [dated.customer_field, *dated.fields])
        for key in sorted(steps & set(pack.cases[slug].moves)) if slug in pack.cases else ():
            if PERIOD not in pack.cases[slug].moves[key].guards:
                yield (f"cases.{slug}.moves.{key}", _("the step needs the guard %(guard)s", guard=PERIOD))


def _known(path: str, names: Iterable[str], pool: Mapping[str, Any], what: str) -> Iterator[Found]:
    for name in names:
        if name and name not in pool:
            yield (path, _("there is no %(what)s “%(name)s”", what=what, name=name))


def _moves(pack: Pack, path: str, slug: str, moves: Iterable[str], fields: Iterable[str]) -> Iterator[Found]:
    if slug not in pack.cases or slug not in registers():
        yield (path, _("there is no register of cases with this name"))
        return
    yield from _known(path, moves, pack.cases[slug].moves, _("step"))
    yield from _known(path, fields, _fields(pack, slug), _("field"))


def _fields(pack: Pack, slug: str) -> Mapping[str, Any]:
    detail = pack.cases[slug].detail or ""
    return fields_of(registers()[slug], detail if detail in registers() else "")


def _document(pack: Pack, credit: Credit, slug: str, document: Document) -> Iterator[Found]:
    here, kept = f"credit.documents.{slug}", document.snapshot
    named = [document.customer_field, document.amount_field, document.date_field, document.route_field]
    named += [*document.less_fields, kept.limit, kept.used, kept.excess, kept.granted, kept.at, kept.verdict]
    yield from _moves(pack, here, slug, (*document.checks, *document.rechecks), named)
    if slug not in pack.cases or slug not in registers():
        return
    for key in (*document.checks, *document.rechecks):
        move = pack.cases[slug].moves.get(key)
        if move is not None and (GUARD not in move.guards or EFFECT not in move.effects):
            text = _("the step needs the guard %(guard)s and the effect %(effect)s", guard=GUARD, effect=EFFECT)
            yield (f"cases.{slug}.moves.{key}", text)
    for key, part in document.parts.items():
        yield from _known(f"{here}.parts.{key}", part.states, pack.cases[slug].states, _("state"))
        yield from _known(f"{here}.parts.{key}", part.when, registers()[slug].fields, _("field"))
    choices = _fields(pack, slug)[document.route_field].choices if document.route_field in _fields(pack, slug) else {}
    known = {**credit.facts, **pack.tiers, **_fields(pack, slug), **GIVEN}
    for key, bar in document.bars.items():
        shown = [bar.shows] if bar.shows else []
        yield from _known(f"{here}.bars.{key}", (*bar.when, *bar.unless, *shown), known, _("fact"))
        yield from _known(f"{here}.bars.{key}", bar.lifted_by, document.routes, _("way"))
    for key, route in document.routes.items():
        yield from _known(f"{here}.routes.{key}", [key], choices, _("choice"))
        yield from _known(f"{here}.routes.{key}", [route.limit or ""], pack.limits, _("limit"))
        yield from _known(f"{here}.routes.{key}", route.moves, dict.fromkeys(document.checks), _("step"))
        yield from _known(f"{here}.routes.{key}", (*route.when, *route.needs), known, _("fact"))
        limit = pack.limits.get(route.limit or "")
        if limit is not None and limit.expression is None:
            yield (f"limits.{route.limit}", _("the limit of a way to let documents go needs an expression"))
