"""Tables of losses, bearers and sanctions as pages and prints show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.consequences import sheets
from app.areas.consequences.responsibility_share import ResponsibilityShare
from app.areas.consequences.sanction import Sanction
from app.core import access, values
from app.core.db import session
from app.core.lifecycle import Words
from app.core.money import capitals
from app.core.register import register_of, registers

Table = dict[str, Any]


def losses(sheet_id: int) -> Table:
    """Every loss of a sheet with its formula, amount and clause."""
    rows = []
    for item in sheets.items_of(sheet_id):
        basis = item.basis or {"words": {"zh": "", "en": ""}, "text": "", "clause": ""}
        rule = str(Words(**basis["words"]))
        rows.append([word(item, "kind"), rule, basis["text"], money(item.loss_amount), basis["clause"]])
    return table((_("Kind of loss"), _("Rule"), _("Calculation"), (_("Loss"),), _("Clause")), rows)


def bearers(sheet_id: int, *, outside: bool = True) -> Table:
    """Who bears what, as far as the reader may see the shares; outside parties come last."""
    seen = access.rows(registers()["responsibility_share"], "read")
    share = ResponsibilityShare
    found = session.scalars(
        sa.select(share).where(share.sheet_id == sheet_id, seen).order_by(share.share_percent.desc(), share.id)
    ).all()
    names = _names(found, "employee_id", "bearer_unit_id")
    rows = [
        [names.get(("employee", s.employee_id or 0)) or names.get(("org_unit", s.bearer_unit_id or 0), ""),
         word(s, "bearer_type"), word(s, "share_percent"), money(s.amount), s.fault_text or word(s, "fault_item")]
        for s in found
    ]  # fmt: skip
    rows += [
        [party.party, word(party, "party_type"), word(party, "share_percent"), money(party.amount), ""]
        for party in (sheets.outside_of(sheet_id) if outside else ())
    ]
    return table((_("Borne by"), _("Level"), (_("Share"),), (_("Amount borne"),), _("Item of fault")), rows)


def sanctions(ids: Iterable[int]) -> Table:
    """Sanctions as an announcement lists them."""
    found = session.scalars(sa.select(Sanction).where(Sanction.id.in_(list(ids))).order_by(Sanction.id)).all()
    names = _names(found, "employee_id", "unit_id")
    rows = [
        [s.sanction_no, names.get(("employee", s.employee_id), ""), names.get(("org_unit", s.unit_id), ""),
         word(s, "grade"), s.fault_text or word(s, "fault_item"), money(s.conversion_fine)]
        for s in found
    ]  # fmt: skip
    return table((_("Number"), _("Person"), _("Unit"), _("Grade"), _("Item of fault"), (_("Fine"),)), rows)


def _names(rows: Sequence[Any], *fields: str) -> values.Names:
    targets = {"employee_id": "employee", "bearer_unit_id": "org_unit", "unit_id": "org_unit"}
    return values.names_of((targets[name], getattr(row, name)) for row in rows for name in fields)


def table(heads: Sequence[Any], rows: list[list[Any]]) -> Table:
    """Columns are labels; one in a tuple holds numbers."""
    columns = [{"label": h[0], "align": "end"} if isinstance(h, tuple) else {"label": h, "align": ""} for h in heads]
    return {"columns": columns, "rows": [{"cells": row} for row in rows]}


def word(row: Any, name: str) -> str:
    """A plain value of a row in words."""
    return values.text(register_of(row).fields[name], getattr(row, name), {})


def money(amount: Decimal | None) -> str:
    """An amount, or a dash while it is not known."""
    return f"{amount:,.2f}" if amount is not None else "—"


def total_line(amount: Decimal | None) -> str:
    """A sum in figures and in capitals."""
    total = amount or Decimal(0)
    return _("Total %(amount)s yuan (%(capitals)s)", amount=money(total), capitals=capitals(total))
