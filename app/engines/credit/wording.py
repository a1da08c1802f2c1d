"""A verdict in words: for the person whose document is stopped, for pages, and for programs."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from flask_babel import force_locale, format_datetime, get_locale
from flask_babel import gettext as _

from app.core.errors import Problem
from app.engines.credit.calc import Barred, Ceiling, Missed, Term, Tried, Verdict
from app.engines.tiering import operations as tiering

if TYPE_CHECKING:
    from app.core.lifecycle import Move
    from app.packs.credit import Document, Route

LANGUAGES = ("zh", "en")


def yuan(amount: Decimal | None) -> str:
    """An amount as people write it."""
    return f"{amount:,.2f}" if amount is not None else _("without limit")


def problems(
    found: Verdict, document: Document, way: Tried | None = None, ways: Iterable[Tried] | None = None
) -> Iterable[Problem]:
    """Why a document is stopped: what bars it, the way that counts, then why no other of the ``ways`` fits."""
    open_ = list(found.tried if ways is None else ways)
    first = way or (found.main if found.main in open_ else open_[0])
    for bar in first.barred:
        yield barring(bar, document)
    if not first.barred or first.missed or first.held or not first.bounded:
        yield Problem(_why(found, first), document.amount_field, first.key, first.clause, figures(found, first))
    for other in open_:
        if other is not first and not other.fits:
            yield Problem(
                _("“%(way)s”: %(why)s", way=other.label, why=reason(found, other)), None, other.key, other.clause,
                figures(found, other),
            )  # fmt: skip


def barring(bar: Barred, document: Document) -> Problem:
    """What bars a document, as a problem of its customer."""
    return Problem(_barred(bar) + _("."), document.customer_field, bar.key, bar.clause)


def _barred(bar: Barred) -> str:
    return _("%(what)s: %(which)s", what=bar.label, which=bar.shown) if bar.shown else str(bar.label)


def grown(found: Verdict, document: Document, route: Route, before: Decimal) -> Problem:
    """More is above the limit than was asked for."""
    text = _("Meanwhile the document is %(now)s above the limit, not %(then)s; it is to be asked for anew.",
             now=yuan(found.main.excess), then=yuan(before))  # fmt: skip
    return Problem(text, document.amount_field, route.key, route.clause, figures(found, found.main))


def open_instead(way: Tried, document: Document, move: Move) -> Problem:
    """A step is not needed, since another way is open."""
    text = _("Nothing stands against this document: “%(way)s” is open to it.", way=way.label)
    return Problem(text, document.amount_field, move.key, move.clause)


def figures(found: Verdict, way: Tried) -> dict[str, str]:
    """Limit, used, requested, excess and headroom of a way, as text."""
    limit = way.ceiling.amount
    return {
        "limit": "" if limit is None else f"{limit:.2f}", "used": f"{way.used:.2f}",
        "requested": f"{way.requested:.2f}", "excess": f"{way.excess:.2f}", "headroom": f"{way.headroom:.2f}",
        "outstanding": f"{found.used:.2f}",
    }  # fmt: skip


def reason(found: Verdict, way: Tried) -> str:
    """Why a way does not fit, or that it does."""
    said = [_barred(bar) for bar in way.barred]
    if said and not (way.missed or way.held) and way.bounded:
        return _("; ").join(said) + _(".")
    return _("; ").join([*said, _why(found, way)])


def _why(found: Verdict, way: Tried) -> str:
    if way.held and found.hold is not None:
        since = format_datetime(found.hold.since, "yyyy-MM-dd HH:mm")
        return _("no credit since %(since)s: %(reason)s.", since=since, reason=found.hold.reason)
    parts = [_missing(missed) for missed in way.missed]
    if not way.bounded:
        parts.append(_beyond(way))
    if not parts:
        return _("fits.")
    return _("; ").join(parts) + _(".")


def grounds(found: Verdict) -> str:
    """What stops a document within the limit, and which way is open to it instead."""
    first, chosen = found.main, found.chosen
    said = [] if first.fits else [_("“%(way)s”: %(why)s", way=first.label, why=reason(found, first))]
    if chosen is not None and not chosen.total and not chosen.ceiling.key:
        said.append(_("“%(way)s” is open once it is approved (%(clause)s).", way=chosen.label, clause=chosen.clause))
    elif chosen is not None and not chosen.total:
        limit = _limit(chosen.ceiling)
        told = {"way": chosen.label, "times": f"{chosen.times.normalize():f}", "requested": yuan(chosen.requested)}
        bound = {"counted": yuan(chosen.counted), "limit": limit, "clause": chosen.clause}
        text = _("“%(way)s” is open: %(times)s × %(requested)s = %(counted)s against %(limit)s (%(clause)s).")
        said.append(text % (told | bound))
    return " ".join(said)


def _beyond(way: Tried) -> str:
    said = {
        "limit": _limit(way.ceiling), "used": yuan(way.used), "requested": yuan(way.requested),
        "excess": yuan(way.excess), "times": f"{way.times.normalize():f}", "counted": yuan(way.counted),
    }  # fmt: skip
    if way.total:
        return _("limit %(limit)s, %(used)s used, %(requested)s requested: %(excess)s too much", **said)
    if way.times != 1:
        return _("%(times)s × %(requested)s = %(counted)s is not below the limit of %(limit)s", **said)
    return _("limit %(limit)s, %(requested)s requested: %(excess)s too much", **said)


def _limit(ceiling: Ceiling) -> str:
    binding = ceiling.binding
    if binding is None:
        return yuan(ceiling.amount)
    return _("%(amount)s (%(term)s)", amount=yuan(ceiling.amount), term=_termed(binding))


def _missing(missed: Missed) -> str:
    if missed.empty:
        return _("“%(field)s” is missing", field=missed.label)
    wanted = _(" or ").join(map(str, missed.wanted))
    return _("%(fact)s: %(found)s instead of %(wanted)s", fact=missed.label, found=missed.found, wanted=wanted)


def kept(found: Verdict) -> dict[str, Any]:
    """A verdict as the document keeps it: in both languages, for whoever reads it later."""
    told = {}
    for language in LANGUAGES:
        with force_locale(language):
            told[language] = as_json(found)
    return told


def told_to_reader(verdict: dict[str, Any]) -> dict[str, Any]:
    """A kept verdict in the reader's language."""
    locale = get_locale()
    found: dict[str, Any] = verdict[locale.language if locale and locale.language in verdict else LANGUAGES[0]]
    return found


def as_json(found: Verdict) -> dict[str, Any]:
    """A verdict with its reasons, for REST and for the document that keeps it."""
    main, chosen = found.main, found.chosen
    return {
        "route": chosen.key if chosen else None, "label": str(chosen.label) if chosen else "",
        "limit": text(main.ceiling.amount), "binding": _term(main.ceiling), "used": text(found.used),
        "parts": [{"key": p.key, "label": str(p.label), "amount": text(p.amount)} for p in found.parts],
        "requested": text(found.requested), "excess": text(main.excess), "headroom": text(main.headroom),
        "terms": [_told(term) for term in main.ceiling.terms if term.amount is not None],
        "reasons": [tiering.reason(known) for known in found.classes.values()],
        "clause": (chosen or main).clause, "unlimited": found.unlimited,
        "hold": found.hold.reason if found.hold else "",
        "classes": {key: known.tier for key, known in found.classes.items()},
        "routes": [_way(found, way) for way in found.tried],
    }  # fmt: skip


def text(amount: Decimal | None) -> str | None:
    """An amount as text."""
    return None if amount is None else f"{amount:.2f}"


def _term(ceiling: Ceiling) -> str:
    return _termed(ceiling.binding) if ceiling.binding else ""


def _termed(term: Term) -> str:
    """A term by its name, with the days that it counts."""
    if term.window is None:
        return str(term.label)
    first, last = term.window
    return _("%(term)s, %(first)s to %(last)s", term=term.label, first=first.isoformat(), last=last.isoformat())


def _told(term: Term) -> dict[str, Any]:
    return {"label": _termed(term), "amount": text(term.amount), "binds": term.binds}


def _way(found: Verdict, way: Tried) -> dict[str, Any]:
    return {
        "key": way.key, "label": str(way.label), "fits": way.fits, "limit": text(way.ceiling.amount),
        "binding": _term(way.ceiling), "used": text(way.used), "requested": text(way.requested),
        "counted": text(way.counted), "excess": text(way.excess), "why": reason(found, way), "clause": way.clause,
    }  # fmt: skip
