"""Amounts, grades and bounds of consequences with their clauses, for REST."""

from __future__ import annotations

from typing import Any

from app.areas.consequences import sanctions, sheets, tables
from app.core import access, explaining
from app.core.money import capitals
from app.core.whole import Whole
from app.engines.limits import operations as limits
from app.engines.policy import operations as policy
from app.engines.tiering import operations as tiering

FINE = "fine_minimum"


@explaining.explains("amounts")
def amounts(whole: Whole) -> Any:
    """The formula behind a loss, or all losses of a sheet with their total."""
    record: Any = whole.record
    if whole.register.slug in ("loss_item", "resale"):
        return record.basis
    if whole.register.slug == "payroll_deduction":
        return {"text": record.calculation, "amount": f"{record.amount:.2f}", "clause": "经济处罚准则（三）3"}
    if whole.register.slug != "loss_sheet":
        return None
    items = sheets.items_of(record.id) if access.current().can("loss_item", "read") else []
    lines = [{"kind": item.kind, "amount": f"{item.loss_amount:.2f}", **(item.basis or {})} for item in items]
    borne = [line["cells"] for line in tables.bearers(record.id)["rows"]]
    total = record.loss_total
    return {"losses": lines, "total": f"{total:.2f}", "capitals": capitals(total), "bearers": borne}


@explaining.explains("tier")
def grade(whole: Whole) -> Any:
    """The table's grade of a sanction, with every band."""
    record: Any = whole.record
    if whole.register.slug != "sanction" or record.joint_of_id is not None:
        return None
    return tiering.explained(sanctions.graded(record, record.burden))


@explaining.explains("limits")
def bounds(whole: Whole) -> Any:
    """The least fine of a sanction, or the sum that the shares of a sheet must reach."""
    record: Any = whole.record
    if whole.register.slug == "sanction":
        if FINE not in policy.pack_for(record.pack_version_id).limits:
            return None
        facts = sanctions.fine_facts(record, record.grade, record.base_number)
        return [_told(limits.measure(record, FINE, record.conversion_fine, given=facts))]
    if whole.register.slug == "loss_sheet":
        return [_told(limits.measure(record, "share_total", record.share_total))]
    return None


def _told(found: limits.Measured) -> dict[str, Any]:
    return {
        "key": found.key, "label": str(found.label), "bound": found.bound, "limit": str(found.limit),
        "requested": str(found.requested), "holds": found.holds, "text": found.text, "clause": found.clause,
    }  # fmt: skip
