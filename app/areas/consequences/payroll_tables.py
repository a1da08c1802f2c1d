"""Tables of deductions as pages and prints show them: a month's list, a person's statement."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.consequences.deduction_instalment import DeductionInstalment
from app.areas.consequences.pay_item import PayItem
from app.areas.consequences.tables import Table, laid_out, money, names_in, word
from app.core import access, values
from app.core.db import session
from app.core.register import registers

SHOWN = 50


def of_month(run: Any, *, limit: int | None = None) -> Table:
    """What the run comes to for each person, those with something to pay first; ``limit`` cuts the list of a page."""
    item = PayItem
    query = sa.select(item).where(item.run_id == run.id, access.rows(registers()["pay_item"], "read"))
    order = (item.taken + item.fine + item.forfeited).desc()
    found = session.scalars(query.order_by(order, item.id).limit(limit)).all()
    names = {**names_in(found, "employee_id"), **values.names_of(("org_unit", row.group_id) for row in found)}
    left = dict(session.execute(
        sa.select(DeductionInstalment.employee_id, sa.func.sum(DeductionInstalment.carried_over))
        .where(DeductionInstalment.run_id == run.id).group_by(DeductionInstalment.employee_id)
    ).all())  # fmt: skip
    rows = [
        [names.get(("employee", s.employee_id), ""), names.get(("org_unit", s.group_id), ""), money(s.bonus),
         money(s.fine), money(s.forfeited), money(s.cap), money(s.taken), money(left.get(s.employee_id, Decimal(0))),
         money(s.paid_out)]
        for s in found
    ]  # fmt: skip
    heads = (_("Person"), _("Unit"), (_("Bonus"),), (_("Fine"),), (_("Forfeited"),), (_("Cap"),), (_("Deducted"),),
             (_("Carried over"),), (_("Paid out"),))  # fmt: skip
    return laid_out(heads, rows)


def of_person(item: Any) -> Table:
    """The instalments of a person in one month, as far as the reader may see them."""
    row = DeductionInstalment
    seen = access.rows(registers()["deduction_instalment"], "read")
    query = sa.select(row).where(row.employee_id == item.employee_id, row.month == item.month, seen)
    found: Sequence[Any] = session.scalars(query.order_by(row.id)).all()
    names = values.names_of(("penalty_notice", one.notice_id) for one in found)
    rows = [
        [names.get(("penalty_notice", s.notice_id), ""), word(s, "kind"), money(s.owed), money(s.taken),
         money(s.carried_over), s.reason or ""]
        for s in found
    ]  # fmt: skip
    heads = (_("Penalty notice"), _("Kind"), (_("Owed before"),), (_("Deducted"),), (_("Carried over"),), _("Reason"))
    return laid_out(heads, rows)
