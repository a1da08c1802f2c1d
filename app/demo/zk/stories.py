"""A customer service department: who keeps what, customers allocated, extracts and updates, as the plan says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app.core import clock, moves, saving
from app.core.db import session
from app.core.register import registers
from app.demo.agenda import Agenda, Teller
from app.demo.people import Company

BEFORE, MONTHS = 15, 110


class Service:
    """Tells of one department; every step happens at its own time, by its own person."""

    def __init__(self, agenda: Agenda, company: Company) -> None:
        self.agenda, self.company, self.plan = agenda, company, company.plan
        self.supervisor = self.plan["supervisor"]

    def begin(self) -> None:
        """Put what the plan says on the agenda."""
        self.agenda.add(self._day(BEFORE), self.named())
        for minute, entry in enumerate(self.plan["allocations"]):
            self.agenda.add(self._day(entry["ago"]) + dt.timedelta(minutes=10 * minute), self.allocation(entry))
        self.agenda.add(self._day(1) + dt.timedelta(hours=6), self.files())
        first = self._day(MONTHS)
        self.agenda.add(first - dt.timedelta(days=first.weekday()), self.read())

    def _day(self, ago: int) -> dt.datetime:
        return (self.agenda.end - dt.timedelta(days=ago)).replace(hour=9, minute=20)

    def _new(self, who: str, slug: str, **told: Any) -> Any:
        with self.agenda.by(who):
            return saving.create(registers()[slug], told).record

    def _person(self, account: str) -> int:
        return int(self.company.people[account].id)

    def named(self) -> Teller:
        """The supervisor enters classes, capacities and who keeps which material."""
        today = self.agenda.now().date().isoformat()
        kinds = [
            self._new(self.supervisor, "customer_class", code=code, name=name) for code, name in self.plan["classes"]
        ]
        for place, customer in enumerate(self.company.customers):
            customer.customer_class_id = kinds[place % len(kinds)].id
        for who, weight, most in self.plan["capacity"]:
            self._new(self.supervisor, "duty_assignment", kind="capacity", person_id=self._person(who),
                      capacity_weight=weight, max_customers=most, from_date=today)  # fmt: skip
        for who, material in self.plan["material"]:
            self._new(self.supervisor, "duty_assignment", kind="material", person_id=self._person(who),
                      material_type=material, from_date=today)  # fmt: skip
        yield self.agenda.end

    def allocation(self, entry: Mapping[str, Any]) -> Teller:
        """A customer is allocated to whom the balance proposes, and perhaps spoken to."""
        customer = self.company.customers[entry["customer"]]
        row = self._new(self.supervisor, "customer_assignment", kind="specialist", customer_id=customer.id,
                        reason=entry.get("reason", "new"))  # fmt: skip
        if entry["until"] != "proposed":
            with self.agenda.by(self.supervisor):
                moves.move(row, "allocate", values={"person_id": row.proposed_id})
        if entry["until"] == "contacted":
            yield self._day(entry["ago"] - entry["after"])
            keeper = next(name for name, one in self.company.people.items() if one.id == row.person_id)
            self._new(keeper, "contact_log", customer_id=customer.id, direction="out", means="phone",
                      outcome="reached", content="电话问候，核对联系方式与偏好",
                      contacted_at=clock.to_local(clock.now()).isoformat())  # fmt: skip
        yield self.agenda.end

    def files(self) -> Teller:
        """Yesterday's extracts, their summary, and an update of the first material."""
        today = self.agenda.now().date().isoformat()
        sheets = [
            self._new(who, "information_sheet", kind="extract", sheet_on=today, new_count=count,
                      updated_count=count + 2, content="新办卡客户与消费异动").id
            for who, count in self.plan["extracts"].items()
        ]  # fmt: skip
        self._new(self.supervisor, "information_sheet", kind="summary", sheet_on=today, extracts=sheets,
                  analysis="新增以活跃会员为主，已分类并通知资料管理人")  # fmt: skip
        model: Any = registers()["duty_assignment"].model
        mine = sa.select(model.id).filter_by(kind="material", person_id=self._person(self.plan["keeper"]))
        self._new(self.plan["keeper"], "information_sheet", kind="update", sheet_on=today, updated_count=5,
                  duty_id=session.scalar(mine.limit(1)), missed_found="补录两名客户的生日")  # fmt: skip
        yield self.agenda.end

    def read(self) -> Teller:
        """Every week the supervisor reads the statistics that have come in and sends them on."""
        model: Any = registers()["report_snapshot"].model
        while True:
            waiting = sa.select(model).filter_by(policy=self.plan["policy"], status="open").order_by(model.id)
            for report in session.scalars(waiting).all():
                with self.agenda.by(self.supervisor):
                    moves.move(report, "submit", values={"evaluation": "与登记一致，按名单发送。"})
            yield self.agenda.now() + dt.timedelta(days=7)

    def cars(self) -> None:
        """Put the cars of the customers on the agenda."""
        self.agenda.add(self._day(BEFORE - 1), self._cars())

    def _cars(self) -> Teller:
        day = self.agenda.now().date() - dt.timedelta(days=60)
        for customer, plate, model, who in self.plan["cars"]:
            self._new(who, "customer_asset", kind="vehicle", plate_no=plate, model=model,
                      customer_id=self.company.customers[customer].id, last_service_on=day.isoformat())  # fmt: skip
        yield self.agenda.end
