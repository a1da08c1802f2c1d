"""The class of a rating and the bound of a request, with their clauses, for programs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.areas.credit import caps, tables
from app.areas.credit.contradictions import found_for
from app.core import explaining
from app.core.whole import Whole
from app.engines.limits.calc import Measured


@explaining.explains("tier")
def rating(whole: Whole) -> Any:
    """Every criterion behind a class, and why the customer is not in the next one."""
    record: Any = whole.record
    return tables.told(record) if whole.register.slug == "credit_rating" and record.evidence else None


@explaining.explains("limits")
def bounds(whole: Whole) -> Any:
    """What binds a request."""
    record: Any = whole.record
    if whole.register.slug == "credit_request" and record.cap_route:
        asked = caps.Asked(record.kind, record.direction, raised=bool(record.upward_exception))
        found = caps.cap_of(record, record.customer_id, asked, record.requested_limit)
        measured = [found.measured] if found.measured else []
        total = caps.company_total(record, record.customer_id, record.requested_limit)
        return [said(one) for one in (*measured, total)]
    return None


def said(found: Measured) -> dict[str, Any]:
    """A bound as programs read it."""
    return {
        "key": found.key, "label": str(found.label), "bound": found.bound, "limit": str(found.limit),
        "used": str(found.used), "requested": str(found.requested), "excess": str(max(found.excess, Decimal(0))),
        "headroom": str(found.headroom), "holds": found.holds, "text": found.text, "clause": found.clause,
    }  # fmt: skip


@explaining.explains("contradictions")
def contradictions(whole: Whole) -> Any:
    """Where the papers about a surveyed customer contradict each other."""
    record: Any = whole.record
    if whole.register.slug != "credit_survey" or not record.customer_id:
        return None
    return [{"text": each.text, "papers": [list(paper) for paper in each.papers]}
            for each in found_for(record.customer_id, whole)]  # fmt: skip
