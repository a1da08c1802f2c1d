"""What followed the demo's closed complaints: losses, shares, sanctions and notices in several states."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.areas.complaints.complaint import Complaint
from app.areas.consequences.loss_item import LossItem
from app.areas.consequences.repentance_letter import RepentanceLetter
from app.areas.consequences.sanction import Sanction
from app.core import clock, moves, saving
from app.core.db import session
from app.core.register import registers
from app.demo.hours import working_time

if TYPE_CHECKING:
    from app.demo.cases import Story

CONTROL, HEAD, GENERAL, PERSONNEL = "hepeishan", "xiebonian", "liangweidong", "sunwanyi"
STAGES = ("announced", "noticed", "approved", "announced", "countersigning", "proposed", "noticed", "draft", "resale")
SHARES = (("zhaoguodong", "60"), ("qianxiaolong", "25"), ("lilihua", "15"))
ALONE = (("zhaoguodong", "100"),)
HEAVY = Decimal(120_000)


class Aftermath:
    """Takes one closed complaint further, each step at its own hour and by its own person."""

    def __init__(self, story: Story, case: Any, begun: dt.datetime, now: dt.datetime) -> None:
        self.story, self.case, self.at, self.now = story, case, begun, now

    def tell(self, stage: str) -> None:
        """As far as the stage says, or as time allows."""
        sheet = self._sheet(stage == "resale")
        if stage in ("draft", "resale"):
            return
        self._move(CONTROL, sheet, "submit")
        if stage == "proposed":
            return
        self._move(HEAD, sheet, "approve")
        found = session.scalars(sa.select(Sanction).filter_by(complaint_id=self.case.id).order_by(Sanction.id)).all()
        for sanction in found:
            self._sanction(sanction, stage)
        if stage in ("noticed", "announced"):
            self._notice()

    def _sheet(self, with_resale: bool) -> Any:
        unit_id = self.case.responsible_unit_id
        sheet = self._create(CONTROL, "loss_sheet", complaint_id=self.case.id, responsible_unit_id=unit_id,
                             judgement="未依制作规范作业，主责在制造课。")  # fmt: skip
        for loss in self._losses():
            self._create(CONTROL, "loss_item", sheet_id=sheet.id, **loss)
        for account, percent in ALONE if self.case.claimed_amount > HEAVY else SHARES:
            person = self.story.people[account]
            self._create(CONTROL, "responsibility_share", sheet_id=sheet.id, bearer_type="person",
                         employee_id=person.id, share_percent=percent, fault_item="item_3")  # fmt: skip
        if with_resale:
            self._resale(sheet)
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

    def _resale(self, sheet: Any) -> None:
        item = session.scalar(sa.select(LossItem).filter_by(sheet_id=sheet.id, kind="return"))
        if item is None:
            goods = {"kind": "return", "quantity": 500, "unit_price": "86.00"}
            item = self._create(CONTROL, "loss_item", sheet_id=sheet.id, **goods)
        self.at = max(self.at, self.now - dt.timedelta(days=12))
        decided = self.at.date().isoformat()
        resale = self._create(CONTROL, "resale", loss_item_id=item.id, decided_on=decided, grade_a_price="95.00")
        self._move(CONTROL, resale, "begin")

    def _sanction(self, sanction: Any, stage: str) -> None:
        if stage == "approved" and sanction.burden < HEAVY / 4:
            return
        self._move(CONTROL, sanction, "submit")
        if stage == "countersigning":
            return
        own_head = sanction.employee_id == self.story.people[HEAD].id
        self._move("zhouqiming" if own_head else HEAD, sanction, "countersign")
        self._move(GENERAL, sanction, "approve")
        letter = session.scalar(sa.select(RepentanceLetter).filter_by(sanction_id=sanction.id))
        if letter is not None and stage == "announced":
            writer = next(name for name, person in self.story.people.items() if person.id == sanction.employee_id)
            self._move(writer, letter, "submit", text="本人作业疏忽造成客户损失，今后严格依制作规范备料。")

    def _notice(self) -> None:
        cause = "未依制作规范备料、用料。"
        notice = self._create(CONTROL, "penalty_notice", complaint_id=self.case.id, reason_item=cause)
        self._move(CONTROL, notice, "submit")
        self._move(GENERAL, notice, "approve")

    def _create(self, account: str, slug: str, **values: Any) -> Any:
        with self.story.by(account, self.at):
            return saving.create(registers()[slug], values).record

    def _move(self, account: str, record: Any, key: str, **values: Any) -> None:
        self.at = min(working_time(self.at + dt.timedelta(minutes=50)), self.now)
        with self.story.by(account, self.at):
            moves.move(record, key, values=values)


def follow(story: Story, case: Any, closed: dt.datetime, now: dt.datetime, number: int) -> None:
    """Let the closed complaint with a running number have its consequences."""
    Aftermath(story, case, closed, now).tell(STAGES[number % len(STAGES)])


def announce(story: Story, now: dt.datetime) -> None:
    """Publish the approved sanctions of the months that are over."""
    found = session.execute(
        sa.select(Sanction.id, Complaint.closed_at)
        .join(Complaint, Complaint.id == Sanction.complaint_id)
        .where(Sanction.status == "approved", Sanction.announcement_id.is_(None))
        .order_by(Sanction.id)
    )
    months: dict[str, list[int]] = {}
    for key, closed in found:
        months.setdefault(clock.to_local(closed).strftime("%Y-%m"), []).append(key)
    for month, keys in sorted(months.items())[:-1]:
        first = dt.datetime.strptime(month, "%Y-%m").replace(day=1) + dt.timedelta(days=40)  # noqa: DTZ007 -- local
        day = min(first.replace(hour=10), now)
        with story.by(CONTROL, day):
            made = saving.create(registers()["personnel_announcement"], {"month": month, "sanctions": keys}).record
            moves.move(made, "send")
        with story.by(PERSONNEL, day):
            moves.move(made, "publish")
