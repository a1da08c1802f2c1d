"""Some months of complaints, each taken through its moves by the people who hold the posts."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.areas.complaints.customer_reply import CustomerReply
from app.areas.complaints.written_report import WrittenReport
from app.areas.customers.customer import Customer
from app.core import actor, clock, moves, saving
from app.core.db import session
from app.core.register import registers
from app.demo import consequences
from app.demo.hours import working_time
from app.engines.people.models import Employee, OrgUnit

DECIDERS = {"sales_manager": "songzhiwei", "deputy_gm": "zhouqiming", "general_manager": "liangweidong"}
STAGES = (
    "draft",
    "submit",
    "accept",
    "send_to_qc",
    "judge",
    "analyse",
    "instruct",
    "check",
    "propose",
    "route",
    "decide",
    "negotiate",
    "report_result",
    "confirm_result",
    "combine_result",
    "close",
)
AGES = (
    118,
    112,
    104,
    97,
    90,
    83,
    77,
    70,
    64,
    58,
    51,
    45,
    40,
    36,
    31,
    27,
    24,
    21,
    18,
    15,
    13,
    11,
    9,
    7,
    6,
    5,
    4,
    3,
    2,
    1,
)
STUCK = {40: "judge", 31: "propose", 27: "route", 24: "analyse"}


class Story:
    """One complaint on its way; every step happens at its own time, by its own person."""

    def __init__(self, people: Mapping[str, Employee], units: Mapping[str, OrgUnit], chance: random.Random) -> None:
        self.people, self.units, self.chance = people, units, chance

    @contextmanager
    def by(self, account: str, at: dt.datetime) -> Iterator[None]:
        """Act as a person at an instant."""
        with clock.freeze(at), actor.acting_as(self.people[account].account_id):
            yield

    def tell(
        self, begun: dt.datetime, last: str, fault: Mapping[str, Any], customer: Customer, now: dt.datetime
    ) -> tuple[Any, dt.datetime]:
        """Take a complaint from its form to the step ``last``, or as far as time allows; it, and when it stopped."""
        rep = next(name for name, person in self.people.items() if person.id == customer.owner_id)
        with self.by(rep, begun):
            case: Any = saving.create(registers()["complaint"], self._form(fault, customer, begun)).record
        at = begun
        for key in STAGES[1 : STAGES.index(last) + 1]:
            at = working_time(at + dt.timedelta(hours=self.chance.choice((2, 4, 7, 20, 26))))
            if at >= now:
                break
            self._step(case, key, rep, at, fault)
        return case, min(at, now)

    def _step(self, case: Any, key: str, rep: str, at: dt.datetime, fault: Mapping[str, Any]) -> None:
        with self.by(self._who(case, key, rep), at):
            if key == "report_result":
                self._reply(case)
            moves.move(case, key, values=self._values(key, case, fault, at))
        if key == "judge" and case.id % 5:
            self._report(case, at, fault)

    def _report(self, case: Any, at: dt.datetime, fault: Mapping[str, Any]) -> None:
        """The report after the investigation, with the general manager's instruction."""
        report = session.scalars(sa.select(WrittenReport).filter_by(complaint_id=case.id)).one()
        with self.by("luojianguo", at):
            moves.move(report, "submit", values={"content": f"经调查：{fault['cause']}。"})
        with self.by(DECIDERS["general_manager"], at):
            moves.move(report, "instruct", values={"instruction": "限期改善，按月追踪。"})

    def _who(self, case: Any, key: str, rep: str) -> str:
        if key in ("decide", "close"):
            return DECIDERS[case.deciding_post]
        if key == "confirm_result":
            return DECIDERS["sales_manager"]
        if key == "analyse":
            return "denghaibo" if case.responsible_unit_id == self.units["HX-M1"].id else "taoyong"
        return {
            "submit": rep,
            "propose": rep,
            "negotiate": rep,
            "report_result": rep,
            "judge": "luojianguo",
            "instruct": "zhengguoqiang",
        }.get(key, "hepeishan")

    def _form(self, fault: Mapping[str, Any], customer: Customer, begun: dt.datetime) -> dict[str, Any]:
        shipped = self.chance.choice((800, 1200, 3200, 5000))
        return {
            "title": fault["title"],
            "customer_id": customer.id,
            "channel": self.chance.choice(("mail", "phone")),
            "market": "domestic" if customer.country == "CN" else "overseas",
            "claimed_amount": fault["amount"],
            "order_no": f"PO{begun:%y%m%d}{self.chance.randint(10, 99)}",
            "part_no": fault["part"],
            "product": fault["product"],
            "shipped_on": (begun.date() - dt.timedelta(days=12)).isoformat(),
            "shipped_qty": shipped,
            "defective_qty": shipped // self.chance.choice((20, 40, 70)),
            "abnormality": f"客户上线后发现{fault['title']}，已隔离同批库存。",
            "customer_demand": [fault["demand"]],
            "demand_text": "请按损失金额处理并提出改善报告。",
            "complaint_reason": fault["title"],
            "sample_attached": "true",
            "sales_note": "附异常样品，请尽快追查。",
            "return_qty_undetermined": "false",
        }

    def _values(self, key: str, case: Any, fault: Mapping[str, Any], at: dt.datetime) -> dict[str, Any]:
        amount = Decimal(fault["amount"])
        section = self.units["HX-M1" if case.id % 2 else "HX-M2"].id
        known: dict[str, dict[str, Any]] = {
            "judge": {"category": "quality", "qc_cause": fault["cause"], "responsible_unit_id": section,
                      "production_unit_id": section},
            "analyse": {
                "production_cause": fault["cause"],
                "countermeasure": fault["measure"],
                "shift": "甲班",
                "operators": [self.people["denghaibo"].id],
                "production_unit_id": section,
                "produced_on": at.date() - dt.timedelta(days=40),
            },
            "instruct": {"manager_office_note": "同意对策，限期完成。"},
            "check": {"gm_office_check": "资料齐全，责任明确。"},
            "propose": {
                "sales_opinion": "客户关系重要，建议按客户要求处理。",
                "proposed_settlement_amount": (amount * Decimal("0.9")).quantize(Decimal("0.01")),
            },
            "route": {"combined_opinion": f"{fault['cause']}，建议同意业务意见。"},
            "decide": {"decision": "同意综合意见。", "founded": True, "decided_amount": amount},
            "report_result": {"negotiation_result": "客户接受处理方案。", "customer_accepts": True},
            "combine_result": {"combined_opinion": "客户已接受，建议结案。"},
            "close": {"needs_tracking": case.id % 3 == 0, "approved_return_qty": 40},
        }
        return known.get(key, {})

    def _reply(self, case: Any) -> None:
        session.add(
            CustomerReply(
                complaint_id=case.id,
                means="phone",
                replied_by_id=case.owner_id,
                replied_at=clock.now(),
                content="已说明核决结果。",
                promised_amount=case.decided_amount or Decimal(0),
                promised_return_qty=0,
                customer_response="accepted",
            )
        )
        session.flush()


def seed(
    people: Mapping[str, Employee],
    customers: list[Customer],
    units: Mapping[str, OrgUnit],
    faults: list[dict[str, Any]],
) -> None:
    """Cases of the last months in every state, some of them late; the same on every machine."""
    chance = random.Random(20251007)
    story = Story(people, units, chance)
    now = clock.to_local(clock.now()).replace(tzinfo=None, second=0, microsecond=0)
    for number, age in enumerate(AGES):
        begun = working_time((now - dt.timedelta(days=age)).replace(hour=9, minute=chance.randrange(60)))
        if begun >= now:
            continue
        last = STUCK.get(age) or ("close" if age > 20 else chance.choice(STAGES))
        customer, fault = customers[number % len(customers)], faults[number % len(faults)]
        case, stopped = story.tell(begun, last, fault, customer, now)
        if case.closed_at is not None:
            consequences.follow(story, case, stopped, now, number)
        session.commit()
    consequences.announce(story, now)
    session.commit()
