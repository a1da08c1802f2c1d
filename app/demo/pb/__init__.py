"""北河供电局: a power-supply bureau that works by B05, with a handful of complaints and tip-offs on their way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from app.core import clock, moves, saving
from app.core.register import registers
from app.demo.agenda import Agenda, Teller, approve, working_time
from app.demo.people import Company

SUPERVISOR, ROUTER, LEADER, HEAD, KEEPER, ARCHIVE = "qinlan", "wenbo", "dongmei", "yanhong", "shibin", "tangyi"
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
REPORT = {
    "course": "现场核查台区负荷，调取监测数据，走访用户。", "facts_found": "配变容量不足，晚高峰末端电压低于标准。",
    "finding": "true", "opinion": "列入台区改造，先行调整负荷分配。",
}  # fmt: skip


def schedule(agenda: Agenda, company: Company, _begun: dt.datetime) -> None:
    """Put the bureau's cases on the agenda."""
    for entry in company.plan["cases"]:
        at = working_time((agenda.end - dt.timedelta(days=entry["ago"])).replace(hour=9, minute=10))
        agenda.add(at, Story(agenda, company, entry).tell())


class Story:
    """One case, taken by the people of the bureau as far as its entry says."""

    def __init__(self, agenda: Agenda, company: Company, entry: Mapping[str, Any]) -> None:
        self.agenda, self.company, self.entry = agenda, company, entry
        self.case: Any = None

    def tell(self) -> Teller:
        """Intake, notice and routing; then the one way or the other."""
        self._receive()
        if self.entry["until"] == "receive":
            return
        yield self.agenda.now() + HOUR
        self._move(self.entry["by"], "fill_notice")
        if self.entry["until"] == "fill_notice":
            return
        yield self.agenda.now() + HOUR
        self._approve(SUPERVISOR, gravity=self.entry.get("gravity", "ordinary"), area=self.entry.get("area", "urban"))
        yield working_time(self.agenda.now() + 2 * HOUR)
        yield from self._routed()

    def _receive(self) -> None:
        entry, people = self.entry, self.company.people
        told = {name: entry[name] for name in ("title", "channel", "matter", "signing", "scope", "facts")}
        named = {"accused": entry["accused"], "accused_people": [people[entry["named"]].id]} if "named" in entry else {}
        marks = dict.fromkeys(("outside_units", "economic_penalty", "accountability", "major_influence"), False)
        with self.agenda.by(entry["by"]):
            told |= named | marks | {"notice_summary": entry["facts"]}
            self.case = saving.create(registers()["complaint"], told).record
            if "who" in entry:
                who = {"name": entry["who"], "phone": entry["phone"], "reply_preference": "phone"}
                saving.create(registers()["informant_identity"], who | {"complaint_id": self.case.id})

    def _routed(self) -> Teller:
        until, people, units = self.entry["until"], self.company.people, self.company.units
        if until == "shelve":
            values = {"shelve_reason": "匿名，无被投诉举报人，内容不具体", "vague": True, "value": "worthless"}
            with self.agenda.by(ROUTER):
                saving.update(self.case, {"vague": True, "value": "worthless"}, None)
            self._move(ROUTER, "propose_shelving", shelve_reason=values["shelve_reason"])
            yield working_time(self.agenda.now() + DAY)
            self._approve(LEADER)
        elif until == "to_conduct":
            self._move(ROUTER, "to_conduct", handler_id=people["suntao"].id)
        elif until == "to_business":
            unit = units["PB-NW"].id
            self._move(ROUTER, "to_business", handling_unit_id=unit, handler_id=people["liaoyong"].id)
        elif until == "accept_lower":
            self._move(ROUTER, "transfer", handling_unit_id=units["PB-DQ"].id, informant_told=True)
            yield working_time(self.agenda.now() + HOUR)
            self._move(self.entry["lower"], "accept_lower", handler_id=people["dutao"].id)
        else:
            self._move(ROUTER, "assign", handling_unit_id=units["PB-YX"].id, handler_id=people["suntao"].id)
            yield from self._handled()

    def _handled(self) -> Teller:
        if self.entry["until"] == "assign":
            return
        yield working_time(self.agenda.now() + 3 * DAY)
        self._move("hanlei", "report", **REPORT)
        if self.entry["until"] == "report":
            return
        yield working_time(self.agenda.now() + DAY)
        self._move(ROUTER, "finish")
        yield working_time(self.agenda.now() + DAY)
        with self.agenda.by("suntao"):
            told = {
                "complaint_id": self.case.id, "means": "phone", "customer_response": "accepted",
                "replied_at": clock.to_local(clock.now()).isoformat(), "content": "说明台区改造安排和临时措施。",
            }  # fmt: skip
            saving.create(registers()["customer_reply"], told)
        self._move("hanlei", "reply")
        self._move(KEEPER, "compile_replied")
        yield working_time(self.agenda.now() + DAY)
        self._approve(HEAD)
        self._move(KEEPER, "archive")

    def _move(self, account: str, key: str, **values: Any) -> None:
        with self.agenda.by(account):
            moves.move(self.case, key, values=values)

    def _approve(self, account: str, **values: Any) -> None:
        with self.agenda.by(account):
            approve(self.case, values)
