"""Trials for programs: the answer with its explanation as JSON."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.core import clock
from app.core.words import post_label
from app.engines.approvals import routes
from app.engines.calculating.calc import Calculated
from app.engines.calendar.calc import Day
from app.engines.deadlines.explain import CountedDay, Status
from app.engines.deadlines.trial import Trial
from app.engines.limits import operations as limits
from app.engines.limits.calc import Measured
from app.engines.policy.calc import Ruling
from app.engines.tiering import operations as tiering
from app.engines.tiering.calc import Classified
from app.screens import trial_words as words
from app.screens.trying import Chosen

COUNTING = (Status.COUNTED, Status.MAKEUP)


def frame(chosen: Chosen) -> dict[str, Any]:
    """Under what a trial was made."""
    return {
        "policy": chosen.version.code, "version": chosen.version.version,
        "unit_id": chosen.adopter.id if chosen.adopter else None,
    }


def due(chosen: Chosen, found: list[Trial]) -> dict[str, Any]:
    """The due instants of clocks."""
    return frame(chosen) | {"result": [_clock(chosen, one) for one in found]}


def _clock(chosen: Chosen, found: Trial) -> dict[str, Any]:
    reckoned, given = found.reckoned, found.granted
    days = days_of(found)
    return {
        "clock": found.spec.key, "label": str(found.spec.label), "limit": words.limit(found),
        "clause": given.clause if given else found.spec.clause, "basis": given.basis if given else found.spec.basis,
        "start_at": _iso(found.start), "due_at": _iso(reckoned.at) if reckoned else None,
        "capped": bool(reckoned and reckoned.capped), "uncapped_at": _iso(reckoned.uncapped) if reckoned else None,
        "provisional": bool(reckoned and reckoned.provisional), "why": words.rule(chosen, found),
        "counts": counts(days), "days": [_day(one) for one in days],
    }  # fmt: skip


def days_of(found: Trial) -> tuple[CountedDay, ...]:
    """Every day that was counted or skipped."""
    return found.reckoned.allowed.explanation.days if found.reckoned and found.reckoned.allowed else ()


def counts(days: tuple[CountedDay, ...]) -> dict[str, int]:
    """How many days counted, how many of them were made up for holidays, how many were skipped."""
    counted = sum(one.status in COUNTING for one in days)
    makeup = sum(one.status == Status.MAKEUP for one in days)
    return {"counted": counted, "makeup": makeup, "skipped": len(days) - counted}


def _day(one: CountedDay) -> dict[str, Any]:
    day: Day = one.day
    return {
        "date": day.date.isoformat(), "kind": str(day.kind), "status": str(one.status), "count": str(one.count),
        "name": {"zh": day.name.zh, "en": day.name.en} if any(day.name) else None,
    }


def _iso(at: Any) -> str:
    return clock.to_local(at).isoformat()


def authority(chosen: Chosen, key: str, ruling: Ruling) -> dict[str, Any]:
    """Who decides, with every band."""
    frozen = routes.frozen_ruling(chosen.pack, key, ruling)
    return frame(chosen) | frozen | {
        "label": str(chosen.pack.authority[key].label), "post_label": post_label(frozen["post"]),
        "amount": f"{ruling.amount:.2f}", "why": [routes.reasons({"authority": frozen}, ruling.amount)],
    }  # fmt: skip


def tier(chosen: Chosen, found: Classified) -> dict[str, Any]:
    """A class, with every criterion or band that was tried."""
    told = tiering.explained(found)
    return frame(chosen) | told | {"why": [told["why"]]}


def amount(chosen: Chosen, found: Calculated) -> dict[str, Any]:
    """An amount with its formula."""
    return frame(chosen) | {
        "calculation": found.key, "label": str(found.label), "amount": plain(found.amount), "text": found.text,
        "formula": str(found.words), "clause": found.clause, "basis": found.basis, "why": [found.text],
    }  # fmt: skip


def bound(chosen: Chosen, found: Measured) -> dict[str, Any]:
    """What was asked for against a bound."""
    said = [found.text] if found.holds else [found.text, limits.sentence(found)]
    numbers = {name: plain(getattr(found, name)) for name in ("limit", "used", "requested", "headroom", "excess")}
    return frame(chosen) | numbers | {
        "key": found.key, "label": str(found.label), "bound": found.bound, "holds": found.holds, "text": found.text,
        "clause": found.clause, "basis": found.basis, "why": said,
    }  # fmt: skip


def plain(number: Decimal) -> str:
    """A number as JSON text, exact."""
    return f"{number:f}"
