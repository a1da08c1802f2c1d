"""What counts as used of a limit, what is looked at, and the ways in which a document may be let go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.wording import listed, pair
from app.engines.policy.reading.tables import Column, Row, Section, Table
from app.engines.policy.reading.words import Wording, plain, value_words
from app.packs.credit import Credit, Document, Route

GIVEN: Mapping[str, Any] = {"uses_credit": _l("Uses credit already"), "unlimited": _l("Free of any limit")}
"""What conditions may ask beside facts, classes and fields."""


def credit(words: Wording) -> Section:
    """The ways of each document, what counts as used, and the facts behind."""
    found, tables = words.pack.credit, []
    if found is not None:
        for slug, document in found.documents.items():
            tables += [_ways(words, found, slug, document), _bars(words, found, slug, document)]
        tables += [_used(words, found), _facts(words, found), _caps(words, found), _closings(words, found)]
    return Section("credit", _("Credit check"), tuple(table for table in tables if table.rows))


def _ways(words: Wording, found: Credit, slug: str, document: Document) -> Table:
    columns = (Column(_("Way of release")), Column(_("Only if")), Column(_("Bound")))
    path = f"credit.documents.{slug}.routes"
    rows = (
        Row(f"{path}.{key}", route.clause, route.basis, (str(route.label), _asks(words, found, slug, route),
                                                          _bound(words, route)))
        for key, route in document.routes.items()
    )  # fmt: skip
    return Table(columns, tuple(rows), str(document.label), f"credit.documents.{slug}")


def _bars(words: Wording, found: Credit, slug: str, document: Document) -> Table:
    path = f"credit.documents.{slug}.bars"
    rows = tuple(
        Row(f"{path}.{key}", bar.clause, bar.basis,
            (str(bar.label), [pair(*_condition(words, found, slug, *entry)) for entry in bar.when.items()],
             listed(document.routes[way].label for way in bar.lifted_by) if bar.lifted_by else _("nothing")))
        for key, bar in document.bars.items()
    )  # fmt: skip
    columns = (Column(_("What stops it")), Column(_("When")), Column(_("Lifted by")))
    return Table(columns, rows, _("Whatever the limit"))


def _asks(words: Wording, found: Credit, slug: str, route: Route) -> list[str]:
    asked = [pair(*_condition(words, found, slug, name, wanted)) for name, wanted in route.when.items()]
    if route.needs:
        asked.append(_("filled in: %(fields)s", fields=words.fields(slug, route.needs)))
    if route.despite_hold:
        asked.append(_("also while the customer is held"))
    return asked


def _condition(words: Wording, found: Credit, slug: str, name: str, wanted: tuple[Any, ...]) -> tuple[str, str]:
    known: Mapping[Any, Any] = {}
    label: Any = words.field(slug, name)
    if name in GIVEN:
        label = GIVEN[name]
    elif name in found.facts:
        label, known = found.facts[name].label, found.facts[name].choices
    elif name in words.pack.tiers:
        label, known = words.pack.tiers[name].label, words.pack.tiers[name].classes
    return str(label), _(" or ").join(str(known.get(value, value_words(None, value))) for value in wanted)


def _bound(words: Wording, route: Route) -> str:
    if route.limit is None:
        return _("set by whoever approves")
    limit = words.pack.limits[route.limit].label if route.limit in words.pack.limits else route.limit
    times = plain(words.settings.resolve(route.times)) if route.times is not None else "1"
    if route.counts == "total":
        return _("what is used and the document: at most “%(limit)s”", limit=limit)
    if route.strict:
        return _("%(times)s × the document: below “%(limit)s”", times=times, limit=limit)
    return _("the document: at most “%(limit)s”", limit=limit)


def _used(words: Wording, found: Credit) -> Table:
    rows = tuple(
        Row(f"credit.documents.{slug}.parts.{key}", document.clause, document.basis,
            (str(part.label), words.states(slug, part.states)))
        for slug, document in found.documents.items() for key, part in document.parts.items()
    )  # fmt: skip
    return Table((Column(_("Counts as used")), Column(_("State"))), rows, _("What counts as used"))


def _facts(words: Wording, found: Credit) -> Table:
    rows = tuple(
        Row(f"credit.facts.{key}", fact.clause, fact.basis,
            (str(fact.label), [str(words.named(fact.function)), *_settings(words, fact.arguments)]))
        for key, fact in found.facts.items()
    )  # fmt: skip
    return Table((Column(_("Fact")), Column(_("How it is found"))), rows, _("What is looked at"))


def _settings(words: Wording, arguments: Mapping[str, Any]) -> Iterator[str]:
    named = [given.key for given in arguments.values() if hasattr(given, "key")]
    if named:
        yield _("by the settings: %(settings)s", settings=listed(words.pack.parameters[key].label for key in named))


def _caps(words: Wording, found: Credit) -> Table:
    rows = tuple(
        Row(f"credit.caps.{key}", cap.clause, cap.basis,
            (str(cap.label), words.pack.limits[cap.limit].label if cap.limit in words.pack.limits else cap.limit))
        for key, cap in found.caps.items()
    )  # fmt: skip
    return Table((Column(_("Bound of the company")), Column(_("Ceilings"))), rows)


def _closings(words: Wording, found: Credit) -> Table:
    dated = listed(_("%(register)s (%(fields)s)", register=words.pack.cases[slug].label,
                     fields=words.fields(slug, tuple(one.fields)))
                   for slug, one in found.dated.items() if slug in words.pack.cases)  # fmt: skip
    rows = tuple(
        Row(f"credit.closings.{key}", closing.clause, closing.basis,
            (str(closing.label), words.states(closing.register_, closing.states), dated))
        for key, closing in found.closings.items()
    )  # fmt: skip
    columns = (Column(_("What closes a period")), Column(_("State")), Column(_("Nothing is dated into it")))
    return Table(columns, rows, _("Closed periods"))
