"""Selling windows end by themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.areas.consequences import payroll
from app.areas.consequences.opening import open_case
from app.areas.consequences.pay_item import PayItem
from app.areas.consequences.payroll_run import APPROVED, READY, PayrollRun
from app.areas.consequences.resale import Resale
from app.core import moves
from app.core.db import session
from app.core.errors import Refusal
from app.core.register import registers
from app.engines.sweeps.registry import Batch, sweep

BATCH = 200


@sweep("consequences.fix_resales", title=_l("Resale: fix the loss when the window ends"), schedule="20 0 * * *")
def fix_resales(at: dt.datetime) -> Iterator[Batch]:
    """Fix the loss of every resale whose window ended before ``at``; one that is fixed is not open any more."""
    over = sa.select(Resale).where(
        Resale.window_end < at, Resale.ended.is_(False), Resale.loss_amount.is_(None)
    )
    due = over.order_by(Resale.id).limit(BATCH).with_for_update(skip_locked=True)
    while rows := session.scalars(due).all():
        for resale in rows:
            resale.ended = True
            session.flush()
            moves.move(resale, "fix", as_system=True)
        yield Batch({"checked": len(rows), "hit": len(rows)}, [_finding(row) for row in rows[:5]])


def _finding(resale: Resale) -> dict[str, object]:
    return {"case": f"resale {resale.id}", "url": f"/resale/{resale.id}", "unit": resale.unit_id,
            "due": resale.window_end.isoformat() if resale.window_end else ""}


@sweep("consequences.month_end", title=_l("Month end: propose and take deductions from bonuses"), schedule="40 1 * * *")
def run_month_ends(at: dt.datetime) -> Iterator[Batch]:
    """Open the run of the month that has ended, propose those that accounting calls ready, take what was approved.

    A run that is refused waits for accounting, with the reason among the findings.
    """
    for unit_id in _without_run(month := payroll.last_month(at)):
        _open_run(unit_id, month)
        yield Batch({"checked": 1, "hit": 1})
    for status, step in ((READY, "propose"), (APPROVED, "take")):
        due = sa.select(PayrollRun.id).filter_by(status=status).order_by(PayrollRun.month, PayrollRun.id)
        for key in session.scalars(due).all():
            yield _try(session.get_one(PayrollRun, key), step)


def _without_run(month: str) -> list[int]:
    """Accounting units with pay items of a month that has no run yet."""
    run = sa.exists().where(PayrollRun.unit_id == PayItem.unit_id, PayrollRun.month == month)
    found = sa.select(PayItem.unit_id).where(PayItem.month == month, ~run).distinct()
    return list(session.scalars(found.order_by(PayItem.unit_id)))


def _open_run(unit_id: int, month: str) -> None:
    begun = moves.begin(registers()["payroll_run"], unit_id)
    open_case(PayrollRun, begun, unit_id, month=month)


def _try(run: PayrollRun, step: str) -> Batch:
    try:
        with session.begin_nested():
            moves.move(run, step, as_system=True)
    except Refusal as refusal:
        why = str(refusal)
        return Batch({"checked": 1, "skipped": 1}, [_run_finding(run) | {"why": why}])
    return Batch({"checked": 1, "hit": 1}, [_run_finding(run)])


def _run_finding(run: PayrollRun) -> dict[str, object]:
    return {"case": run.run_no or run.month, "url": f"/payroll_run/{run.id}", "unit": run.unit_id}
