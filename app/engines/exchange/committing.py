"""Saving staged rows: judged once more, all in one transaction, in batches where the register allows it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from app.core import actor, clock, saving, saving_many
from app.core.db import is_sqlite, session
from app.core.errors import Conflict, Problem, Refusal
from app.core.register import Register
from app.engines.exchange import plan, progress, staging
from app.engines.exchange.judging import Judge, Judged
from app.engines.exchange.models import BAD, CHANGED, DONE, NEW, READY, ImportRow, ImportRun
from app.engines.search import operations as search

BATCH, CACHE = 1000, 48 << 10
_rows = ImportRow.__table__
Told = Callable[[int], None]


def save(run: ImportRun, told: Told | None = None) -> None:
    """Save the rows of a run that was confirmed; the caller commits what is left in the session.

    When a row can no longer be saved and not only the good ones are wanted, everything is rolled back, the row is
    marked, and the run waits for another decision.
    """
    key, register = run.id, plan.register_for(run.register)
    bad, saved = _Save(run, register, told or (lambda done: progress.tell(key, done))).carry_out()
    if bad and not run.good_only:
        session.rollback()
        run = session.get_one(ImportRun, key, with_for_update=True, populate_existing=True)
        _mark(run, bad)
        run.state = READY
        staging.note(run, "refused", rows=len(bad))
    else:
        _mark(run, bad)
        run.saved, run.state, run.ended_at = dict(saved), DONE, clock.now()
        staging.note(run, "imported", counts=dict(saved), act=actor.act_id(), left=run.counts.get(BAD, 0))
    run.worker = run.lease_until = None
    progress.forget(key)
    session.flush()


class _Save:
    """One pass over the rows that are to be saved."""

    def __init__(self, run: ImportRun, register: Register, told: Told) -> None:
        self.run, self.register, self.told = run, register, told
        self.key, self.all_or_none = run.id, not run.good_only
        self.chosen = plan.plan_of(register, run.policy)
        self.judge = Judge(self.chosen, run.mode)
        self.places = [(at, name) for at, name in enumerate(run.columns) if name]
        self.in_batches = saving_many.in_batches(register)
        self.bad: list[Judged] = []
        self.saved: Counter[str] = Counter()

    def carry_out(self) -> tuple[list[Judged], Counter[str]]:
        """The rows that could not be saved, and how many were."""
        with _roomy(), search.gathered():
            return self._carry_out()

    def _carry_out(self) -> tuple[list[Judged], Counter[str]]:
        done = 0
        for batch in self._batches():
            judged = self.judge.judge(batch)
            good = [row for row in judged if not row.problems]
            self.bad += [row for row in judged if row.problems]
            if self.bad and self.all_or_none:
                break
            self._keep(good)
            done += len(batch)
            self.told(done)
            staging.forget(judged)
        return self.bad, self.saved

    def _batches(self) -> Iterator[list[tuple[int, dict[str, str]]]]:
        last = 0
        query = sa.select(_rows.c.row_no, _rows.c.cells).where(
            _rows.c.run_id == self.key, _rows.c.verdict.in_((NEW, CHANGED))
        )
        while found := session.execute(query.where(_rows.c.row_no > last).order_by(_rows.c.row_no).limit(BATCH)).all():
            last = found[-1].row_no
            yield [(row.row_no, staging.texts_at(json.loads(row.cells), self.places)) for row in found]

    def _keep(self, rows: Sequence[Judged]) -> None:
        new, rest = [r for r in rows if r.verdict == NEW], [r for r in rows if r.verdict == CHANGED]
        if (self.in_batches and new and not self._keep_many(new)) or not self.in_batches:
            rest = [*new, *rest]
        for row in sorted(rest, key=lambda row: row.row_no):
            self._keep_one(row)

    def _keep_many(self, rows: Sequence[Judged]) -> bool:
        """Save new rows at once; nothing of them if the database refuses one."""
        try:
            with session.begin_nested():
                pairs = [(row.whole, row.values) for row in rows if row.whole is not None]
                saving_many.create_many(self.register, pairs)
        except (IntegrityError, Refusal):
            return False
        self.saved[NEW] += len(rows)
        return True

    def _keep_one(self, row: Judged) -> None:
        """Save one row as its form would; a refusal takes back this row alone."""
        try:
            with session.begin_nested():
                if row.record is None:
                    saving.create(self.register, row.raw, policy=self.run.policy)
                else:
                    saving.update(row.record, {name: row.raw[name] for name in row.changes}, None)
        except Refusal as error:
            row.problems += error.problems
        except (IntegrityError, StaleDataError):
            text = _("Not saved: a value exists already, or another record needs this one.")
            row.problems += Conflict(Problem(text, None, "unique")).problems
        if row.problems:
            row.verdict = BAD
            self.bad.append(row)
        else:
            self.saved[row.verdict] += 1


@contextmanager
def _roomy() -> Iterator[None]:
    """Let SQLite keep the pages of its indexes at hand while very many rows are written; else it reads them again."""
    connection = session.connection() if is_sqlite() else None
    if connection is not None:
        before = connection.exec_driver_sql("PRAGMA cache_size").scalar()
        connection.exec_driver_sql(f"PRAGMA cache_size = -{CACHE}")
    try:
        yield
    finally:
        if connection is not None:
            connection.exec_driver_sql(f"PRAGMA cache_size = {before}")


def _mark(run: ImportRun, bad: Iterable[Judged]) -> None:
    """Write down what has become wrong since the rows were looked at."""
    counts = Counter(run.counts)
    for row in bad:
        here = (_rows.c.run_id == run.id) & (_rows.c.row_no == row.row_no)
        before = session.scalar(sa.select(_rows.c.verdict).where(here))
        told: list[dict[str, Any]] = [replace(p, message=str(p.message)).as_dict() for p in row.problems]
        session.execute(sa.update(_rows).where(here).values(verdict=BAD, problems=told))
        counts.update({str(before): -1, BAD: 1})
    run.counts = {verdict: count for verdict, count in counts.items() if count}
