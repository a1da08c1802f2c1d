"""Appeals and complaints of a testing station, each taken as far as the plan says by the people who hold the posts."""

from __future__ import annotations

import datetime as dt
import io
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import FileStorage

from app.areas.complaints.complaint_verification import ComplaintVerification
from app.areas.complaints.lab_task import LabTask
from app.areas.complaints.test_report import TestReport
from app.core import attachments, clock, moves, saving
from app.core.db import session
from app.core.register import registers
from app.demo.agenda import Agenda, Teller, approve, working_time
from app.demo.people import Company

TECH, QUALITY, SIGNATORY, OFFICE, ARCHIVIST = "hjqinyue", "hjtaoran", "hjmiaozhe", "hjwenjun", "hjquanbo"
FIRST, TESTERS, SAMPLER = "hjshiyu", ("hjchuqing", "hjweilin"), "hjjitong"
HOUR = dt.timedelta(hours=1)
LETTER = b"%PDF-1.4\n1 0 obj<<>>endobj\n%%EOF\n"
Steps = list[tuple[str, float, Any]]


class Story(ABC):
    """One case on its way."""

    def __init__(self, agenda: Agenda, company: Company, entry: Mapping[str, Any]) -> None:
        self.agenda, self.company, self.entry = agenda, company, entry
        self.begins = working_time((agenda.end - dt.timedelta(days=entry["ago"])).replace(hour=9, minute=10))
        self.case: Any = None

    def tell(self) -> Teller:
        """From the intake to the step that the plan names."""
        for key, hours, step in self.steps():
            step()
            if key == self.entry["until"]:
                return
            yield working_time(self.agenda.now() + hours * HOUR)

    @abstractmethod
    def steps(self) -> Steps:
        """What happens one after the other, and the hours after each."""

    def _create(self, register: str, **told: Any) -> Any:
        with self.agenda.by(TECH):
            return saving.create(registers()[register], told, policy="A06").record

    def _move(self, who: str, key: str, row: Any = None, **values: Any) -> None:
        with self.agenda.by(who):
            moves.move(row or self.case, key, values=values)

    def _do(self, who: str, key: str, **values: Any) -> Any:
        return lambda: self._move(who, key, **values)

    def _told(self) -> dict[str, Any]:
        customer = self.company.customers[self.entry["customer"]]
        return {"title": self.entry["title"], "customer_id": customer.id, "complainant": customer.contact_name,
                "complainant_phone": customer.contact_phone,
                "received_at": f"{self.agenda.now():%Y-%m-%dT%H:%M}"}  # fmt: skip

    def _feedback(self) -> None:
        self._move(OFFICE, "take_feedback", customer_accepts=True, feedback="对处理结果满意")

    def _archive(self) -> None:
        item = session.scalars(sa.select(registers()["archive_item"].model).filter_by(complaint_id=self.case.id)).one()
        self._move(OFFICE, "hand_over", item, contents="登记表、检查与复检记录、答复、反馈表")
        self._move(ARCHIVIST, "store", item, complete=True, location="档案室二柜三层")


class Appealed(Story):
    """An appeal against a report."""

    report: TestReport

    def steps(self) -> Steps:
        """From the report to the archive."""
        right = self.entry.get("right")
        correct: Steps = [
            ("put_to_signatory", 6, self._do(TECH, "put_to_signatory")), ("approve_correction", 20, self._approve),
            ("recall", 20, lambda: self._move(TECH, "recall", self.report)), ("correct", 4, self._correct),
        ]  # fmt: skip
        return [
            ("file", 2, self._file), ("accept", 3, self._do(TECH, "accept")), ("report_quality", 20, self._report),
            ("review", 4, self._review), ("opinion", 3, self._approve_opinion),
            ("order_retest", 2, self._do(TECH, "order_retest")), *self._sampling(), ("hand_out", 24, self._hand_out),
            ("test", 4, self._test), ("judge", 6, self._judge),
            *([("confirm", 5, self._do(QUALITY, "confirm"))] if right else correct), ("reply", 60, self._reply),
            ("feedback", 3, self._feedback), ("close", 72, self._do(TECH, "close")), ("archive", 1, self._archive),
        ]  # fmt: skip

    def _file(self) -> None:
        entry, day = self.entry, self.agenda.now().date()
        customer, tester = self.company.customers[entry["customer"]], self.company.people[FIRST]
        self.report = self._create(
            "test_report", report_no=entry["report"], customer_id=customer.id, sample_no=entry["sample"],
            tested_item=entry["item"], result=entry["value"], testers=[tester.id],
            signed_by_id=self.company.people[SIGNATORY].id, issued_on=f"{day - dt.timedelta(days=5)}",
        )  # fmt: skip
        self._move(TECH, "issue", self.report)
        self._move(TECH, "deliver", self.report, received_on=day - dt.timedelta(days=3))
        self.case = self._create(
            "complaint", matter="test_data", channel="letter", report_id=self.report.id, content=entry["why"],
            grounds=entry["grounds"], urgent=entry.get("urgent", False), **self._told(),
        )  # fmt: skip
        with self.agenda.by(TECH):
            letter = FileStorage(io.BytesIO(LETTER), filename="申诉书.pdf")
            attachments.receive("complaint", self.case.id, "letter", [letter])
        self._move(TECH, "file")

    def _report(self) -> None:
        self._move(TECH, "report_quality", chair_id=self.company.people[QUALITY].id)

    def _row(self) -> Any:
        query = sa.select(ComplaintVerification).filter_by(complaint_id=self.case.id)
        return session.scalars(query.order_by(ComplaintVerification.id.desc()).limit(1)).one()

    def _review(self) -> None:
        self._move(TECH, "record", self._row(), raw_records_ok=True, equipment_ok=True,
                   findings="原始记录完整，仪器在检定有效期内", opinion="建议以密码样复检")  # fmt: skip
        self._move(TECH, "submit_opinion", retest_needed=True)

    def _approve_opinion(self) -> None:
        with self.agenda.by(QUALITY):
            approve(self.case, {})

    def _sampling(self) -> Steps:
        return [("order_sampling", 24, self._order), ("sample", 3, self._sample)] if "fault" in self.entry else []

    def _order(self) -> None:
        row = self._row()
        told = {"sample_source": "resampled", "sampling_fault": True, "resample_reason": self.entry["fault"],
                "sampling_place": self.entry["place"], "sampler_id": self.company.people[SAMPLER].id}  # fmt: skip
        with self.agenda.by(TECH):
            saving.update(row, told, None)
        self._move(TECH, "order_sampling", row)

    def _tasks(self, account: str) -> Any:
        query = sa.select(LabTask).filter_by(owner_id=self.company.people[account].id, code=self._row().code)
        return session.scalars(query).one()

    def _sample(self) -> None:
        self._move(SAMPLER, "finish_sampling", self._tasks(SAMPLER), done_on=clock.today())

    def _hand_out(self) -> None:
        one, two = (self.company.people[account].id for account in TESTERS)
        source = "resampled" if "fault" in self.entry else "original"
        self._move(TECH, "hand_out", self._row(), sample_source=source, tester_one_id=one, tester_two_id=two)

    def _test(self) -> None:
        for account, result in zip(TESTERS, self.entry["results"], strict=False):
            self._move(account, "finish_test", self._tasks(account), done_on=clock.today(), result=result)

    def _judge(self) -> None:
        found = "两份结果一致，与原结果相符" if self.entry["right"] else "两份结果一致，与原结果不符"
        self._move(TECH, "judge", self._row(), findings=found, original_confirmed=self.entry["right"])

    def _approve(self) -> None:
        with self.agenda.by(SIGNATORY):
            approve(self.report, {})

    def _correct(self) -> None:
        entry, signer = self.entry, self.company.people[SIGNATORY]
        self._move(TECH, "stamp_void", self.report, void_stamped=True)
        made = self._create(
            "test_report", report_no=entry["report"], corrects_id=self.report.id, result=entry["results"][0],
            testers=[self.company.people[account].id for account in TESTERS], signed_by_id=signer.id,
            issued_on=f"{clock.today()}", change_mark="G",
        )  # fmt: skip
        self._move(TECH, "issue", made)
        self._move(TECH, "deliver", made, received_on=clock.today())

    def _reply(self) -> None:
        right = self.entry["right"]
        result = "维持原报告" if right else "收回原报告并作废，出具更正报告"
        self._move(TECH, "reply", handling_result=result, notice_means="letter", notice_text=f"经复检，{result}。",
                   nonconforming=False, economic_loss=False)  # fmt: skip


class Complained(Story):
    """A general complaint about a department."""

    def steps(self) -> Steps:
        """From the intake to the archive."""
        head, entry = self.entry["head"], self.entry
        done = {"cause": entry.get("cause"), "measures": entry.get("measures"), "handling_result": entry.get("result")}
        if entry["until"] == "hand_over":
            return [("receive", 4, self._receive), ("investigate", 20, self._do(head, "investigate")),
                    ("hand_over", 1, self._hand_over)]  # fmt: skip
        return [
            ("receive", 4, self._receive), ("investigate", 48, self._do(head, "investigate")),
            ("resolve", 3, self._do(head, "resolve", founded=True, nonconforming=False, economic_loss=False, **done)),
            ("notify", 50, self._do(head, "notify", notice_means="mail", notice_text=entry.get("result"))),
            ("feedback", 3, self._feedback), ("close", 80, self._do(OFFICE, "close")), ("archive", 1, self._archive),
        ]

    def _receive(self) -> None:
        self.case = self._create(
            "complaint", matter="general_affairs", source="customer", channel="phone", content=self.entry["content"],
            responsible_unit_id=self.company.units[self.entry["dept"]].id, **self._told(),
        )  # fmt: skip
        self._move(TECH, "receive")

    def _hand_over(self) -> None:
        with self.agenda.by(self.entry["head"]):
            moves.move(self.case, "hand_over", values={"difficult": True}, reason="须会同办公室与邮政核查投递记录")
