"""Suggestions and grievances of the group's customers."""

from __future__ import annotations

from typing import Any

from app.core import clock
from app.demo.agenda import Teller
from app.demo.jn.telling import DEPUTY, MANAGER, SERVICE, STAFF, Told


class Opined(Told):
    """One opinion, as far as its plan says."""

    def tell(self) -> Teller:
        """From the register to what the customer was told."""
        entry, now = self.entry, self.agenda.now()
        customer = self.company.customers[entry["customer"]].id
        opinion = self.create(SERVICE, "customer_opinion", kind=entry["kind"], source=entry["source"],
                              customer_id=customer, received_at=now.isoformat(), content=entry["text"])  # fmt: skip
        yield self.later(1)
        if serious := entry.get("serious"):
            self.step(SERVICE, opinion, "mark_serious", serious_reason=serious)
            if entry["until"] == "mark_serious":
                return
            self.step(MANAGER, opinion, "pass_up")
            yield from self.move(DEPUTY, opinion, "instruct", instruction="请经理亲自处理，三日内回报。")
        else:
            self.step(SERVICE, opinion, "take_up")
        if entry["until"] == "take_up":
            return
        if entry["kind"] == "grievance":
            yield from self._visit(opinion, in_person=bool(serious))
        manager = self.agenda.people[MANAGER].id
        yield from self.move(MANAGER, opinion, "settle", handled_by_id=manager, result=entry["result"])
        means = "letter" if serious else "phone"
        yield self.later(3)
        self.step(MANAGER, opinion, "tell", told_by=means, told_at=clock.now(), told_text=entry["result"])

    def _visit(self, opinion: Any, *, in_person: bool) -> Teller:
        yield self.later(20)
        visitor = self.agenda.people[MANAGER if in_person else STAFF].id
        told = {"visit_course": "当面致歉并听取意见", "visit_outcome": "客户接受处理安排"}
        self.step(MANAGER, opinion, "record_visit", visited_at=clock.now(), visitor_id=visitor,
                  in_person=in_person, **told)  # fmt: skip
