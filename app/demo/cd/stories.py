"""Vehicles and complaints of a car dealer, each taken as far as the plan says by the people who hold the posts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.core import clock, moves, saving
from app.core.db import session
from app.core.register import registers
from app.demo.agenda import Agenda, Teller, approve, working_time
from app.demo.people import Company

ADVISER, SPECIALIST, RELATIONS, GENERAL = "tangxiaoqing", "mengjiahe", "shaomingzhu", "luzhengxiong"
SALES, SERVICE, SUPERVISOR, MECHANIC, SALESMAN = "yuanbowen", "fuguangming", "weixingchen", "diaoxiaobin", "jiaozhihao"
HOUR = dt.timedelta(hours=1)
STEPS = ("record", "judge", "take_over", "propose", "decide", "inform", "ask", "close")
EARLIER = {"reopen": "ask", "pass_on": "record"}


def vehicles(agenda: Agenda, company: Company) -> Teller:
    """The files of the vehicles that the dealer sold and services."""
    for entry in company.plan["vehicles"]:
        owner = company.customers[entry["owner"]]
        delivered = agenda.now().date() - dt.timedelta(days=entry["delivered"]) if "delivered" in entry else None
        told = {
            "kind": "vehicle", "customer_id": owner.id, "customer_name": owner.contact_name,
            "phone": owner.contact_phone,
            "plate_no": entry.get("plate_no"), "vin": entry["vin"], "model": entry["model"], "use": "active",
            "sale_contract_no": entry["contract"], "last_repair_order": entry.get("order"),
            "delivered_on": delivered.isoformat() if delivered else None,
        }  # fmt: skip
        with agenda.by(ADVISER if owner.owner_id == company.people[ADVISER].id else SPECIALIST):
            saving.create(registers()["customer_asset"], {name: value for name, value in told.items() if value})
    yield agenda.now()


class Story:
    """One complaint on its way."""

    def __init__(self, agenda: Agenda, company: Company, entry: Mapping[str, Any], minute: int) -> None:
        self.agenda, self.company, self.entry = agenda, company, entry
        begins = (agenda.end - dt.timedelta(days=entry["ago"])).replace(hour=9, minute=minute)
        self.begins = working_time(begins) if entry["ago"] else min(begins, agenda.end - HOUR)
        self.case: Any = None

    @property
    def major(self) -> bool:
        """Whether it goes by the major route."""
        return bool(self.entry.get("body") or self.entry.get("safety"))

    @property
    def handler(self) -> str:
        """The manager whose department it is."""
        return SALES if self.entry.get("matter") == "contract" else SERVICE

    def tell(self) -> Teller:
        """From the receipt to the step that the plan names."""
        until = self.entry["until"]
        for key in STEPS[: STEPS.index(EARLIER.get(until, until)) + 1]:
            getattr(self, f"_{key}")()
            yield working_time(self.agenda.now() + (HOUR if self.major else 3 * HOUR))
        if until == "pass_on":
            self._move(RELATIONS, "pass_on")
        if until == "reopen":
            self._move(RELATIONS, "reopen", "客户反映故障复发")
        if "measure" in self.entry:
            yield from self._measure()

    def _move(self, who: str, key: str, reason: str = "", **values: Any) -> None:
        with self.agenda.by(who):
            moves.move(self.case, key, values=values, reason=reason)

    def _about(self, register: str) -> Any:
        model: Any = registers()[register].model
        return session.scalars(sa.select(model).filter_by(complaint_id=self.case.id).order_by(model.id.desc())).first()

    def _id(self, account: str) -> int:
        return int(self.company.people[account].id)

    # -- steps

    def _record(self) -> None:
        entry = self.entry
        car = self.company.plan["vehicles"][entry["car"]]
        owner = self.company.customers[car["owner"]]
        model: Any = registers()["customer_asset"].model
        told = {
            "title": entry["title"], "channel": "phone", "received_at": f"{self.agenda.now():%Y-%m-%dT%H:%M}",
            "complainant": owner.contact_name, "complainant_phone": owner.contact_phone, "content": entry["content"],
            "plate_no": car.get("plate_no"), "vin": car["vin"], "delivered": "delivered" in car,
        }  # fmt: skip
        recorder = ADVISER if owner.owner_id == self._id(ADVISER) else SPECIALIST
        told["customer_id"] = owner.id
        told["asset_id"] = session.scalars(sa.select(model.id).filter_by(vin=car["vin"])).one()
        with self.agenda.by(recorder):
            found = {name: value for name, value in told.items() if value is not None}
            self.case = saving.create(registers()["complaint"], found).record

    def _judge(self) -> None:
        self._move(
            RELATIONS, "judge", matter=self.entry["matter"], reason_sufficient=True, demand_reasonable=True,
            handling_responsibility="由受理部门查明原因并提出解决办法", outside_body=bool(self.entry.get("body")),
            safety_risk=bool(self.entry.get("safety")),
            **({"handling_department": "service_manager"} if self.entry["matter"] == "service" else {}),
        )  # fmt: skip

    def _take_over(self) -> None:
        if not self.major:
            self._move(self.handler, "take_over")
            return
        self._move(RELATIONS, "convene")
        there = [self._id(who) for who in (RELATIONS, self.handler, GENERAL)]
        held = {"held_at": clock.now(), "participants": there, "decision": self.entry.get("solution")}
        if held["decision"]:
            with self.agenda.by(RELATIONS):
                moves.move(self._about("meeting"), "hold", values=held)

    def _propose(self) -> None:
        unit = self.company.units["CD-XS" if self.handler == SALES else "CD-FW"]
        values = {
            "cause": self.entry["cause"], "responsible_unit_id": unit.id, "solution": self.entry["solution"],
            "responsible_person_id": self._id(SALESMAN if self.handler == SALES else MECHANIC),
            "proposed_settlement_amount": Decimal(self.entry["cost"]),
        }  # fmt: skip
        self._move(RELATIONS if self.major else self.handler, "propose_jointly" if self.major else "propose", **values)

    def _decide(self) -> None:
        for who in (self.handler, GENERAL) if self.major else (GENERAL,):
            with self.agenda.by(who):
                approve(self.case, {"decision": "同意"} if who == GENERAL else {})

    def _inform(self) -> None:
        values: dict[str, Any] = {"informed_at": clock.now(), "customer_reaction": "接受处理办法"}
        if self.major:
            self._negotiate()
            self._move(RELATIONS, "inform_jointly", **values)
        else:
            self._move(SPECIALIST, "inform", **values)

    def _negotiate(self) -> None:
        both = [self._id(self.handler), self._id(RELATIONS)]
        told = {
            "kind": "negotiation", "complaint_id": self.case.id, "met_at": f"{self.agenda.now():%Y-%m-%dT%H:%M}",
            "leader_id": both[0], "members": both, "customer_position": "要求彻底修好并补偿代步费", "result": "agreed",
            "agreement": self.entry["solution"],
        }  # fmt: skip
        with self.agenda.by(RELATIONS):
            talk: Any = saving.create(registers()["joint_investigation"], told).record
            moves.move(talk, "conclude")

    def _ask(self) -> None:
        answer = self.entry["answer"]
        values = {"visited_at": clock.now(), "rating": answer, "method": "phone"}
        values |= {"opinion": "故障复发"} if answer in ("no", "fair") else {}
        with self.agenda.by(SPECIALIST):
            moves.move(self._about("visit"), "ask", values=values)

    def _close(self) -> None:
        values = {"content": f"{self.entry['cause']}；{self.entry['solution']}。",
                  "case_evaluation": "处理及时，客户认可。",
                  "improvement": "列入班前会案例，完工检验增加复核项。", "implementer_id": self._id(self.handler),
                  "improve_by": self.agenda.now().date() + dt.timedelta(days=20)}  # fmt: skip
        with self.agenda.by(RELATIONS):
            moves.move(self._about("written_report"), "submit", values=values)
        self._move(RELATIONS, "summarise")
        self._move(RELATIONS, "close")

    def _measure(self) -> Teller:
        told = {"complaint_id": self.case.id, "measure_kind": "preventive", "measure": self.entry["measure"],
                "owner_unit_id": self.company.units["CD-FW"].id,
                "due_on": (self.agenda.now().date() + dt.timedelta(days=25)).isoformat()}  # fmt: skip
        with self.agenda.by(SERVICE):
            row: Any = saving.create(registers()["corrective_action"], told).record
            moves.move(row, "submit")
        for who, values in ((RELATIONS, {}), (GENERAL, {"supervisor_id": self._id(SUPERVISOR)})):
            yield working_time(self.agenda.now() + 3 * HOUR)
            with self.agenda.by(who):
                approve(row, values)
        yield working_time(self.agenda.now() + dt.timedelta(days=9))
        with self.agenda.by(SERVICE):
            moves.move(row, "implement", values={"progress": "已执行双人复核，抽查十台全部合格。"})
