"""Complaints of shops and consumers, each taken as far as the plan says by the people who hold the posts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app.areas.complaints.report_snapshot import ReportSnapshot
from app.areas.complaints.written_report import WrittenReport
from app.areas.service.service_script import ServiceScript
from app.core import clock, moves, saving
from app.core.db import session
from app.core.register import registers
from app.demo.agenda import Agenda, Teller, approve, sweep, working_time
from app.demo.people import Company

SUPERVISOR, MANAGER, CLERK, MEETING = "fengjuan", "guoliang", "wuting", "dengjianping"
DIRECTORS = ("zhenghao", "linyan")
HANDLERS = {"handling_2": SUPERVISOR, "handling_3": MANAGER}
ANSWERS = {"handling": "answer_1", "handling_2": "answer_2", "handling_3": "answer_3"}
REVIEWERS = {"l1": (SUPERVISOR,), "l2": DIRECTORS[:1], "l3": DIRECTORS}
HOUR = dt.timedelta(hours=1)


def scripts(agenda: Agenda, company: Company) -> Teller:
    """The scripts of the company and its forbidden phrases."""
    unit, keeper = company.units["YM"], company.people[CLERK]
    session.add_all(
        ServiceScript(unit_id=unit.id, owner_id=keeper.id, required=False, **entry) for entry in company.plan["scripts"]
    )
    session.flush()
    yield agenda.now()


def reports(agenda: Agenda) -> Teller:
    """The clerk hands in the reports of each month, and of the last weeks on Monday; the newest still wait."""
    day = agenda.now().date().replace(day=1)
    last_weeks = agenda.end.date() - dt.timedelta(days=28)
    while True:
        day += dt.timedelta(days=1)
        monday = day.weekday() == 0 and day >= last_weeks
        if monday or day.day == 1:
            yield dt.datetime.combine(day, dt.time(9, 30))
            if monday:
                sweep("tasks.open")
            if day < agenda.end.date() - dt.timedelta(days=7):
                _hand_in(agenda)


def _hand_in(agenda: Agenda) -> None:
    waiting = sa.select(ReportSnapshot).filter_by(policy="A14", status="open").order_by(ReportSnapshot.id)
    for report in session.scalars(waiting).all():
        with agenda.by(CLERK):
            moves.move(report, "submit")


class Story:
    """One complaint on its way."""

    def __init__(self, agenda: Agenda, company: Company, entry: Mapping[str, Any]) -> None:
        self.agenda, self.company, self.entry = agenda, company, entry
        self.begins = working_time(agenda.end - dt.timedelta(days=entry["ago"], hours=3))
        self.case: Any = None

    def tell(self) -> Teller:
        """From the receipt to the state that the plan names."""
        until = self.entry["until"]
        self._receive()
        if until == "new":
            return
        yield self._later(2)
        self._contact()
        if until == "contacted":
            return
        yield self._later(0.2)
        self._onward()
        if self.entry.get("asks"):
            self._ask()
        for answer in self.entry["answers"]:
            yield self._later(30)
            yield from self._answer(answer)
        if until == "handling":
            yield from self._keep_in_touch()
        else:
            yield from self._end(until)

    def _later(self, hours: float) -> dt.datetime:
        return working_time(self.agenda.now() + hours * HOUR)

    def _move(self, who: str, key: str, reason: str = "", **values: Any) -> None:
        with self.agenda.by(who):
            moves.move(self.case, key, values=values, reason=reason)

    def _receive(self) -> None:
        entry = self.entry
        told = {
            "title": entry["title"], "channel": "phone", "complainant_type": entry["kind"], "cause": entry["cause"],
            "complainant": entry["who"], "complainant_phone": entry["phone"],
            "received_at": f"{self.agenda.now():%Y-%m-%dT%H:%M}",
            "customer_id": self.company.customers[entry["shop"]].id,
        }  # fmt: skip
        with self.agenda.by(entry["by"]):
            self.case = saving.create(registers()["complaint"], told, policy="A14").record

    def _contact(self) -> None:
        entry = self.entry
        more: dict[str, Any] = {"batch_quality": True, "batch_items": 36, "goods_code": "CS2509-07"}
        self._move(
            entry["by"], "contact", contacted_at=clock.now(), stated_reason=entry["title"],
            course=f"{entry['who']}来电反映：{entry['title']}，已逐项核实时间、地点与货品。", explained_flow=True,
            place=self.company.customers[entry["shop"]].name, **(more if entry.get("batch") else {}),
        )  # fmt: skip

    def _onward(self) -> None:
        if self.case.status == "contacted":
            level = moves.whole_of(self.case).get("level")
            self._move(self.entry["by"], "hand_over" if level == "l2" else "report_up")

    def _ask(self) -> None:
        asked = {
            "subject": self.entry["title"], "complaint_id": self.case.id, "content": "请核对发货单与装箱数量。",
            "department_id": self.company.units[self.entry["asks"]].id,
            "expected_at": f"{self.agenda.now() + dt.timedelta(days=2):%Y-%m-%dT%H:%M}",
        }  # fmt: skip
        with self.agenda.by(self.entry["by"]):
            item = saving.create(registers()["coordination_item"], asked, policy="A14").record
            moves.move(item, "ask")

    def _answer(self, answer: str) -> Teller:
        """The result is told; at the highest level both directors have given their guidance before."""
        if self.case.status == "handling_3":
            yield from self._guided()
        who = HANDLERS.get(self.case.status, self.entry["by"])
        self._move(
            who, ANSWERS[self.case.status], result="已按公司规定提出处理方案并告知客户。", satisfaction=answer,
            answer_proof=f"LY{self.agenda.now():%m%d%H%M}",
        )  # fmt: skip

    def _guided(self) -> Teller:
        report = session.scalars(sa.select(WrittenReport).filter_by(complaint_id=self.case.id, kind="special")).one()
        with self.agenda.by(MANAGER):
            moves.move(report, "submit", values={"content": "同批新品出现相同问题，建议整批召回检验并先行换货。"})
        for director in DIRECTORS:
            yield self._later(2)
            with self.agenda.by(director):
                approve(report, {"instruction": "同意整批换货，商品部三日内给出检验结论。"})

    def _keep_in_touch(self) -> Teller:
        yield self._later(20)
        who = HANDLERS.get(self.case.status, self.entry["by"])
        told = {
            "contacted_at": f"{self.agenda.now():%Y-%m-%dT%H:%M}", "direction": "out", "means": "phone",
            "outcome": "reached", "complaint_id": self.case.id, "content": "告知处理进度，客户表示理解。",
        }  # fmt: skip
        with self.agenda.by(who):
            saving.create(registers()["contact_log"], told)

    def _end(self, until: str) -> Teller:
        if until == "review":
            return
        yield self._later(3)
        if until == "meeting":
            on = (self.agenda.now() + dt.timedelta(days=7)).date()
            self._move(DIRECTORS[1], "submit_to_meeting", meeting_on=on)
            return
        level = moves.whole_of(self.case).get("level")
        for reviewer in REVIEWERS[level]:
            with self.agenda.by(reviewer):
                approve(self.case, {})
        if until == "archived":
            yield self._later(5)
            self._move(CLERK, "archive")
