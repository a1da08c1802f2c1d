"""What goes on beside the complaints: urgent visits, anomaly slips, answered slips, measures, monthly statistics."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from app.areas.complaints.corrective_action import CorrectiveAction
from app.areas.complaints.report_snapshot import ReportSnapshot
from app.areas.customers.customer import Customer
from app.core import clock, moves, saving
from app.core.db import session
from app.core.register import registers
from app.demo.agenda import Agenda, Teller, approve, working_time
from app.engines.deadlines.slip import ANSWERED, ISSUED, PROPOSED, UrgeSlip
from app.engines.people.models import OrgUnit

CONTROL, GENERAL = "hepeishan", "liangweidong"
HEADS = ("denghaibo", "luojianguo", "pengsiyuan")
NEXT = {"confirmed": "submit", "submitted": "archive"}
DAY = dt.timedelta(days=1)


class Beside:
    """The smaller stories."""

    def __init__(
        self, agenda: Agenda, units: Mapping[str, OrgUnit], customers: list[Customer], plan: Mapping[str, Any]
    ) -> None:
        self.agenda, self.units, self.customers, self.plan = agenda, units, customers, plan
        self.names = {person.id: account for account, person in agenda.people.items()}

    def schedule(self, begun: dt.datetime) -> None:
        """Put every story on the agenda."""
        for entry in self.plan["visits"]:
            self.agenda.add(self._ago(entry), self._visit(entry))
        for entry in self.plan["anomalies"]:
            self.agenda.add(self._ago(entry), self._anomaly(entry))
        self.agenda.add(begun.replace(hour=15), self._desk())

    def _ago(self, entry: Mapping[str, Any]) -> dt.datetime:
        return working_time((self.agenda.end - dt.timedelta(days=entry["ago"])).replace(hour=10, minute=20))

    def _rep(self, customer: Customer) -> str:
        return self.names[customer.owner_id] if customer.owner_id else CONTROL

    # -- visits ------------------------------------------------------------------------------------------------------

    def _visit(self, entry: Mapping[str, Any]) -> Teller:
        """An urgent visit as far as its entry says: alerted, asked, under way, visited, reported."""
        customer, stages = self.customers[entry["customer"]], entry["until"]
        rep, people = self._rep(customer), self.agenda.people
        alone = not entry["quality"]
        told = {
            "customer_id": customer.id,
            "reported_at": (self.agenda.now() - dt.timedelta(minutes=25)).isoformat(timespec="minutes"),
            "abnormality": entry["text"],
            "qc_can_attend": not alone,
            "qc_person_id": None if alone else people["luojianguo"].id,
            "manufacturing_people": [people["denghaibo"].id],
        }
        with self.agenda.by(rep):
            visit: Any = saving.create(registers()["urgent_visit"], told).record
            moves.move(visit, "ask_team" if alone else "alert_qc")
        if stages == "asked":
            return
        if alone:
            yield self.agenda.now() + dt.timedelta(minutes=40)
            with self.agenda.by(GENERAL):
                moves.move(visit, "assign_team", values={"assigned_by_gm": [people["zhengguoqiang"].id]})
        if stages == "under_way":
            return
        yield working_time(self.agenda.now() + DAY)
        with self.agenda.by(rep):
            done = {"visited_at": self.agenda.now() - dt.timedelta(hours=2), "result": entry["result"]}
            moves.move(visit, "record_visit", values={k: _aware(v) for k, v in done.items()})
        if stages == "visited":
            return
        yield working_time(self.agenda.now() + DAY)
        with self.agenda.by(rep):
            moves.move(visit, "report", values={"report_to_gm_at": _aware(self.agenda.now())})

    # -- anomalies ---------------------------------------------------------------------------------------------------

    def _anomaly(self, entry: Mapping[str, Any]) -> Teller:
        """A remark that caused no loss: filled, told to the units, improved."""
        customer = self.customers[entry["customer"]]
        rep = self._rep(customer)
        told = {
            "customer_id": customer.id,
            "part_no": entry["part"],
            "description": entry["text"],
            "handled_by_id": self.agenda.people[rep].id,
            "handled_on": self.agenda.now().date().isoformat(),
            "loss_caused": False,
            "notified_units": [self.units[code].id for code in entry["units"]],
        }
        with self.agenda.by(rep):
            slip: Any = saving.create(registers()["anomaly_slip"], told).record
        if not entry.get("told", True):
            return
        yield self.agenda.now() + dt.timedelta(minutes=30)
        with self.agenda.by(rep):
            moves.move(slip, "notify")
        if "improvement" not in entry:
            return
        yield working_time(self.agenda.now() + 6 * DAY)
        values = {"improvement": entry["improvement"], "improved_on": self.agenda.now().date()}
        with self.agenda.by(entry["by"]):
            moves.move(slip, "improve", values=values)

    # -- the desk of case control ------------------------------------------------------------------------------------

    def _desk(self) -> Teller:
        """Every working afternoon: slips are issued, answered and settled, measures reported, statistics put up."""
        while True:
            yield working_time((self.agenda.now() + DAY).replace(hour=15, minute=0))
            self._slips()
            self._measures()
            self._statistics()

    def _slips(self) -> None:
        waiting = UrgeSlip.status.in_((PROPOSED, ISSUED, ANSWERED)), UrgeSlip.post.startswith(f"{self.plan['policy']}.")
        for slip in session.scalars(sa.select(UrgeSlip).where(*waiting)).all():
            answers = self.plan["answers"]
            if slip.status == PROPOSED and slip.id % 5:
                self._move(CONTROL, slip, "issue")
            elif slip.status == ISSUED and slip.id % 4 and (account := self._addressed(slip)):
                if slip.id % 4 == 1:
                    self._move(account, slip, "acknowledge")
                else:
                    self._move(account, slip, "answer", reply=answers[slip.id % len(answers)])
            elif slip.status == ANSWERED and slip.id % 3:
                self._move(CONTROL, slip, "settle")

    def _addressed(self, slip: UrgeSlip) -> str | None:
        if slip.owner_id:
            return self.names[slip.owner_id]
        held = (entry for entry in self.plan["people"] if f"B02.{entry['post']}" == slip.post)
        return next((entry["account"] for entry in held if self.units[entry["unit"]].id == slip.unit_id), None)

    def _open(self, model: Any, *last: str) -> Sequence[Any]:
        """The company's own rows that have not come to one of their last states."""
        own = sa.select(model).where(model.policy == self.plan["policy"], model.status.not_in(last))
        return session.scalars(own).all()

    def _move(self, account: str, record: Any, key: str, **values: Any) -> None:
        with self.agenda.by(account):
            moves.move(record, key, values=values)

    def _measures(self) -> None:
        """Departments report most measures after three weeks; case control confirms the effect after some days."""
        now = self.agenda.now()
        for action in self._open(CorrectiveAction, "confirmed"):
            age = now - clock.to_local(action.state_since).replace(tzinfo=None)
            if action.status == "open" and age > 21 * DAY and action.id % 3:
                head = "hanzhiqiang" if action.owner_unit_id == self.units["HX-M1"].id else "shenguodong"
                done = {"progress": "对策已导入，连续三批抽检合格。", "prevention": "列入作业标准书。"}
                self._move(head, action, "carry_out", **done)
            elif action.status == "carried_out" and age > 4 * DAY:
                self._move(CONTROL, action, "confirm")

    def _statistics(self) -> None:
        """By the tenth: put before the heads, confirmed, submitted; the sharing of losses lags behind."""
        day = self.agenda.now().day
        for row in self._open(ReportSnapshot, "archived", "superseded"):
            task = row.report.partition(".")[2]
            if row.status == "open" and day >= 6:
                self._complete(row, task)
            elif row.status == "reviewing":
                self._confirm(row, HEADS[:1] if task == "monthly_loss_split" else HEADS)
            elif row.status in NEXT:
                self._move(CONTROL, row, NEXT[row.status])

    def _complete(self, row: Any, task: str) -> None:
        if task == "monthly_sanction_review":
            self._move(CONTROL, row, "finish_review", measures_checked="经审视，本月结案案件无批示行政处分者。")
        elif task == "monthly_statistics" or row.id % 2:
            units = [self.units[code].id for code in ("HX-M1", "HX-QC", "HX-RD")]
            said = "各案改善对策已逐项检查，未完成者列入追踪。"
            self._move(CONTROL, row, "put_up", measures_checked=said, confirmed_units=units)

    def _confirm(self, row: Any, heads: tuple[str, ...]) -> None:
        for account in heads:
            with self.agenda.by(account):
                approve(row, {})


def _aware(value: Any) -> Any:
    return clock.from_local(value) if isinstance(value, dt.datetime) else value
