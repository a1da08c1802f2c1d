"""Bounds of a case by the pack version it runs under; a refusal names limit, used, requested, excess and clause."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from app.core.errors import Problem
from app.engines.calculating.calc import written
from app.engines.calculating.operations import Given, evaluate, settings_of
from app.engines.limits.calc import AT_LEAST, EXACTLY, Measured
from app.engines.policy.calc import Settings

__all__ = ["Measured", "broken", "figures", "measure", "measure_by", "sentence"]


def measure(
    case: Any, key: str, requested: Decimal, *, used: Decimal = Decimal(0), given: Given | None = None
) -> Measured:
    """What is requested against the limit ``key`` of the pack; ``given`` are the facts of its expression."""
    return measure_by(settings_of(case), key, requested, used=used, given=given)


def measure_by(
    settings: Settings, key: str, requested: Decimal, *, used: Decimal = Decimal(0), given: Given | None = None
) -> Measured:
    """As ``measure``, by a pack with a unit's own parameters."""
    limit = settings.pack.limits[key]
    found = evaluate(limit, given or {}, settings)
    return Measured(
        key, limit.label, limit.bound, found.amount, used, requested, limit.result, found.text, limit.clause,
        limit.basis,
    )  # fmt: skip


def broken(measured: Measured, field: str | None = None) -> Iterable[Problem]:
    """The problem of a bound that is not kept; nothing when it is."""
    if not measured.holds:
        yield Problem(sentence(measured), field, measured.key, measured.clause, figures(measured))


def figures(measured: Measured) -> dict[str, str]:
    """Limit, used, requested and excess as text."""
    return {name: f"{getattr(measured, name):.2f}" for name in ("limit", "used", "requested", "excess")}


def sentence(measured: Measured) -> str:
    """The bound and by how much it is missed, in words."""
    said = {
        name: written(getattr(measured, name), measured.kind)
        for name in ("limit", "used", "requested", "total")
    } | {"label": measured.label, "excess": written(abs(measured.excess), measured.kind)}
    if measured.bound == EXACTLY:
        return _("%(label)s: exactly %(limit)s is asked for, not %(total)s (difference %(excess)s).", **said)
    if measured.bound == AT_LEAST:
        return _("%(label)s: at least %(limit)s; %(total)s is %(excess)s too little.", **said)
    return _(
        "%(label)s: the limit is %(limit)s; with %(used)s used, %(requested)s is %(excess)s too much.", **said
    )
