"""What the page of a customer shows of credit: limit and use by part, the class with its criteria, and ageing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import undefer

from app.areas.credit import ageing, criteria, groups
from app.areas.credit.credit_rating import CAUSES, CLASSES, IN_FORCE, CreditRating
from app.areas.credit.ratings import TIER
from app.areas.customers import operations as customers
from app.areas.customers.operations import Overview
from app.core import access, clock, forms, pages
from app.core.db import session
from app.core.fragments import fragment
from app.core.register import registers
from app.engines.credit import accounts, exposure
from app.engines.credit.calc import NOTHING, Ceiling, Hold, Part, Term
from app.engines.credit.knowing import Knowledge
from app.engines.policy import operations as policy
from app.engines.policy.calc import Settings
from app.engines.tiering import operations as tiering
from app.engines.tiering.calc import Classified, Line

if TYPE_CHECKING:
    from app.packs.credit import Document, Route

COLOURS = ("info", "hold", "warn", "late", "mute")
TONES = {"": "info", "ok": "hold", "late": "late", "warn": "warn", "mute": "mute", "info": "info", "hold": "hold"}
SCALE, HISTORY = 1000, 6
BEST, GRADES = "a", {"a": "ok", "b": "info", "c": "warn"}


@dataclass(frozen=True)
class Governed:
    """A policy of credit that the unit of a customer works by."""

    settings: Settings
    adopter_id: int
    version_id: int

    @property
    def page(self) -> str:
        """The policy's page, for links to clauses."""
        return policy.page_of(self.version_id)


def governed(unit_id: int, day: dt.date) -> Iterator[Governed]:
    """The policies of the nearest adopting unit; which of them has credit is for the caller."""
    nearest = None
    for found in policy.adopted(unit_id, day):
        nearest = nearest or found.unit_id
        version = policy.current_version(found.policy, day)
        if version is not None and found.unit_id == nearest:
            pack = policy.pack_for(version.id)
            yield Governed(policy.settings_for(pack, found.unit_id, day), found.unit_id, version.id)


def show(built: Overview) -> None:
    """A card of limit and use, one of ageing, one of the class; nothing of what the reader may not read."""
    customer: Any = built.customer
    day = clock.today()
    rules = list(governed(customer.unit_id, day))
    parties: Sequence[int] = groups.shown(customer.id) if rules else ()
    for rule in rules:
        credit = rule.settings.pack.credit
        for slug, document in (credit.documents if credit else {}).items():
            if access.current().can(slug, "read"):
                _use(built, rule, slug, document, Knowledge(rule.settings, rule.adopter_id, day, parties))
        built.side += ageing.cards(rule.settings, rule.adopter_id, parties)
    _rated(built, parties)


def _rated(built: Overview, parties: Sequence[int]) -> None:
    """The rating in force with its criteria, and those before it."""
    if not parties or not access.current().can("credit_rating", "read"):
        return
    mine = sa.select(CreditRating).where(
        CreditRating.customer_id.in_(list(parties)), CreditRating.approved_on.is_not(None),
        access.rows(registers()["credit_rating"]),
    )  # fmt: skip
    latest = mine.order_by(CreditRating.approved_on.desc(), CreditRating.id.desc()).limit(HISTORY)
    rows = session.scalars(latest.options(undefer(CreditRating.evidence))).all()
    found = next((row for row in rows if row.status == IN_FORCE), None)
    if found is None or not found.evidence:
        return
    letter, clause = str(CLASSES[found.final_class or found.computed_class]), _clause(found)
    html = criteria.telling(found, criteria.why_not(found), "ok" if found.final_class == BEST else "warn")
    html += fragment("customers/_ratings.html", rows=[_before(row) for row in rows])
    aside = _("rated on %(day)s", day=found.approved_on.isoformat()) if found.approved_on else ""
    title = _("Why class %(letter)s", letter=letter)
    built.main.append({"title": title, "clause": clause, "aside": aside, "html": html})


def _clause(rating: CreditRating) -> Any:
    tier = policy.pack_for(rating.pack_version_id).tiers[TIER]
    return forms.clause_link(policy.page_of(rating.pack_version_id), tier.clause)


def _before(rating: CreditRating) -> dict[str, Any]:
    key = rating.final_class or rating.computed_class
    day = rating.approved_on.isoformat() if rating.approved_on else ""
    cause = str(CAUSES.get(rating.cause, ""))
    return {"day": day, "letter": CLASSES[key], "tone": GRADES[key], "cause": cause,
            "link": pages.link("credit_rating", rating.id, rating.rating_no or f"#{rating.id}")}  # fmt: skip


def _use(built: Overview, rule: Governed, slug: str, document: Document, known: Knowledge) -> None:
    used = exposure.used_by(known.credit, rule.adopter_id, known.members)
    route = _nearest(document, known)
    account = accounts.account_of(known.credit.party, known.members[0], rule.adopter_id)
    held, free = accounts.hold_of(account), bool(account and account.unlimited)
    found = known.ceiling(route.limit) if route.limit and _open(route, known) else None
    limit = None if free else (found.amount or NOTHING) if found else NOTHING
    html = fragment("customers/_use.html", use=_told(rule, slug, used, limit, found, held))
    clause = forms.clause_link(rule.page, route.clause)
    built.side.append({"title": _("Credit and what is used"), "clause": clause, "aside": _("yuan"), "html": html})
    for key in dict.fromkeys(name for one in document.routes.values() for name in one.when):
        if key in rule.settings.pack.tiers:
            built.main.append(_class(built, rule, known.classified(key)))


def _nearest(document: Document, known: Knowledge) -> Route:
    """The way within a limit whose conditions the customer misses least."""
    bound = [way for way in document.routes.values() if way.limit and way.counts == "total"]
    ways = bound or [*document.routes.values()]
    return min(ways, key=lambda way: sum(known.read(name) not in wanted for name, wanted in way.when.items()))


def _open(route: Route, known: Knowledge) -> bool:
    """Whether the class of the customer opens the way; what a document says is not asked here."""
    asked = {*known.credit.facts, *known.settings.pack.tiers}
    return all(known.read(name) in wanted for name, wanted in route.when.items() if name in asked)


def _told(
    rule: Governed, slug: str, used: Sequence[Part], limit: Decimal | None, found: Ceiling | None, held: Hold | None
) -> dict[str, Any]:
    """The card in words and in thousandths of its bar; ``limit`` is nothing for who is free of limits."""
    total = sum((part.amount for part in used), NOTHING)
    whole = max(total, limit or NOTHING) or Decimal(1)
    over = limit is not None and total > limit
    return {
        "limit": None if limit is None else _yuan(limit), "over": over, "total": _yuan(total),
        "free": None if limit is None else _yuan(abs(limit - total)), "parts": list(_parts(rule, slug, used, whole)),
        "mark": int(limit * SCALE / whole) if limit and over else None, "scale": SCALE,
        "share": f"{total * 100 / limit:.1f} %" if limit else "", "held": held.reason if held else "",
        "terms": [{"label": _term(term), "amount": _yuan(term.amount)}
                  for term in (found.terms if found else ()) if term.amount is not None],
    }  # fmt: skip


def _term(term: Term) -> str:
    """A term of a limit by its name, with the days that it counts."""
    if term.window is None:
        return str(term.label)
    first, last = (day.isoformat() for day in term.window)
    return str(_("%(term)s, %(first)s to %(last)s", term=term.label, first=first, last=last))


def _parts(rule: Governed, slug: str, used: Sequence[Part], whole: Decimal) -> Iterator[dict[str, Any]]:
    credit, at, taken = rule.settings.pack.credit, 0, set[str]()
    states = rule.settings.pack.cases[slug].states
    for part in used:
        own = credit.documents[slug].parts.get(part.key) if credit else None
        tone = TONES.get(states[own.states[0]].tone or "" if own else "", "mute")
        tone = tone if tone not in taken else next((one for one in COLOURS if one not in taken), "mute")
        taken.add(tone)
        width = int(part.amount * SCALE / whole)
        yield {"label": str(part.label), "amount": _yuan(part.amount), "tone": tone, "at": at, "width": width,
               "some": part.amount > NOTHING}  # fmt: skip
        at += width


def _class(built: Overview, rule: Governed, found: Classified) -> dict[str, Any]:
    """The class with every criterion that leads to it or away from it."""
    tier = rule.settings.pack.tiers[found.key]
    best = list(tier.classes)[-1]
    lines = [_criterion(rule, line, best) for line in found.lines if line.rule is not None]
    kept = {"tone": "ok" if found.tier == best else "warn", "reason": tiering.reason(found), "lines": lines}
    if not built.letter_title:
        built.letter_title = str(found.label)
    title = _("Why “%(tier)s”", tier=found.label)
    clause = forms.clause_link(rule.page, found.clause)
    return {"title": title, "clause": clause, "aside": str(tier.label), "html": fragment("_criteria.html", kept=kept)}


def _criterion(rule: Governed, line: Line, best: str) -> dict[str, Any]:
    good = line.applies == (line.tier == best)
    words = _("applies") if line.applies else _("does not apply")
    return {"good": good, "rule": str(line.rule), "clause": forms.clause_link(rule.page, line.clause), "words": words,
            "fact": _("leads to “%(tier)s”", tier=line.label), "papers": ""}  # fmt: skip


def _yuan(amount: Decimal) -> str:
    return f"{amount:,.2f}"


customers.on_customer(show, order=5)
