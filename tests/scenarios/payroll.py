"""Points, bonuses and month-end runs done through REST by accounting; shared by the scenarios of deductions."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.core.db import session
from tests.scenarios.consequences import CONTROL, DEPUTY, GENERAL, Follow
from tests.scenarios.desk import BOOKS, REP, at

OTHER = "linjiahao"
SALES = {REP: "1001", OTHER: "1002", "songzhiwei": "1003"}
DAYS = {"2025-09": "2025-10-05", "2025-10": "2025-11-05", "2025-11": "2025-12-05", "2025-12": "2026-01-05",
        "2026-01": "2026-02-05"}


class Payroll(Follow):
    """Follows complaints on to the bonuses of those who bear their loss."""

    def __init__(self, sign_in: Any) -> None:
        super().__init__(sign_in)
        rows = sign_in(CONTROL).call("GET", "employee/")["result"]
        self.staff = {row["number"]: row for row in rows}
        self.person |= {name: self.staff[number]["id"] for name, number in SALES.items()}

    def pay(
        self, month: str, account: str, bonus: str, points: str = "45", unit: str = "业务部", status: int = 201
    ) -> Any:
        """A pay item."""
        values = {"employee_id": self.person[account], "group_id": self.units[unit], "points": points, "bonus": bonus}
        return self.add(BOOKS, "pay_item", status, month=month, **values)

    def owes(self, amount: str, *bearers: tuple[str, str]) -> int:
        """A case whose loss the persons bear; the approved notice."""
        case = self.settled()
        sheet = self.claim(case, amount)
        for account, percent in bearers:
            self.share(sheet, account, percent)
        self.approved(sheet)
        return self.noticed(case)

    def owes_by_unit(self, amount: str, kind: str, unit: str) -> int:
        """A case whose loss a whole unit bears; the approved notice."""
        sheet = self.claim(self.settled(), amount)
        why = {} if kind == "unit" else {"fallback_reason": "未能归属至组单元"}
        self.add(CONTROL, "responsibility_share", sheet_id=sheet, bearer_type=kind, bearer_unit_id=self.units[unit],
                 share_percent="100", **why)  # fmt: skip
        self.approved(sheet)
        return self.noticed(self.get(CONTROL, "loss_sheet", sheet)["complaint_id"])

    def owed(self, notice: int) -> dict[str, str]:
        """What each account owes by a notice."""
        names = {key: account for account, key in self.person.items()}
        rows = self.rows(BOOKS, "payroll_deduction", notice_id=notice)
        return {names[row["employee_id"]]: row["amount"] for row in rows}

    def corrected(self, notice: int, *bearers: tuple[str, str]) -> None:
        """The shares of a notice's case are corrected, and the notice approved again."""
        row = self.get(CONTROL, "penalty_notice", notice)
        case, old = row["complaint_id"], row["sheet_id"]
        self.step(CONTROL, "loss_sheet", old, "correct", reason="责任更正")
        new = self.rows(CONTROL, "loss_sheet", complaint_id=case, status="draft")[0]["id"]
        for share in self.rows(CONTROL, "responsibility_share", sheet_id=new):
            self.as_(CONTROL).call("DELETE", f"responsibility_share/{share['id']}")
        for account, percent in bearers:
            self.share(new, account, percent)
        self.approved(new)
        self.step(CONTROL, "penalty_notice", notice, "correct", reason="责任更正")
        self.step(CONTROL, "penalty_notice", notice, "submit")
        self.step(GENERAL, "penalty_notice", notice, "approve")

    def sanction_by_hand(self, account: str, grade: str, fine: str | None) -> int:
        """An approved sanction of a person that no share led to."""
        case = self.settled()
        asked = {"kind": "sanction", "subject": "订单误记", "content": "情节严重"}
        made = self.add(CONTROL, "petition", complaint_id=case, countersigned_units=[self.section], **asked)
        petition = made["id"]
        self.step(CONTROL, "petition", petition, "submit")
        self.step(GENERAL, "petition", petition, "approve", decision="同意处分")
        values = {"conversion_fine": fine} if fine else {}
        made = self.add(CONTROL, "sanction", complaint_id=case, employee_id=self.person[account], grade=grade,
                        fault_item="item_8", petition_id=petition, **values)["id"]  # fmt: skip
        self.sanctioned(made, DEPUTY)
        return made

    def run(self, month: str) -> int:
        """A run of the month, proposed."""
        made = self.add(BOOKS, "payroll_run", month=month)["id"]
        self.step(BOOKS, "payroll_run", made, "propose")
        return made

    def approve_run(self, run: int) -> None:
        """Reviewed by accounting and approved by the general manager."""
        self.step(BOOKS, "payroll_run", run, "review")
        self.step(GENERAL, "payroll_run", run, "approve")

    def took(self, month: str) -> int:
        """A whole run of a month, a few days after its end."""
        with at(f"{DAYS[month]} 09:00"):
            run = self.run(month)
            self.approve_run(run)
            self.step(BOOKS, "payroll_run", run, "take")
        return run

    def instalments(self, month: str, account: str) -> list[tuple[str, str, str, str]]:
        """Owed, taken, carried over and state of each, the oldest first."""
        rows = self.rows(BOOKS, "deduction_instalment", month=month, employee_id=self.person[account])
        return [(row["owed"], row["taken"], row["carried_over"], row["status"]) for row in reversed(rows)]

    def statement(self, month: str, account: str) -> dict[str, Any]:
        """The pay item of a person."""
        return self.rows(BOOKS, "pay_item", month=month, employee_id=self.person[account])[0]


def sums_hold(portal: Any) -> None:
    """Losses = shares = deductions = taken + outstanding, asked of the database alone."""
    with portal.app_context():
        notices = _amounts("""
            SELECT n.id, n.loss_base - s.external_amount FROM penalty_notice n JOIN loss_sheet s ON s.id = n.sheet_id
            WHERE n.approved_at IS NOT NULL AND EXISTS (SELECT 1 FROM payroll_deduction d WHERE d.notice_id = n.id)""")
        shares = _amounts("""
            SELECT n.id, sum(r.amount) FROM penalty_notice n JOIN responsibility_share r ON r.sheet_id = n.sheet_id
            GROUP BY n.id""")
        owed = _amounts("SELECT notice_id, sum(amount) FROM payroll_deduction GROUP BY notice_id")
        parts = _amounts("SELECT notice_id, sum(taken) + sum(outstanding) FROM payroll_deduction GROUP BY notice_id")
        taken = _amounts("SELECT id, taken FROM payroll_deduction")
        booked = _amounts("""
            SELECT deduction_id, sum(taken) FROM deduction_instalment WHERE status <> 'proposed'
            GROUP BY deduction_id""")
        session.remove()
    for notice, loss in notices.items():
        assert loss == shares[notice] == owed[notice] == parts[notice]
    for deduction, amount in taken.items():
        assert amount == booked[deduction]


def _amounts(query: str) -> dict[int, Decimal]:
    rows = session.execute(sa.text(query)).all()
    return defaultdict(Decimal) | {key: Decimal(amount) for key, amount in rows}
