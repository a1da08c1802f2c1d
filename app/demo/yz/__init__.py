"""驿路寄递辖区: a courier enterprise and its regulator that work by A01, with complaints, tip-offs and hazards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from app.core import moves, saving
from app.core.register import registers
from app.demo.agenda import Agenda, Teller, approve, working_time
from app.demo.people import Company

LEAD, OWNER = "yzlead", "yzowner"
DAY = dt.timedelta(days=1)
TERM = dt.timedelta(days=12)
FINDING = "核查面单流转与权限记录，确认泄露环节并整改。"


def schedule(agenda: Agenda, company: Company, _begun: dt.datetime) -> None:
    """Put the cases and hazards on the agenda."""
    for kind, stories in (("cases", Story), ("hazards", Hazard)):
        for entry in company.plan[kind]:
            at = (agenda.end - dt.timedelta(days=entry["ago"])).replace(hour=10, minute=15)
            agenda.add(working_time(at), stories(agenda, company, entry).tell())


class Told:
    """A row that people of the company take further, step by step."""

    def __init__(self, agenda: Agenda, company: Company, entry: Mapping[str, Any]) -> None:
        self.agenda, self.company, self.entry = agenda, company, entry
        self.row: Any = None

    def _add(self, account: str, slug: str, **values: Any) -> Any:
        with self.agenda.by(account):
            return saving.create(registers()[slug], values).record

    def _move(self, account: str, key: str, **values: Any) -> None:
        with self.agenda.by(account):
            moves.move(self.row, key, values=values)


class Story(Told):
    """One privacy complaint or tip-off, taken as far as its entry says."""

    def tell(self) -> Teller:
        """Receipt, investigation, answer or result, end."""
        entry, until, by = self.entry, self.entry["until"], self.entry["by"]
        told = {name: entry[name] for name in ("title", "channel", "matter", "signing", "content")}
        named = {"accused": entry["accused"], "accused_outside": True} if "accused" in entry else {}
        self.row = self._add(by, "complaint", **told, **named)
        if "who" in entry:
            who = {"name": entry["who"], "phone": entry["phone"], "reply_preference": "phone"}
            self._add(by, "informant_identity", complaint_id=self.row.id, **who)
        if until == "accept":
            return
        yield working_time(self.agenda.now() + dt.timedelta(hours=3))
        tip = entry["matter"] == "tip_off"
        self._move(by, "take_up" if tip else "investigate", handler_id=self.company.people[by].id)
        if until in ("take_up", "investigate"):
            return
        yield working_time(self.agenda.now() + 3 * DAY)
        if tip:
            self._move(by, "finish", finding=FINDING, result="责令改正并依法处罚")
            return
        self._move(by, "reply", finding=FINDING, reply="已查明并整改，向您致歉，今后屏蔽完整信息。")
        yield working_time(self.agenda.now() + DAY)
        self._move(by, "close")


class Hazard(Told):
    """One hazard of the ledger, taken as far as its entry says."""

    def tell(self) -> Teller:
        """Ordered, put right, verified by somebody else."""
        entry, people, units = self.entry, self.company.people, self.company.units
        due = (self.agenda.now() + TERM).date()
        values = {"hazard_source": entry["source"], "source_ref": entry["ref"], "hazard": entry["hazard"]}
        values |= {"level": entry["level"], "measure": entry["measure"], "owner_unit_id": units["YZ-CZ"].id}
        self.row = self._add(LEAD, "corrective_action", **values, responsible_id=people[OWNER].id, due_on=due)
        self._move(LEAD, "raise")
        if entry["until"] == "raise":
            return
        yield working_time(self.agenda.now() + 4 * DAY)
        self._move(OWNER, "fix", progress="已配备上锁面单柜并登记。", done_on=self.agenda.now().date())
        yield working_time(self.agenda.now() + DAY)
        with self.agenda.by(LEAD):
            approve(self.row, {})
