"""What followed the demo's closed complaints: losses, shares, sanctions and notices in several states."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.areas.complaints.complaint import Complaint
from app.areas.consequences.loss_item import LossItem
from app.areas.consequences.repentance_letter import RepentanceLetter
from app.areas.consequences.sanction import Sanction
from app.core import clock, moves, saving
from app.core.db import session
from app.core.register import registers
from app.demo.agenda import Agenda, Teller, working_time

CONTROL, GENERAL, PERSONNEL, ABOVE = "hepeishan", "liangweidong", "jiangyun", "xiebonian"
HEADS = {"HX-M1": "hanzhiqiang", "HX-M2": "shenguodong"}
STAGES = ("announced", "noticed", "approved", "announced", "countersigning", "proposed", "noticed", "draft", "resale")
SHARES = (("zhaoguodong", "60"), ("qianxiaolong", "25"), ("lilihua", "15"))
ALONE = (("zhaoguodong", "100"),)
HEAVY = Decimal(120_000)


class Aftermath:
    """Takes one closed complaint further, each step at its own hour and by its own person."""

    def __init__(self, agenda: Agenda, units: Mapping[int, str], case: Any) -> None:
        self.agenda, self.units, self.case = agenda, units, case

    def tell(self, stage: str) -> Teller:
        """As far as the stage says, or as time allows."""
        yield self._later(6)
        sheet = self._sheet()
        if stage == "resale":
            yield from self._resale(sheet)
        if stage in ("draft", "resale"):
            return
        yield from self._move(CONTROL, sheet, "submit")
        if stage == "proposed":
            return
        yield from self._move(HEADS[self.units[self.case.responsible_unit_id]], sheet, "approve")
        found = session.scalars(sa.select(Sanction).filter_by(complaint_id=self.case.id).order_by(Sanction.id)).all()
        for sanction in found:
            yield from self._sanction(sanction, stage)
        if stage in ("noticed", "announced"):
            yield from self._notice()

    def _later(self, hours: int = 1) -> dt.datetime:
        return working_time(self.agenda.now() + dt.timedelta(hours=hours))

    def _sheet(self) -> Any:
        unit_id = self.case.responsible_unit_id
        sheet = self._create(CONTROL, "loss_sheet", complaint_id=self.case.id, responsible_unit_id=unit_id,
                             judgement="未依制作规范作业，主责在制造课。")  # fmt: skip
        for loss in self._losses():
            self._create(CONTROL, "loss_item", sheet_id=sheet.id, **loss)
        for account, percent in ALONE if self.case.claimed_amount > HEAVY else SHARES:
            person = self.agenda.people[account]
            self._create(CONTROL, "responsibility_share", sheet_id=sheet.id, bearer_type="person",
                         employee_id=person.id, share_percent=percent, fault_item="item_3")  # fmt: skip
        return sheet

    def _losses(self) -> list[dict[str, Any]]:
        """By what the customer asked for."""
        amount = f"{self.case.decided_amount:.2f}"
        known: Mapping[str, dict[str, Any]] = {
            "return": {"kind": "return", "quantity": 500, "unit_price": "86.00"},
            "resend": {"kind": "resend", "quantity": 40, "unit_price": "120.00"},
            "rework": {"kind": "rework", "processing_cost": "2300.00", "freight": "450.00"},
            "discount": {"kind": "discount", "actual_amount": amount},
        }
        wanted = (moves.whole_of(self.case).get("customer_demand") or ["claim"])[0]
        money = {"kind": "claim", "actual_amount": amount}
        return [known.get(wanted, money), *([] if wanted in ("claim", "discount") else [money])]

    def _resale(self, sheet: Any) -> Teller:
        """A window that is still open: it begins in the last days of the story."""
        item = session.scalar(sa.select(LossItem).filter_by(sheet_id=sheet.id, kind="return"))
        if item is None:
            goods = {"kind": "return", "quantity": 500, "unit_price": "86.00"}
            item = self._create(CONTROL, "loss_item", sheet_id=sheet.id, **goods)
        yield working_time(max(self.agenda.now(), self.agenda.end - dt.timedelta(days=12)))
        decided = self.agenda.now().date().isoformat()
        resale = self._create(CONTROL, "resale", loss_item_id=item.id, decided_on=decided, grade_a_price="95.00")
        yield from self._move(CONTROL, resale, "begin")

    def _sanction(self, sanction: Any, stage: str) -> Teller:
        if stage == "approved" and sanction.burden < HEAVY / 4:
            return
        yield from self._move(CONTROL, sanction, "submit")
        if stage == "countersigning":
            return
        yield from self._move(HEADS.get(self.units[sanction.head_unit_id], ABOVE), sanction, "countersign")
        yield from self._move(GENERAL, sanction, "approve")
        letter = session.scalar(sa.select(RepentanceLetter).filter_by(sanction_id=sanction.id))
        if letter is not None and stage == "announced":
            people = self.agenda.people.items()
            writer = next(name for name, person in people if person.id == sanction.employee_id)
            yield from self._move(writer, letter, "submit", text="本人作业疏忽造成客户损失，今后严格依制作规范备料。")

    def _notice(self) -> Teller:
        cause = "未依制作规范备料、用料。"
        notice = self._create(CONTROL, "penalty_notice", complaint_id=self.case.id, reason_item=cause)
        yield from self._move(CONTROL, notice, "submit")
        yield from self._move(GENERAL, notice, "approve")

    def _create(self, account: str, slug: str, **values: Any) -> Any:
        with self.agenda.by(account):
            return saving.create(registers()[slug], values).record

    def _move(self, account: str, record: Any, key: str, **values: Any) -> Teller:
        yield self._later()
        with self.agenda.by(account):
            moves.move(record, key, values=values)


def announcements(agenda: Agenda, begun: dt.date) -> Teller:
    """On the eighth of each month the approved sanctions of the month before are published."""
    first = begun.replace(day=1)
    while True:
        before, first = first, (first + dt.timedelta(days=32)).replace(day=1)
        yield dt.datetime.combine(first.replace(day=8), dt.time(10, 0))
        if keys := _approved(f"{before:%Y-%m}"):
            with agenda.by(CONTROL):
                told = {"month": f"{before:%Y-%m}", "sanctions": keys}
                made = saving.create(registers()["personnel_announcement"], told).record
                moves.move(made, "send")
            yield agenda.now() + dt.timedelta(hours=4)
            with agenda.by(PERSONNEL):
                moves.move(made, "publish")


def _approved(month: str) -> list[int]:
    found = session.execute(
        sa.select(Sanction.id, Complaint.closed_at)
        .join(Complaint, Complaint.id == Sanction.complaint_id)
        .where(Sanction.approved_at.is_not(None), Sanction.lapsed.is_(False), Sanction.announcement_id.is_(None))
        .order_by(Sanction.id)
    )
    return [key for key, closed in found if clock.to_local(closed).strftime("%Y-%m") == month]
