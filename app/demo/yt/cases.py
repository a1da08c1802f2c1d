"""Complaints of residents, each taken by the people who hold the posts as far as its entry says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app.areas.complaints.case_transfer import CaseTransfer
from app.areas.complaints.complaint_step import ComplaintStep
from app.areas.complaints.complaint_verification import ComplaintVerification
from app.areas.complaints.written_report import WrittenReport
from app.areas.visits.visit import Visit
from app.core import clock, moves, saving
from app.core.db import session
from app.core.register import registers
from app.demo.agenda import Agenda, Teller, approve
from app.demo.people import Company

CENTRE, DESK, LEADER, BOARD, DEVELOPER = "bailijun", "yaoqing", "duanhongtao", "dongjianping", "gaoruixue"
DEPARTMENTS = {"YT-EN": "qiaozhenyu", "YT-SE": "haoguoqing", "YT-GR": "tianyuzhen"}
OFFICES = {"YT01": "zhuangyi", "YT02": "wanxiulan"}
LADDER = ("office", "company", "board")
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
Entry = Mapping[str, Any]


class Story:
    """Tells one complaint after the other; every step happens at its own time, by its own person."""

    def __init__(self, agenda: Agenda, company: Company) -> None:
        self.agenda, self.company = agenda, company

    def tell(self, entry: Entry) -> Teller:
        """Take a complaint from the call to where its entry says."""
        with self.agenda.by(entry["by"]):
            case: Any = saving.create(registers()["complaint"], self._form(entry)).record
        if entry["until"] == "recorded":
            return
        nature = entry.get("nature")
        if nature in ("urgent_repair", "major", "developer"):
            yield from self._emergency(case, entry)
        else:
            yield self._later(90)
            self._move(entry["by"], case, "feed_back")
            if nature is not None:
                yield from self._at_desk(case, entry)
        if entry["until"] in ("closed", "visited") and nature != "unreasonable":
            yield from self._end(case, entry)

    # -- steps -----------------------------------------------------------------------------------------------------

    def _at_desk(self, case: Any, entry: Entry) -> Teller:
        yield self._later(150)
        with self.agenda.by(DESK):
            saving.update(case, {"customer_id": self.company.customers[entry["customer"]].id}, None)
        found = {"nature": entry["nature"], "severity": "medium", "verified": True, "analysis": "经核实属实。"}
        self._move(DESK, case, "classify", **found)
        if entry["nature"] == "unreasonable":
            yield from self._explain(case, entry)
            return
        yield self._later(30)
        now = self.agenda.now()
        times = {"finish_by": now + 24 * HOUR, "reply_by": now + 12 * HOUR}
        self._move(DESK, case, "dispatch", dispatch_to=[self.company.units[entry["to"]].id], **times)
        if entry["until"] != "sent":
            yield from self._work(case, entry)

    def _explain(self, case: Any, entry: Entry) -> Teller:
        yield self._later(60)
        told = {"judgement": "超出规划与合同。", "explained_at": self.agenda.now(), "explanation_accepted": True}
        self._move(CENTRE, case, "explain", **told)
        yield self._later(45)
        self._move(CENTRE, case, "close_explained")

    def _work(self, case: Any, entry: Entry) -> Teller:
        who, row = DEPARTMENTS[entry["to"]], self._one(CaseTransfer, case)
        yield self._later(40)
        self._move(who, row, "accept", checked_facts="现场查看属实。")
        if entry["until"] == "delayed":
            yield self._later(50)
            why = {"delay_reason": "objective", "delay_explanation": "所需配件须向厂家订货。"}
            self._move(who, row, "delay", new_finish_by=self.agenda.now() + 96 * HOUR, **why)
            return
        yield self._later(60 * entry["slow"])
        self._move(who, row, "finish", finished_at=self.agenda.now() - 10 * MINUTE)
        yield self._later(35)
        self._move(who, row, "feed_back", work_done=entry["done"])

    def _emergency(self, case: Any, entry: Entry) -> Teller:
        office, level = OFFICES[entry["project"]], entry["level"]
        self._move(entry["by"], case, "raise_at_once")
        yield self._later(2)
        self._move(DESK, case, "notify", notified_units=[self.company.units[entry["to"]].id])
        for rung, (who, key) in zip(LADDER[1:], ((office, "report_up"), (LEADER, "report_board")), strict=True):
            if LADDER.index(level) < LADDER.index(rung):
                break
            yield self._later(4)
            self._move(who, case, key, handed_up="需协调外单位与费用，本级无法解决。")
        if entry["until"] == "company_level":
            return
        if level == "office":
            yield self._later(3)
            self._move(office, case, "take_on_office")
        if level == "board":
            yield self._later(25)
            self._move(BOARD, case, "decide_board", board_decision=entry["decision"])
        yield self._later(240)
        handler = office if level == "office" else LEADER
        self._move(handler, case, f"finish_{level}", finished_at=self.agenda.now() - 5 * MINUTE)
        self._reports(case, entry, office)

    def _reports(self, case: Any, entry: Entry, office: str) -> None:
        for report in session.scalars(sa.select(WrittenReport).filter_by(complaint_id=case.id)).all():
            who, key = (office, "submit") if report.kind == "office" else (LEADER, "submit_board")
            self._move(who, report, key, content=f"{entry['text']}。处理结果：{entry['done']}。")

    def _end(self, case: Any, entry: Entry) -> Teller:
        """Verified, the first contact told, visited, closed."""
        yield self._later(80)
        check = self._one(ComplaintVerification, case)
        for who in (DEVELOPER, CENTRE) if check.kind == "joint" else ():
            with self.agenda.by(who):
                approve(check, {})
        if check.kind != "joint":
            self._move(CENTRE, check, "pass", findings="现场验证合格。")
        yield self._later(55)
        step = self._one(ComplaintStep, case)
        self._move(CENTRE, step, "tell", text="已处理完毕并验证合格。")
        yield self._later(60 * 20)
        visit = self._one(Visit, case)
        who, key = (DEVELOPER, "make_jointly") if visit.kind == "joint_visit" else (CENTRE, "make")
        found = {"method": "phone", "satisfied": True, "opinion": "满意。"}
        self._move(who, visit, key, visited_at=self.agenda.now() - 5 * MINUTE, **found)
        if entry["until"] == "closed":
            yield self._later(15)
            self._move(entry["by"], step, "acknowledge")
            self._move(CENTRE, case, "close")

    # -- helpers ---------------------------------------------------------------------------------------------------

    def _later(self, minutes: int) -> dt.datetime:
        return self.agenda.now() + minutes * MINUTE

    def _move(self, who: str, record: Any, key: str, **values: Any) -> None:
        for name, value in values.items():
            values[name] = clock.from_local(value) if isinstance(value, dt.datetime) else value
        with self.agenda.by(who):
            moves.move(record, key, values=values)

    def _one(self, model: Any, case: Any) -> Any:
        rows = sa.select(model).where(model.complaint_id == case.id).order_by(model.id.desc())
        return session.scalars(rows.limit(1)).one()

    def _form(self, entry: Entry) -> dict[str, Any]:
        plan = self.company.plan["customers"][entry["customer"]]
        return {
            "title": entry["title"], "complainant": plan["contact"], "complainant_phone": plan["phone"],
            "complainant_address": plan["name"], "content": entry["text"], "channel": "phone",
            "received_at": (self.agenda.now() - MINUTE).isoformat(timespec="minutes"),
            "project_id": self.company.units[entry["project"]].id,
            "nature": entry.get("nature") if entry.get("level") else None,
        }  # fmt: skip

