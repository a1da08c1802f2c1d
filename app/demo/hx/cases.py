"""Some months of complaints, each taken through its moves by the people who hold the posts."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.areas.complaints.customer_reply import CustomerReply
from app.areas.complaints.written_report import WrittenReport
from app.areas.customers.customer import Customer
from app.core import clock, moves, saving
from app.core.db import session
from app.core.register import registers
from app.demo.agenda import Agenda, Teller, approve, working_time
from app.demo.hx import consequences, returns
from app.engines.people.models import OrgUnit

DECIDERS = {"sales_manager": "songzhiwei", "deputy_gm": "zhouqiming", "general_manager": "liangweidong"}
STAGES = (
    *("draft", "submit", "accept", "send_to_qc", "judge", "analyse", "instruct", "check", "propose", "route", "decide"),
    *("negotiate", "report_result", "confirm_result", "combine_result", "close"),
)
AGES = (
    *(118, 112, 104, 97, 90, 83, 77, 70, 64, 58, 51, 45, 40, 36, 31, 27, 24, 21, 18, 15, 13, 11, 9, 7, 6, 5, 4, 3),
    *(2, 1),
)
STUCK = {40: "judge", 31: "propose", 27: "route", 24: "analyse", 18: "route", 13: "route"}
SLOW = {97: "judge", 77: "propose", 58: "analyse", 45: "judge", 36: "propose"}
REFUSED = (90, 51)
UNFOUNDED = {83: "collected", 64: "disputed", 21: "waiting"}
HURRIED, SLOWLY = (1, 2, 3, 5, 20), (98, 122)


class Story:
    """Complaints on their way; every step happens at its own time, by its own person."""

    def __init__(self, agenda: Agenda, units: Mapping[str, OrgUnit], chance: random.Random) -> None:
        self.agenda, self.people, self.units, self.chance = agenda, agenda.people, units, chance

    def tell(self, age: int, last: str, fault: Mapping[str, Any], customer: Customer) -> Teller:
        """Take a complaint from its form to the step ``last``, or as far as time allows."""
        rep = next(name for name, person in self.people.items() if person.id == customer.owner_id)
        with self.agenda.by(rep):
            case: Any = saving.create(registers()["complaint"], self._form(fault, customer, self.agenda.now())).record
        yield from self._steps(age, case, last, rep, fault)
        if age in REFUSED:
            with self.agenda.by(rep):
                moves.move(case, "new_form")
            again = session.get_one(type(case), case.next_id)
            yield from self._steps(0, again, "close", rep, dict(fault, accepts=True))
        elif age in UNFOUNDED:
            yield from self._unfounded(UNFOUNDED[age], case, rep)
        elif case.closed_at is not None:
            codes = {unit.id: code for code, unit in self.units.items()}
            stage = consequences.STAGES[AGES.index(age) % len(consequences.STAGES)]
            self.agenda.add(self.agenda.now(), returns.papers(self.agenda, case, rep, AGES.index(age)))
            yield from consequences.Aftermath(self.agenda, codes, case).tell(stage)

    def _steps(self, age: int, case: Any, last: str, rep: str, fault: Mapping[str, Any]) -> Teller:
        if age in REFUSED:
            fault, last = dict(fault, accepts=False), "combine_result"
        elif age in UNFOUNDED:
            fault, last = dict(fault, founded=False), "decide"
        for key in STAGES[1 : STAGES.index(last) + 1]:
            pause = self.chance.choice(SLOWLY if SLOW.get(age) == key else HURRIED)
            yield working_time(self.agenda.now() + dt.timedelta(hours=pause))
            self._step(case, key, rep, fault)

    def _step(self, case: Any, key: str, rep: str, fault: Mapping[str, Any]) -> None:
        with self.agenda.by(self._who(case, key, rep)):
            if key == "report_result":
                self._reply(case, fault)
            moves.move(case, key, values=self._values(key, case, fault))
        if key == "judge" and case.id % 5:
            self._report(case, fault)

    def _report(self, case: Any, fault: Mapping[str, Any]) -> None:
        """The report after the investigation, with the general manager's instruction."""
        report = session.scalars(sa.select(WrittenReport).filter_by(complaint_id=case.id)).first()
        if report is None or report.status != "draft":
            return
        with self.agenda.by("luojianguo"):
            moves.move(report, "submit", values={"content": f"经调查：{fault['cause']}。"})
        with self.agenda.by(DECIDERS["general_manager"]):
            moves.move(report, "instruct", values={"instruction": "限期改善，按月追踪。"})

    def _unfounded(self, how: str, case: Any, rep: str) -> Teller:
        """An unfounded complaint: the receivable is collected, or the customer's objection settled by a petition."""
        if how == "waiting":
            return
        yield working_time(self.agenda.now() + dt.timedelta(days=9))
        if how == "disputed":
            yield from self._petition(case, rep)
        values = {"collected_on": self.agenda.now().date()} if how == "collected" else {}
        with self.agenda.by("hepeishan"):
            moves.move(case, "close_unfounded", values=values)

    def _petition(self, case: Any, rep: str) -> Teller:
        told = {
            "kind": "unfounded_dispute",
            "complaint_id": case.id,
            "subject": f"{case.case_no} 客户对收款有异议",
            "content": "客户认为本公司亦有责任，要求暂缓付款；经说明检验结果后同意分两期支付。",
        }
        with self.agenda.by(rep):
            petition: Any = saving.create(registers()["petition"], told).record
            moves.move(petition, "submit")
        for post, values in (("sales_manager", {}), ("general_manager", {"decision": "同意分两期收款。"})):
            yield working_time(self.agenda.now() + dt.timedelta(hours=20))
            with self.agenda.by(DECIDERS[post]):
                approve(petition, values)

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

    def _values(self, key: str, case: Any, fault: Mapping[str, Any]) -> dict[str, Any]:
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
                "produced_on": self.agenda.now().date() - dt.timedelta(days=40),
            },
            "instruct": {"manager_office_note": "同意对策，限期完成。"},
            "check": {"gm_office_check": "资料齐全，责任明确。"},
            "propose": {
                "sales_opinion": "客户关系重要，建议按客户要求处理。",
                "proposed_settlement_amount": (amount * Decimal("0.9")).quantize(Decimal("0.01")),
            },
            "route": {"combined_opinion": f"{fault['cause']}，建议同意业务意见。"},
            "decide": {"decision": "同意综合意见。", "founded": True, "decided_amount": amount}
            if fault.get("founded", True)
            else {
                "decision": "经复检为客户端焊接参数不当，投诉不成立。",
                "founded": False,
                "collection_due_on": self.agenda.now().date() + dt.timedelta(days=14),
            },
            "report_result": {"negotiation_result": "客户接受处理方案。", "customer_accepts": True}
            if fault.get("accepts", True)
            else {"negotiation_result": "客户要求提高赔偿，不接受本次方案。", "customer_accepts": False},
            "combine_result": {
                "combined_opinion": "客户已接受，建议结案。" if fault.get("accepts", True) else "客户不接受，另填新表。"
            },
            "close": {"needs_tracking": case.id % 3 == 0, "approved_return_qty": 40},
        }
        return known.get(key, {})

    def _reply(self, case: Any, fault: Mapping[str, Any]) -> None:
        session.add(
            CustomerReply(
                complaint_id=case.id,
                means="phone",
                replied_by_id=case.owner_id,
                replied_at=clock.now(),
                content="已说明核决结果。",
                promised_amount=case.decided_amount or Decimal(0),
                promised_return_qty=0,
                customer_response="accepted" if fault.get("accepts", True) else "refused",
            )
        )
        session.flush()


def schedule(
    agenda: Agenda, customers: list[Customer], units: Mapping[str, OrgUnit], faults: list[dict[str, Any]]
) -> None:
    """Cases of the last months in every state, some of them late; the same on every machine."""
    chance = random.Random(20251007)
    story = Story(agenda, units, chance)
    for number, age in enumerate(AGES):
        begun = working_time((agenda.end - dt.timedelta(days=age)).replace(hour=9, minute=chance.randrange(60)))
        last = STUCK.get(age) or ("close" if age > 20 else chance.choice(STAGES))
        customer, fault = customers[number % len(customers)], faults[number % len(faults)]
        agenda.add(begun, story.tell(age, last, fault, customer))
