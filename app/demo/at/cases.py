"""Complaints from the front desk to the feedback, each step by the person who holds the post."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app.areas.complaints.case_disposition import CaseDisposition
from app.core import clock, moves, saving
from app.core.db import session
from app.core.register import registers
from app.demo.agenda import Agenda, Teller, approve, working_time
from app.demo.people import Company
from app.engines.contacts import operations as contacts

DESK = {"AT-D": "dingxiaoyu", "AT-X": "jinlanlan"}
COORDINATOR = {"AT-D": "wuguoliang", "AT-X": "shaoyong"}
HANDLER = {"AT-D": "caiwenbo", "AT-X": "yaojing"}
MANAGER = {"AT-D": "tianhui", "AT-X": "renxuefeng"}
SERVICE, MANAGEMENT, GENERAL = "fangruoxi", "yanzhengqing", "qiaozhiyuan"
STAGES = ("accept", "assign", "take", "contact", "attempts", "submit", "confirm", "close", "feed_back")
TICKS = {"checked_investigation": True, "checked_record": True, "checked_verdict": True}
Story = Mapping[str, Any]


class Told:
    """One complaint on its way."""

    def __init__(self, agenda: Agenda, company: Company, story: Story) -> None:
        self.agenda, self.company, self.story, self.branch = agenda, company, story, story["branch"]

    def tell(self) -> Teller:
        """From the telephone call to the step ``until``, or as far as time allows."""
        with self.agenda.by(DESK[self.branch]):
            case: Any = saving.create(registers()["complaint"], self._form()).record
            if self.story["until"] == "refer":
                moves.move(case, "refer", values={"fraud_kind": self.story["fraud"]})
        if self.story["until"] == "refer":
            yield from self._referral(case)
            return
        last = "attempts" if self.story["until"] == "escalate" else self.story["until"]
        for key in STAGES[: STAGES.index(last) + 1]:
            yield working_time(self.agenda.now() + dt.timedelta(hours=2))
            yield from getattr(self, f"_{key}")(case)
        if self.story["until"] == "escalate":
            yield working_time(self.agenda.now() + dt.timedelta(hours=1))
            self._by(HANDLER, case, "escalate", unsolved_reason="多次沟通，客户坚持全额退还并要求赔偿，无法达成一致。")

    def _by(self, who: Mapping[str, str], case: Any, key: str, **values: Any) -> None:
        with self.agenda.by(who[self.branch]):
            moves.move(case, key, values=values)

    def _form(self) -> dict[str, Any]:
        one, units = self.story, self.company.units
        form = {
            "title": one["title"], "source": one.get("source", "phone"), "complainant": one["who"], "sex": one["sex"],
            "complainant_address": f"{one['who'][:1]}家园 3 栋 2 单元", "relation": "self", "identity": "车主",
            "contact_name": one["who"], "mobile": "13722019988", "content": one["content"],
            "branch_id": units[self.branch].id, "responsible_unit_id": units[one["dept"]].id,
            "business": one["business"], "nature": one["nature"], "claimed_amount": one["amount"],
            "insurance_event": "event" in one, "report_no": one.get("event"), "concerns_staff": "staff" in one,
            "person_complained": one.get("staff"), "facts_missing": False, "petition_body": one.get("body"),
            "group_size": 1, "media_involved": False, "threat": False,
        }  # fmt: skip
        known = {customer.name: customer for customer in self.company.customers}
        mine = known.get(one["who"])
        if mine is not None and mine.owner_id == self.company.people[DESK[self.branch]].id:
            form["customer_id"] = mine.id
        return {name: value for name, value in form.items() if value is not None}

    # -- steps

    def _accept(self, case: Any) -> Teller:
        self._by(DESK, case, "accept")
        yield self.agenda.now()

    def _assign(self, case: Any) -> Teller:
        self._by(COORDINATOR, case, "assign", handler_id=self.company.people[HANDLER[self.branch]].id)
        yield self.agenda.now()

    def _take(self, case: Any) -> Teller:
        self._by(HANDLER, case, "take")
        yield working_time(self.agenda.now() + dt.timedelta(hours=1))
        with self.agenda.by(HANDLER[self.branch]):
            said = f"向{self.company.units[self.story['dept']].name}调取单据，经办人说明经过。"
            saving.create(registers()["complaint_step"], {"complaint_id": case.id, "text": said})

    def _contact(self, case: Any) -> Teller:
        self._by(HANDLER, case, "contact")
        yield self.agenda.now()

    def _attempts(self, case: Any) -> Teller:
        begun = self.agenda.now()
        for days, hour, outcome in self.story.get("attempts", ()):
            yield self._call_time(begun, days, hour)
            rules = contacts.rules_of(moves.whole_of(case))
            if rules is not None and rules.next().at > self.agenda.now():
                yield rules.next().at
            with self.agenda.by(HANDLER[self.branch]):
                saving.create(registers()["contact_log"], self._call(case, outcome))

    def _call_time(self, begun: dt.datetime, days: int, hour: int) -> dt.datetime:
        at = working_time((begun + dt.timedelta(days=days)).replace(hour=hour, minute=10))
        return max(at, self.agenda.now())

    def _call(self, case: Any, outcome: str) -> dict[str, Any]:
        course = "说明调查情况与处理方案。" if outcome == "reached" else "未能接通，稍后再联系。"
        return {"complaint_id": case.id, "contacted_at": clock.to_local(clock.now()).isoformat(), "direction": "out",
                "means": "phone", "outcome": outcome, "number_used": "13722019988", "content": course}  # fmt: skip

    def _submit(self, case: Any) -> Teller:
        self._by(
            HANDLER, case, "submit", cause=self.story["cause"], truth=self.story["truth"],
            handling_opinion="按公司规定办理。", handling_result=self.story["result"], outcome_told_at=clock.now(),
            talk_result="客户接受处理方案。",
        )  # fmt: skip
        yield self.agenda.now()

    def _confirm(self, case: Any) -> Teller:
        with self.agenda.by(MANAGER[self.branch]):
            approve(case, TICKS)
        if case.status == "second_look":
            yield working_time(self.agenda.now() + dt.timedelta(hours=2))
            with self.agenda.by(SERVICE):
                approve(case, TICKS)

    def _close(self, case: Any) -> Teller:
        self._by(COORDINATOR, case, "close")
        yield self.agenda.now()

    def _feed_back(self, case: Any) -> Teller:
        self._by(COORDINATOR, case, "feed_back", feedback=f"{self.story['cause']}；{self.story['result']}。")
        yield self.agenda.now()

    def _referral(self, case: Any) -> Teller:
        yield working_time(self.agenda.now() + dt.timedelta(hours=3))
        row: Any = session.scalars(sa.select(CaseDisposition).filter_by(complaint_id=case.id)).one()
        with self.agenda.by(MANAGEMENT):
            moves.move(row, "put_up")
        yield working_time(self.agenda.now() + dt.timedelta(hours=20))
        with self.agenda.by(GENERAL):
            approve(row, {"decision": "暂停其查勘工作，由管理部会同人事核查。"})


def schedule(agenda: Agenda, company: Company) -> None:
    """Each complaint begins on its day at nine."""
    for minute, story in enumerate(company.plan["stories"]):
        begun = working_time((agenda.end - dt.timedelta(days=story["ago"])).replace(hour=9, minute=minute))
        agenda.add(begun, Told(agenda, company, story).tell())
