"""What stands behind a class and a limit, as rows: every criterion with its fact, its bound and its papers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.areas.credit import ratings
from app.core.register import registers
from app.engines.policy import operations as policy

SIGNS = {"at_least": "≥", "at_most": "≤", "above": "＞", "below": "＜"}
FACTS: Mapping[str, Any] = {
    "full_years_together": _l("Full years together"), "key_data_complete": _l("Key material complete"),
    "law_abiding": _l("Abides by the law, keeps contracts and promises"),
    "receipts_of_the_year": _l("Receipts of the year"), "deliveries_of_the_year": _l("Deliveries of the year"),
    "serious_breaches": _l("Serious breaches"), "dishonest_acts": _l("Illegal acts and broken promises"),
    "broken_promises": _l("Broken promises in a year"), "open_disputes": _l("Open disputes and moved assets"),
    "unfair_acts": _l("Unfair acts"), "illegal_operations": _l("Illegal operation"),
    "closure_orders": _l("Orders to stop"), "freeze_risks": _l("Danger of frozen accounts"),
    "good_years": _l("Good years in a row"), "debt_ratio": _l("Debt ratio"), "current_ratio": _l("Current ratio"),
    "loss_percent": _l("Loss in per cent of the assets"), "falling_months": _l("Months of falling turnover"),
    "severe_months": _l("Months of severe fall"),
}  # fmt: skip


def criteria(rating: Any) -> Iterator[dict[str, Any]]:
    """Every criterion of a rating as it was judged: rule, facts, bounds, papers, and whether it held."""
    pack, kept = policy.pack_for(rating.pack_version_id), rating.evidence or {}
    held, facts, bounds = kept.get("held", []), kept.get("facts", {}), kept.get("bounds", {})
    for test in pack.tiers[ratings.TIER].criteria:
        yield {
            "key": test.key, "tier": test.tier, "rule": str(test.rule), "holds": test.key in held,
            "clause": test.clause, "basis": test.basis, "facts": {name: facts.get(name) for name in test.facts},
            "needs": {name: f"{SIGNS[bound]} {grouped(bounds.get(test.key, {}).get(name, ''))}"
                      for name, bound, _number in test.numbers},
            "papers": [paper for name in test.facts for paper in kept.get("papers", {}).get(name, [])],
        }  # fmt: skip


def why_not(rating: Any) -> list[dict[str, Any]]:
    """The criteria of the next better class that do not hold, or those that make a customer C."""
    pack = policy.pack_for(rating.pack_version_id)
    tier, lines = pack.tiers[ratings.TIER], list(criteria(rating))
    found = rating.computed_class
    if found in tier.joint:
        return []
    worst = [line for line in lines if line["tier"] == found and line["holds"]]
    missed = [line for line in lines if line["tier"] in tier.joint and not line["holds"]]
    return worst or missed


def told(rating: Any) -> dict[str, Any]:
    """A class with every criterion, for programs."""
    tier = policy.pack_for(rating.pack_version_id).tiers[ratings.TIER]
    return {
        "key": ratings.TIER, "tier": rating.computed_class, "label": str(tier.classes[rating.computed_class]),
        "day": (rating.evidence or {}).get("day"), "lines": list(criteria(rating)),
        "why_not": [line["key"] for line in why_not(rating)], "clause": tier.clause,
    }  # fmt: skip


def fact_words(line: Mapping[str, Any]) -> str:
    """The facts of a criterion with their values and bounds, as people read them."""
    parts = []
    for name, value in line["facts"].items():
        label = str(FACTS.get(name, name))
        bound = line["needs"].get(name, "")
        told = {"label": label, "value": _value(value), "bound": bound}
        parts.append(_("%(label)s: %(value)s (%(bound)s)", **told) if bound else _("%(label)s: %(value)s", **told))
    return _("; ").join(parts)


def _value(value: Any) -> str:
    if value is None:
        return str(_("not known"))
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    return grouped(value)


def grouped(value: Any) -> str:
    """A number with its thousands apart."""
    try:
        return f"{Decimal(str(value)):,}"
    except InvalidOperation:
        return str(value)


def paper_words(slug: str) -> str:
    """What a register of papers is called."""
    return str(registers()[slug].label)
