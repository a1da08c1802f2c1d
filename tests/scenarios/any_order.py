"""A case whose people act in any order, while time, calendars and policies go on: what stays true all the time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from hypothesis import reject
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.areas.complaints.complaint import Complaint
from app.core import actor, clock, moves, saving
from app.core.db import session
from app.core.errors import Forbidden, NotFound, Refusal
from app.core.fieldspec import FieldSpec
from app.core.register import registers
from app.engines.calendar import operations as calendar
from app.engines.deadlines import operations as deadlines
from app.engines.deadlines.models import BREACHED, OPEN, PAUSED, RUNNING, DeadlineClock
from app.engines.people.models import Employee, Holding
from app.engines.policy import drafting, moving, versions
from app.engines.policy.models import PackVersion
from app.engines.sweeps import operations as sweeps
from tests.company import BEGUN, Founded

SWEEPS = ("deadlines.due", "tasks.open")
PAST = [dt.timedelta(hours=hours) for hours in (0.05, 2, 24, 96, 480)]
AMOUNTS = ("0.01", "999.99", "10000.00", "98000.00", "100000.00", "3000000.00")
REFUSED = (Refusal, Forbidden, NotFound)
DAYS = 120


class AnyOrder(RuleBasedStateMachine):
    """One complaint of a policy; a rule that is refused changes nothing."""

    def __init__(self, founded: Founded, policy: str) -> None:
        super().__init__()
        (self.program, database), self.policy = founded, policy
        database.renew()
        self.now, self.case, self.made = BEGUN, 0, 0
        self.refusals: list[str] = []
        self.targets: dict[str, list[int]] = {}
        with self._inside():
            self.people = _people(policy)
            sweeps.sync()

    def teardown(self) -> None:
        self.program.let_go()

    @contextmanager
    def _inside(self) -> Iterator[None]:
        with self.program.app.app_context(), clock.freeze(self.now):
            try:
                yield
            finally:
                session.remove()

    @contextmanager
    def _tried(self) -> Iterator[None]:
        """What the portal refuses leaves nothing behind."""
        try:
            yield
            session.commit()
        except REFUSED as refusal:
            self.refusals.append(str(refusal))
            session.rollback()

    # -- what people do ----------------------------------------------------------------------------------------------

    @initialize(data=st.data())
    def report(self, data: Any) -> None:
        """Somebody who may receives a complaint; every policy lets somebody."""
        with self._inside():
            for account in self.people:
                with self._tried(), actor.acting_as(account):
                    begun = saving.starting.start(registers()["complaint"], self.policy, None)
                    specs = saving.editable(*begun)
                    raw = {name: self._value(spec, data) for name, spec in specs.items() if spec.kind.name != "files"}
                    self.case = saving.create(registers()["complaint"], _known(raw), policy=self.policy).record.id
                if self.case and session.get(Complaint, self.case):
                    return
        reject()  # what was drawn is refused, as shipped after received is

    @rule(data=st.data())
    def act(self, data: Any) -> None:
        """Somebody takes a step that the portal offers, of the case or of a paper that belongs to it."""
        with self._inside():
            case = data.draw(st.sampled_from(self._papers()), label="paper")
            found = self._offered(case, data.draw(st.integers(0, len(self.people) - 1), label="first asked"))
            if found is None:
                return
            account, offered = found
            key = data.draw(st.sampled_from(offered), label="step")
            with self._tried(), actor.acting_as(account):
                whole, life = moves.whole_of(case), moves.lifecycle_of(case)
                specs = moves.fields_of_move(whole, life.moves[key])
                raw = _known({name: self._value(spec, data) for name, spec in specs.items()})
                typed, problems = saving.read_values(specs, raw)
                Refusal.when([*problems, *saving.judge_move(whole, specs, typed)])
                moves.move(case, key, values=typed, reason="依实情")
                self.made += 1

    @rule(data=st.data())
    def pause_extend_or_restart(self, data: Any) -> None:
        """An open clock stands still, goes on, gets more time or begins again."""
        with self._inside():
            running = deadlines.open_clocks("complaint", self.case)
            if not running:
                return
            row = data.draw(st.sampled_from(running), label="clock")
            act = data.draw(st.sampled_from(("pause", "resume", "extend", "restart")), label="act")
            with self._tried():
                if act == "extend":
                    deadlines.extend(row, row.due_at + dt.timedelta(days=data.draw(st.integers(1, 9))), "客户同意")
                else:
                    getattr(deadlines, act)(row, "依实情")

    # -- what goes on around them ------------------------------------------------------------------------------------

    @rule(past=st.sampled_from(PAST))
    def wait(self, past: dt.timedelta) -> None:
        """Time goes by, and the sweeps run."""
        self.now += past
        with self._inside():
            for name in SWEEPS:
                sweeps.run(name)

    @rule(days=st.integers(0, DAYS), working=st.booleans())
    def change_calendar(self, days: int, working: bool) -> None:
        """A day becomes a holiday or a working day; what is open is planned anew."""
        with self._inside(), self._tried():
            day = self.now.date() + dt.timedelta(days=days)
            calendar.set_day("CN", day, working=working, name={"zh": "公司日", "en": "Company day"}, reason="通知")

    @precondition(lambda self: self.made)
    @rule(data=st.data())
    def change_policy(self, data: Any) -> None:
        """A new version with other limits comes into force, and running cases go over."""
        with self._inside(), self._tried():
            now = versions.current_version(self.policy, clock.today())
            target = _next_version(now, data)
            for account in self.people:
                with actor.acting_as(account):
                    try:
                        versions.approve(target, clock.today())
                        break
                    except Forbidden:
                        continue
            moving.move_over(target, "新制度")

    # -- what is always true -----------------------------------------------------------------------------------------

    @invariant()
    def somebody_has_it(self) -> None:
        """An open case has an owner, and somebody can take the next step or is waited for."""
        with self._inside():
            case = session.get(Complaint, self.case) if self.case else None
            if case is None or self._state(case).final:
                return
            assert case.owner_id is not None
            assert case.unit_id is not None
            assert self._offered(case) or self._by_itself(case), f"nobody can go on from {case.status}"

    @invariant()
    def nothing_runs_after_the_end(self) -> None:
        """Of a case that ended only those clocks run that its ending began."""
        with self._inside():
            case = session.get(Complaint, self.case) if self.case else None
            if case is None or not self._state(case).final:
                return
            running = deadlines.open_clocks("complaint", case.id)
            older = [row.key for row in running if row.started_at < case.state_since]
            assert not older, f"still running after {case.status}: {older}"

    @invariant()
    def every_due_time_was_acted_on(self) -> None:
        """Once the sweep has run, nothing waits for it any more, and what is past is late and said to be."""
        with self._inside():
            sweeps.run("deadlines.due")
            clocks, now = DeadlineClock, clock.now()
            assert not session.scalars(sa.select(clocks.key).where(clocks.next_at <= now)).all()
            rows = session.scalars(sa.select(clocks).where(clocks.status.in_(OPEN))).all()
            for row in rows:
                assert row.status in (BREACHED, PAUSED) or row.due_at >= now, f"{row.key} passed unseen"
                assert row.status != RUNNING or row.next_at is not None, f"{row.key} is never looked at again"

    # -- helpers -----------------------------------------------------------------------------------------------------

    def _state(self, case: Complaint) -> Any:
        return moves.lifecycle_of(case).states[case.status]

    def _papers(self) -> list[Any]:
        """The case, and what else with a life of its own is written about it."""
        found: list[Any] = [session.get_one(Complaint, self.case)]
        for register in registers().values():
            model: Any = register.model
            if register.from_pack and hasattr(model, "complaint_id"):
                found += session.scalars(sa.select(model).where(model.complaint_id == self.case))
        return found

    def _offered(self, case: Any, first: int = 0) -> tuple[int, list[str]] | None:
        """The next person who may do something with a paper now, and what; asked in turn from the ``first`` on."""
        whole = moves.whole_of(case)
        for account in self.people[first:] + self.people[:first]:
            with actor.acting_as(account):
                if found := [move.key for move in moves.available(case, whole)]:
                    return account, found
        return None

    def _by_itself(self, case: Complaint) -> bool:
        """Whether time, or something that another register brings, takes it on."""
        return any(move.system or move.approval for move in moves.lifecycle_of(case).leaving(case.status))

    def _ids(self, target: str) -> list[int]:
        if target not in self.targets:
            model = registers()[target].model
            self.targets[target] = list(session.scalars(sa.select(model.id).order_by(model.id).limit(40)))
        return self.targets[target]

    def _value(self, spec: FieldSpec, data: Any) -> Any:
        """Anything that the field may hold."""
        kind, today = spec.kind.name, self.now
        drawn = {
            "boolean": st.booleans(), "money": st.sampled_from(AMOUNTS), "integer": st.integers(1, 5),
            "choice": st.sampled_from(list(spec.choices or [None])),
            "choices": st.lists(st.sampled_from(list(spec.choices or [None])), min_size=1, max_size=2, unique=True),
            "date": st.integers(-30, 9).map(lambda n: (today + dt.timedelta(days=n)).date().isoformat()),
            "datetime": st.integers(-48, 99).map(lambda n: (today + dt.timedelta(hours=n)).isoformat()),
            "personal": st.just("13812345678"), "decimal": st.just("1.5"), "percent": st.just("12.5"),
            "text": st.just("文字"[: spec.size or 9]), "longtext": st.just("依实情说明"),
        }.get(kind)  # fmt: skip
        if drawn is None and spec.target and (ids := self._ids(spec.target)):
            chosen = st.sampled_from(ids)
            drawn = st.lists(chosen, min_size=1, max_size=2, unique=True) if kind == "refs" else chosen
        return data.draw(drawn, label=spec.name) if drawn is not None else None


def _known(raw: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in raw.items() if value is not None}


def _people(policy: str) -> list[int]:
    """The accounts of those who hold a post of the policy."""
    query = sa.select(Employee.account_id).join(Holding, Holding.owner_id == Employee.id)
    query = query.where(Holding.post.startswith(f"{policy}."), Employee.account_id.is_not(None)).distinct()
    return sorted(session.scalars(query))


def _next_version(now: PackVersion, data: Any) -> PackVersion:
    """The version after this with one of its settings changed by one."""
    known = drafting.editable(versions.pack_for(now.id))
    settings = [value for value in known if value.parameter is not None and value.text.isdigit()]
    chosen = data.draw(st.sampled_from(settings), label="setting")
    number = int(chosen.text) + data.draw(st.sampled_from((-1, 1)), label="by")
    return drafting.draft_values(now, {chosen.name: str(number)}, "试行后调整")
