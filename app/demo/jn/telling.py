"""What all stories of the group share: steps at their own hour, each by the person who holds the post."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app.areas.complaints.report_snapshot import ReportSnapshot
from app.areas.consequences.sanction import Sanction
from app.core import clock, moves, saving
from app.core.db import session
from app.core.register import registers
from app.demo.agenda import Agenda, Teller, working_time
from app.demo.people import Company

MARKETING, SERVICE, MANAGER, STAFF, RD = "dingxiaofeng", "gurui", "panhaitao", "shizhenyu", "qiuming"
DEPUTY, SALES_DEPUTY, GENERAL, OFFICE, SALES = "jinwenbo", "xuanlili", "yanshaohua", "baijing", "kongweiwei"
STORE, BOOKS, HR, WORKER, OTHER = "yujianping", "wanxiu", "caochun", "weiqiang", "luping"


class Told:
    """One story; every step waits for an office hour."""

    def __init__(self, agenda: Agenda, company: Company, entry: Mapping[str, Any]) -> None:
        self.agenda, self.company, self.entry = agenda, company, entry

    def later(self, hours: int = 2) -> dt.datetime:
        """So many hours from now, or the next office hour."""
        return working_time(self.agenda.now() + dt.timedelta(hours=hours))

    def create(self, account: str, slug: str, **values: Any) -> Any:
        """A new row, as that person fills the form."""
        return create(self.agenda, account, slug, **values)

    def step(self, account: str, record: Any, key: str, **values: Any) -> None:
        """A step at once."""
        step(self.agenda, account, record, key, **values)

    def move(self, account: str, record: Any, key: str, **values: Any) -> Teller:
        """A step after a while."""
        yield self.later()
        self.step(account, record, key, **values)


def create(agenda: Agenda, account: str, slug: str, **values: Any) -> Any:
    """A new row, as that person fills the form."""
    with agenda.by(account):
        return saving.create(registers()[slug], values).record


def step(agenda: Agenda, account: str, record: Any, key: str, **values: Any) -> None:
    """A step, as that person takes it."""
    with agenda.by(account):
        moves.move(record, key, values=values)


def reviews(agenda: Agenda, begun: dt.date) -> Teller:
    """On the ninth of each month the approved sanctions of last month's closed cases are published."""
    first = begun.replace(day=1)
    while True:
        before, first = first, (first + dt.timedelta(days=32)).replace(day=1)
        yield dt.datetime.combine(first.replace(day=9), dt.time(10, 0))
        period = {"policy": "E01", "period": f"{before:%Y-%m}"}
        for task in session.scalars(sa.select(ReportSnapshot).filter_by(**period)).all():
            step(agenda, OFFICE, task, "submit", measures_checked="已逐案审视，处分均经批示。")
        if keys := _closed_in(f"{before:%Y-%m}"):
            made = create(agenda, OFFICE, "personnel_announcement", month=f"{before:%Y-%m}", sanctions=keys)
            step(agenda, OFFICE, made, "send")
            yield agenda.now() + dt.timedelta(hours=4)
            step(agenda, HR, made, "publish")


def _closed_in(month: str) -> list[int]:
    """The approved sanctions of cases that were closed in a month."""
    approved = sa.select(Sanction).where(
        Sanction.policy == "E01", Sanction.approved_at.is_not(None), Sanction.lapsed.is_(False),
        Sanction.announcement_id.is_(None), Sanction.case_closed_at.is_not(None),
    )  # fmt: skip
    rows = session.scalars(approved.order_by(Sanction.id)).all()
    return [row.id for row in rows if row.case_closed_at and f"{clock.to_local(row.case_closed_at):%Y-%m}" == month]
