"""What happens in the store: sales, classes of VIPs, one profile, a referral, a concern, and a guide who leaves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app.areas.customers.operations import CustomerGrade, ProfileQuestion
from app.core import moves, saving
from app.core.db import session
from app.core.register import registers
from app.demo.agenda import Agenda, Teller, approve, sweep, working_time
from app.demo.people import Company
from app.engines.people.models import Employee

MANAGER, GUIDE, STEWARD, TRAINER, LEAVER = "lfgumin", "lfhexia", "lfmiaojing", "lfyinlan", "lfwuyue"
Entry = Mapping[str, Any]


class Store:
    """The people of the store at work."""

    def __init__(self, agenda: Agenda, company: Company) -> None:
        self.agenda, self.company = agenda, company

    def _add(self, account: str, slug: str, **values: Any) -> Any:
        with self.agenda.by(account):
            return saving.create(registers()[slug], values).record

    def _move(self, account: str, row: Any, key: str, reason: str = "", **values: Any) -> None:
        with self.agenda.by(account):
            moves.move(row, key, values=values, reason=reason)

    def _keeper(self, customer: Any) -> str:
        return next(name for name, one in self.company.people.items() if one.id == customer.owner_id)

    def _now(self) -> str:
        return f"{self.agenda.now():%Y-%m-%dT%H:%M}"

    def sale(self, entry: Entry) -> Teller:
        """A sale of the guide who looks after the customer."""
        customer = self.company.customers[entry["customer"]]
        self._add(self._keeper(customer), "sales_order", customer_id=customer.id, sold_at=self._now(),
                  total=entry["amount"], selling=entry["selling"], goods=entry["goods"])  # fmt: skip
        yield self.agenda.now()

    def vip(self, entry: Entry) -> Teller:
        """The night proposes a class; the manager decides it the next morning."""
        customer = self.company.customers[entry["customer"]]
        backup = self.company.people[entry["backup"]].id if "backup" in entry else None
        with self.agenda.by(self._keeper(customer)):
            saving.update(customer, {"backup_id": backup, "channels": entry["channels"], "consent": True}, None)
        sweep("loyalty.customers")
        yield working_time(self.agenda.now() + dt.timedelta(hours=20))
        open_one = sa.select(CustomerGrade).filter_by(customer_id=customer.id, status="computed")
        for grade in session.scalars(open_one.limit(1)).all():
            same = grade.computed_class == entry["class"]
            why = {} if same else {"adjust_reason": "近期消费意愿明显，先按此级维系。"}
            self._move(MANAGER, grade, "decide", decided_class=entry["class"], **why)

    def cost(self, entry: Entry) -> Teller:
        """Money spent on keeping or winning customers."""
        self._add(MANAGER, "expense_record", purpose=entry["purpose"], amount=entry["amount"],
                  headcount=entry["heads"], spent_on=f"{self.agenda.now():%Y-%m-%d}", note=entry["note"])  # fmt: skip
        yield self.agenda.now()

    def profile(self, entry: Entry) -> Teller:
        """A guide comes to know a customer; sensitive answers follow the confirmed consent."""
        customer = self.company.customers[entry["customer"]]
        profile = self._add(GUIDE, "customer_profile", customer_id=customer.id)
        self._answer(profile, "answer", entry["answers"])
        yield working_time(self.agenda.now() + dt.timedelta(hours=24))
        self._move(GUIDE, profile, "ask_consent", reason="顾客本人在店签署敏感信息同意书。")
        yield working_time(self.agenda.now() + dt.timedelta(hours=4))
        with self.agenda.by(STEWARD):
            approve(profile, {})
        self._answer(profile, "sealed_answer", entry["sealed"])

    def _answer(self, profile: Any, field: str, answers: Mapping[int, str]) -> None:
        wanted = sa.select(ProfileQuestion).filter_by(policy=profile.policy)
        questions = {row.question_no: row.id for row in session.scalars(wanted)}
        for number, text in answers.items():
            self._add(GUIDE, "profile_answer", profile_id=profile.id, question_id=questions[number], **{field: text})

    def referral(self) -> Teller:
        """A customer brings a friend along; a concern of hers is still open, and a survey was answered."""
        brought, by = self.company.customers[4], self.company.customers[1]
        self._add(GUIDE, "sales_lead", kind="referral", customer_id=brought.id, referrer_id=by.id, came_at=self._now())
        self._add(GUIDE, "sales_lead", kind="approach", customer_id=brought.id, buyer="new", sold=True,
                  came_at=self._now())  # fmt: skip
        yield working_time(self.agenda.now() + dt.timedelta(days=7))
        self._add(GUIDE, "survey_response", customer_id=brought.id, surveyed_on=f"{self.agenda.now():%Y-%m-%d}",
                  score=82, comments="裤脚改得好，等候稍久。")  # fmt: skip
        yield working_time(self.agenda.now() + dt.timedelta(days=4))
        self._add(GUIDE, "visit_task", kind="complaint", customer_id=by.id, content="外套纽扣松动，希望到店修理。")

    def leaving(self) -> Teller:
        """A guide leaves; her customers stand on the list the same hour."""
        with self.agenda.by(TRAINER):
            saving.update(session.get_one(Employee, self.company.people[LEAVER].id), {"active": False}, None)
        sweep("loyalty.ownerless")
        yield self.agenda.now()
