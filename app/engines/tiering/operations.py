"""Classes of a case by the pack version it runs under, and why in words."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.engines.calculating.operations import settings_of
from app.engines.policy import operations as policy
from app.engines.policy.calc import Settings
from app.engines.tiering import calc
from app.engines.tiering.calc import Classified, Line

if TYPE_CHECKING:
    from app.packs.entries import Tier

__all__ = ["Classified", "classify", "classify_by", "explained", "figures_of", "has", "rank", "reason", "tier_of"]


def tier_of(case: Any, key: str) -> Tier:
    """A table of classes of the pack that a case runs under."""
    return policy.pack_for(case.pack_version_id).tiers[key]


def has(case: Any, key: str) -> bool:
    """Whether the pack that a case runs under has a table of classes."""
    return key in policy.pack_for(case.pack_version_id).tiers


def classify(case: Any, key: str, read: Callable[[str], Any]) -> Classified:
    """The class of what ``read`` tells, by the table ``key``; ``case`` is any row under a pack version."""
    return classify_by(settings_of(case), key, read)


def classify_by(settings: Settings, key: str, read: Callable[[str], Any]) -> Classified:
    """The class of what ``read`` tells, by the table ``key`` of a pack with a unit's own parameters."""
    return calc.classify(settings.pack.tiers[key], read, settings.resolve)


def figures_of(case: Any, key: str, chosen: str | None) -> dict[str, Any]:
    """The figures that go with a class of the table ``key``."""
    return calc.figures_of(tier_of(case, key), chosen, settings_of(case).resolve)


def rank(case: Any, key: str, chosen: str | None) -> int:
    """Where a class stands in its table's order; no class is -1."""
    return calc.rank(tier_of(case, key), chosen)


def reason(found: Classified) -> str:
    """Why the fact falls into its class, and why not into the next, as sentences."""
    said = []
    if (line := found.why) is not None:
        said.append(_because(found, line))
    elif found.tier is None:
        said.append(_("No class applies to %(fact)s.", fact=_plain(found.fact)))
    else:
        said.append(_("“%(tier)s” counts because nothing else applies.", tier=found.label))
    if (following := found.why_not_next) is not None:
        said.append(_why_not(following))
    return " ".join(said)


def _because(found: Classified, line: Line) -> str:
    if line.rule is not None:
        return _("“%(tier)s”: %(rule)s.", tier=line.label, rule=line.rule)
    return _("%(fact)s is %(bounds)s: “%(tier)s”.", fact=_plain(found.fact), bounds=_bounds(line), tier=line.label)


def _why_not(line: Line) -> str:
    if line.rule is not None:
        return _("Not “%(tier)s”: %(rule)s does not hold.", tier=line.label, rule=line.rule)
    return _("Not “%(tier)s”: that is %(bounds)s.", tier=line.label, bounds=_bounds(line))


def _bounds(line: Line) -> str:
    """The bounds of a band in words."""
    words = {
        "above": _("above %(number)s", number=_plain(line.above)),
        "start": _("from %(number)s", number=_plain(line.start)),
        "up_to": _("up to %(number)s", number=_plain(line.up_to)),
        "below": _("below %(number)s", number=_plain(line.below)),
    }
    return _(", ").join(text for bound, text in words.items() if getattr(line, bound) is not None)


def _plain(number: Any) -> str:
    return f"{number:,.2f}" if isinstance(number, Decimal) else str(number or 0)


def explained(found: Classified) -> dict[str, Any]:
    """A class with its reasons, for REST."""
    return {
        "key": found.key, "tier": found.tier, "label": str(found.label or ""), "fact": _json(found.fact),
        "figures": {name: _json(value) for name, value in found.figures.items()}, "why": reason(found),
        "clause": found.clause, "basis": found.basis,
        "lines": [{"tier": line.tier, "label": str(line.label), "applies": line.applies, "clause": line.clause,
                   "above": _json(line.above), "up_to": _json(line.up_to)} for line in found.lines],
    }  # fmt: skip


def _json(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value
