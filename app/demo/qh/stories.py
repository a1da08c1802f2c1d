"""Service complaints, each taken as far as the plan says by the people who hold the posts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app.areas.complaints.report_snapshot import ReportSnapshot
from app.areas.organisation.meeting import Meeting
from app.areas.service.catalogue_item import CatalogueItem
from app.core import clock, moves, saving
from app.core.db import session
from app.core.register import registers
from app.demo.agenda import Agenda, Teller, approve, sweep, working_time
from app.demo.people import Company

MARKETING, MANAGER, REP, QUALITY, DOER, ADMIN = (
    "yuanjing", "zoukaiming", "luoyiming", "gehui", "sunweiming", "diaolei",
)  # fmt: skip
DEPARTMENTS = {"QH-OP": "xieyutong", "QH-SI": "jingtao"}
READER = "tengyue"


def catalogue(agenda: Agenda, company: Company) -> Teller:
    """The services of the company and its one hotline."""
    root = company.units["QH"].id
    with agenda.by(ADMIN):
        saving.create(registers()["service_hotline"], {"company_id": root, "number": company.plan["hotline"]})
        for entry in company.plan["catalogue"]:
            told = {"company_id": root, "code": entry["code"], "name": entry["name"], "description": entry["text"],
                    "owner_unit_id": company.units[entry["unit"]].id,
                    "published_on": agenda.now().date().isoformat()}  # fmt: skip
            saving.create(registers()["catalogue_item"], told)
    yield agenda.now()


def reports(agenda: Agenda) -> Teller:
    """The report on each month is written, signed and read; the newest still waits."""
    day = agenda.now().date()
    while True:
        day = (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
        yield dt.datetime.combine(day, dt.time(9, 30))
        sweep("tasks.open")
        yield working_time(dt.datetime.combine(day + dt.timedelta(days=2), dt.time(10)))
        waiting = sa.select(ReportSnapshot).filter_by(policy="B03", status="open").order_by(ReportSnapshot.id)
        for report in session.scalars(waiting).all():
            with agenda.by(MARKETING):
                moves.move(report, "put_up", values={"evaluation": "本月投诉均按程序处理，原因与措施见附表。"})
            for reader in (MANAGER, READER):
                with agenda.by(reader):
                    approve(report, {})


class Story:
    """One complaint on its way."""

    def __init__(self, agenda: Agenda, company: Company, entry: Mapping[str, Any]) -> None:
        self.agenda, self.company, self.entry = agenda, company, entry
        self.begins = working_time((agenda.end - dt.timedelta(days=entry["ago"])).replace(hour=9, minute=30))
        self.dept = DEPARTMENTS[entry["unit"]]
        self.case: Any = None

    def tell(self) -> Teller:
        """From the receipt to the state that the plan names."""
        until = self.entry["until"]
        self._receive()
        yield self._soon(18)
        self._step(self.entry["by"], "file", phoned_at=clock.now())
        if until == "filed":
            return
        yield self._soon(15)
        self._step(MARKETING, "inform", rep_informed_at=clock.now(), tracker_id=self.agenda.people[MARKETING].id,
                   customer_id=self.company.customers[self.entry["customer"]].id)  # fmt: skip
        yield self._soon(20)
        self._step(REP, "hand_over", understood_note=f"已向客户问清：{self.entry['title']}，影响范围已核实。")
        if until == "handed":
            return
        yield from self._solved(until)

    def _soon(self, minutes: int) -> dt.datetime:
        return working_time(self.agenda.now() + dt.timedelta(minutes=minutes))

    def _later(self, hours: float) -> dt.datetime:
        return working_time(self.agenda.now() + dt.timedelta(hours=hours))

    def _step(self, who: str, key: str, record: Any = None, **values: Any) -> None:
        with self.agenda.by(who):
            moves.move(record or self.case, key, values=values)

    def _create(self, who: str, slug: str, **values: Any) -> Any:
        with self.agenda.by(who):
            return saving.create(registers()[slug], values, policy="B03").record

    def _receive(self) -> None:
        entry = self.entry
        service = session.scalars(sa.select(CatalogueItem.id).filter_by(code=entry["service"])).first()
        self.case = self._create(
            entry["by"], "complaint", title=entry["title"], complainant=entry["who"], complainant_phone=entry["phone"],
            content=f"{entry['who']}来电反映：{entry['title']}，要求尽快处理并答复。", channel="hotline",
            matter=entry["matter"], service_id=service, received_at=f"{self.agenda.now():%Y-%m-%dT%H:%M}",
            responsible_unit_id=self.company.units[entry["unit"]].id,
        )  # fmt: skip

    def _solved(self, until: str) -> Teller:
        yield self._later(3)
        self._step(self.dept, "accept")
        if until == "with_dept":
            return
        yield self._later(5)
        self._propose("安排二线工程师驻场排查", "两个工作日", "需要客户提供变更窗口")
        if until == "proposed":
            return
        yield self._later(3)
        if self.entry.get("refused"):
            self._step(MARKETING, "customer_refuses", explained_at=clock.now(), limits_explained=True)
            yield self._later(2)
            self._step(REP, "propose_again")
            yield self._later(4)
            self._propose("更换接入交换机并夜间割接", "一个工作日", "备件已在库")
            yield self._later(2)
        self._step(MARKETING, "customer_accepts", explained_at=clock.now())
        yield self._later(24)
        self._step(self.dept, "carry_out", carried_out="措施已实施，客户现场确认恢复正常。")
        yield self._later(2)
        with self.agenda.by(REP):
            approve(self.case, {})
        yield self._later(3)
        self._step(MARKETING, "tell", told_at=clock.now(), satisfaction=self.entry["answer"], apology_given=True)
        yield from self._learnt(until)

    def _propose(self, measures: str, needed: str, why: str) -> None:
        self._step(self.dept, "propose", measures=measures, time_needed=needed, time_reason=why)

    def _learnt(self, until: str) -> Teller:
        yield self._later(20)
        action = self._action()
        self._step(QUALITY, "analyse")
        if until == "action":
            return
        yield self._later(4)
        self._step(REP, "judge_fault", fault="ours", fault_reason="值守交接未落实，属我方管理原因。")
        yield self._later(20)
        self._step(DOER, "carry_out", action, progress="已修订值守交接单并培训。", done_on=self.agenda.now().date())
        yield self._later(4)
        with self.agenda.by(QUALITY):
            approve(action, {})
        yield from self._studied(until)

    def _action(self) -> Any:
        action = self._create(
            QUALITY, "corrective_action", complaint_id=self.case.id, root_cause="值守交接只靠口头，夜间告警无人认领。",
            measure="交接单必须双签，告警十五分钟无人认领自动升级。", prevention="每月抽查交接单。",
            owner_unit_id=self.company.units[self.entry["unit"]].id, responsible_id=self.agenda.people[DOER].id,
            due_on=(self.agenda.now().date() + dt.timedelta(days=10)).isoformat(),
        )  # fmt: skip
        self._step(QUALITY, "submit", action)
        return action

    def _studied(self, until: str) -> Teller:
        yield self._later(6)
        study = self._create(
            MARKETING, "case_study", complaint_id=self.case.id, heading=f"案例：{self.entry['title']}",
            background="客户 Y 来电反映问题后，我方未在约定时间内响应，客户再次来电投诉。",
            cause="值守交接只靠口头。", lesson="交接必须留痕，告知客户明确的等待时间。",
        )  # fmt: skip
        self._step(MARKETING, "submit", study)
        yield self._later(3)
        with self.agenda.by(MANAGER):
            approve(study, {})
        yield self._later(5)
        self._create("nieshuang", "study_comment", study_id=study.id, text="建议把交接单放进工单系统，夜班也能看到。")
        if until == "study":
            return
        yield self._later(24)
        meeting = session.scalars(sa.select(Meeting).filter_by(case_study_id=study.id)).one()
        there = [self.agenda.people[name].id for name in (MARKETING, REP, "xieyutong", "nieshuang")]
        self._step(MARKETING, "conclude", meeting, held_at=clock.now(), participants=there,
                   content="各部门结合本案讨论值守交接。", decision="交接单纳入工单系统，下月起执行。")  # fmt: skip
        yield self._later(2)
        self._step(MARKETING, "close")
