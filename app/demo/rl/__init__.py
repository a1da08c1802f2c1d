"""龙泉热力公司: a heating company that works by A11, with complaints, a tip-off and users' opinions on their way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app.core import clock, moves, saving
from app.core.db import session
from app.core.register import registers
from app.demo.agenda import Agenda, Teller, working_time
from app.demo.people import Company

DISPATCHER, SURVEYOR, HEAD, MANAGER = "rldispatch", "rlmeter", "rleasthead", "rlmanager"
SATURDAY = 5
ASKED = "室温、收费与检修时间的咨询。"
DAY = dt.timedelta(days=1)
FOUND = {
    "facts_found": "现场核查属实，已安排处理。", "legal_basis": "供热服务制度与用热合同约定。", "blame": "company",
    "reply": "已核查处理并说明情况，今后及时通知并按时恢复。",
}  # fmt: skip


def schedule(agenda: Agenda, company: Company, begun: dt.datetime) -> None:
    """Put the company's cases and opinions on the agenda."""
    for kind, stories in (("cases", Story), ("opinions", Opinion)):
        for entry in company.plan[kind]:
            at = agenda.end - dt.timedelta(days=entry["ago"], hours=0 if entry["ago"] else 1)
            agenda.add(working_time(at.replace(hour=9, minute=5)) if entry["ago"] else at,
                       stories(agenda, company, entry).tell())  # fmt: skip
    agenda.add(begun, reception(agenda, company))


def reception(agenda: Agenda, company: Company) -> Teller:
    """The manager receives on the morning of the first working day; one reception was missed."""
    model: Any = registers()["customer_event"].model
    missed = f"{agenda.end - 17 * DAY:%G-W%V}"
    while True:
        yield agenda.now().replace(hour=7, minute=55, second=0, microsecond=0) + DAY
        planned = sa.select(model).where(model.policy == "A11", model.status == "planned", model.period != missed)
        for row in session.scalars(planned).all() if agenda.now().weekday() < SATURDAY else ():
            with agenda.by(MANAGER):
                moves.move(row, "receive", values={"person_id": company.people[MANAGER].id})
                moves.move(row, "record", values={"attended": 2 + row.id % 5, "content": ASKED})


class Told:
    """A row that people of the company take further, step by step."""

    def __init__(self, agenda: Agenda, company: Company, entry: Mapping[str, Any]) -> None:
        self.agenda, self.company, self.entry = agenda, company, entry
        self.row: Any = None

    def _add(self, account: str, slug: str, **values: Any) -> Any:
        with self.agenda.by(account):
            return saving.create(registers()[slug], values).record

    def _move(self, account: str, key: str, row: Any = None, **values: Any) -> None:
        with self.agenda.by(account):
            moves.move(row or self.row, key, values=values)


class Story(Told):
    """One complaint or tip-off, taken as far as its entry says."""

    def tell(self) -> Teller:
        """Receipt, passing on, answer, return visit, end."""
        entry, until = self.entry, self.entry["until"]
        told = {name: entry[name] for name in ("title", "channel", "matter", "signing", "content")}
        self.row = self._add(entry["by"], "complaint", **told, thanked=True)
        if "who" in entry:
            who = {"name": entry["who"], "phone": entry["phone"], "reply_preference": "phone"}
            self._add(entry["by"], "informant_identity", complaint_id=self.row.id, **who)
        if until == "received":
            return
        yield self.agenda.now() + dt.timedelta(minutes=12)
        units, people = self.company.units, self.company.people
        self._move(entry["by"], "forward", handling_unit_id=units[entry["to"]].id, leader_id=people[entry["leader"]].id)
        if until == "transferred":
            return
        yield working_time(self.agenda.now() + 2 * DAY)
        self._move(entry["head"], "reply" if entry["signing"] == "signed" else "conclude", **FOUND)
        if until == "replied":
            return
        yield working_time(self.agenda.now() + 2 * DAY)
        self._visit()
        self._move(DISPATCHER, "close")

    def _visit(self) -> None:
        visit = session.query(registers()["visit"].model).filter_by(complaint_id=self.row.id).one()
        values = {"visited_at": clock.now(), "method": "phone", "outcome": "室温已达标，用户认可", "satisfied": True}
        self._move(DISPATCHER, "make", visit, **values)


class Opinion(Told):
    """What a user said while the room was measured."""

    def tell(self) -> Teller:
        """Asked for and passed upward; the head writes down what was done."""
        values = {"source": "meter", "kind": "opinion", "place": self.entry["place"], "content": self.entry["text"]}
        self.row = self._add(SURVEYOR, "customer_opinion", **values, received_at=clock.now())
        self._move(SURVEYOR, "pass_up", handled_by_id=self.company.people[HEAD].id)
        if self.entry["until"] == "closed":
            yield working_time(self.agenda.now() + DAY)
            self._move(HEAD, "act", result="已列入供热前排气计划并提前三日张贴通知")
