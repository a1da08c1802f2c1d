"""The month-end run: proposed as a whole, compared again before it is taken, and taken with a few statements."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.areas.consequences import charging
from app.areas.consequences import payroll_calc as calc
from app.areas.consequences.deduction_instalment import PROPOSED, REGULAR, TAKEN, DeductionInstalment
from app.areas.consequences.pay_item import PayItem
from app.areas.consequences.payroll_calc import MonthOfPerson
from app.areas.consequences.payroll_deduction import PayrollDeduction, state_of
from app.areas.consequences.penalty_notice import PenaltyNotice
from app.areas.consequences.sanction import Sanction
from app.core import clock
from app.core.db import session
from app.core.wording import N_
from app.engines.audit import operations as audit
from app.engines.calculating.operations import evaluate, settings_of
from app.engines.notifications import operations as notifications
from app.engines.policy import operations as policy

CLAUSE = "经济处罚准则（三）4"
NOTHING = Decimal(0)
WROTE = N_("Month %(month)s took %(taken)s; %(left)s are left.")
TAKEN_FROM_YOU = N_("The month-end run of %(month)s deducted from your bonus; the statement is open to you.")
_pay, _deduction, _instalment = PayItem.__table__, PayrollDeduction.__table__, DeductionInstalment.__table__


class Owed(NamedTuple):
    """An open deduction before the month."""

    id: int
    notice_id: int
    reference: str
    employee_id: int
    outstanding: Decimal


class Planned(NamedTuple):
    """What a run comes to: the month of each person, and of each of them the deductions in order."""

    months: Mapping[int, MonthOfPerson]
    owed: Mapping[int, list[Owed]]
    items: Mapping[int, int]

    def taken(self) -> dict[int, Decimal]:
        """What the run takes of each deduction."""
        return {
            row.id: amount
            for person, rows in self.owed.items()
            for row, amount in zip(rows, self.months[person].taken, strict=True)
        }


def plan(run: Any) -> Planned:
    """What the bonuses of the month pay, by what is owed now; reads only."""
    pays = {row.employee_id: row for row in session.execute(
        sa.select(_pay.c.id, _pay.c.employee_id, _pay.c.bonus)
        .where(_pay.c.unit_id == run.unit_id, _pay.c.month == run.month).order_by(_pay.c.id)
    )}  # fmt: skip
    owed, fines, cap = _owed(run), _fines(run), _caps(run)
    months = {}
    for person in [*pays, *(person for person in owed if person not in pays)]:
        bonus = pays[person].bonus if person in pays else NOTHING
        fine, forfeit = fines.get(person, (NOTHING, False))
        amounts = [row.outstanding for row in owed.get(person, ())]
        months[person] = calc.reckon(bonus, cap(bonus), amounts, fines=fine, forfeit=forfeit)
    return Planned(months, owed, {person: row.id for person, row in pays.items()})


def _owed(run: Any) -> dict[int, list[Owed]]:
    """Open deductions by person, the oldest notice first; one whose notice is being corrected waits."""
    row = _deduction.c
    query = sa.select(row.id, row.notice_id, row.reference, row.employee_id, row.outstanding).join(
        PenaltyNotice, PenaltyNotice.id == row.notice_id
    ).where(
        row.unit_id == run.unit_id, row.start_month <= run.month, row.outstanding > NOTHING,
        PenaltyNotice.approved_at.is_not(None),
    )  # fmt: skip
    found: dict[int, list[Owed]] = defaultdict(list)
    for one in session.execute(query.order_by(row.employee_id, row.noticed_at, row.notice_id)):
        found[one.employee_id].append(Owed(*one))
    return found


def _fines(run: Any) -> dict[int, tuple[Decimal, bool]]:
    """The fines of each person's sanctions approved in the month, and whether the whole bonus is forfeited.

    A sanction that replaces one of an earlier month costs the difference only.
    """
    first, after = charging.ends(run.month)
    found: dict[int, tuple[Decimal, bool]] = {}
    given = sa.select(Sanction).where(
        Sanction.adopter_id == run.adopter_id, Sanction.approved_at >= first, Sanction.approved_at < after,
        Sanction.lapsed.is_(False),
    )  # fmt: skip
    rows = session.scalars(given.order_by(Sanction.id)).all()
    replaced = {row.replaces_id for row in rows if row.replaces_id}
    before = sa.select(Sanction).where(Sanction.id.in_(replaced), Sanction.approved_at < first)
    paid = {row.id: _costs(row) for row in session.scalars(before)} if replaced else {}
    for row in rows:
        fine, forfeit = found.get(row.employee_id, (NOTHING, False))
        more = max(_costs(row) - paid.get(row.replaces_id or 0, NOTHING), NOTHING)
        found[row.employee_id] = (fine + more, forfeit or row.forfeit_bonus)
    return found


def _costs(sanction: Sanction) -> Decimal:
    return (sanction.conversion_fine or NOTHING) + sanction.fixed_deduction


def _caps(run: Any) -> Any:
    """The cap that the pack's limit gives for a bonus."""
    limit, settings = policy.pack_for(run.pack_version_id).limits["monthly_cap"], settings_of(run)
    return cache(lambda bonus: evaluate(limit, {"bonus": bonus}, settings).amount)


# -- proposing ---------------------------------------------------------------------------------------------------------


def propose(run: Any) -> None:
    """Charge the notices of the month and write what the month takes; what was proposed before is dropped first."""
    drop(run)
    run.waiting = charging.charge(run)
    found = plan(run)
    rows = list(_rows(run, found))
    if rows:
        session.execute(sa.insert(_instalment), rows)
    _reckon_pay(run, found)
    months = [found.months[person] for person in found.months]
    run.people = len(found.items)
    run.bonus_total = sum((month.bonus for month in months), NOTHING)
    run.fine_total = sum((month.fine for month in months), NOTHING)
    run.forfeited_total = sum((month.forfeited for month in months), NOTHING)
    run.taken_total = sum((row["taken"] for row in rows), NOTHING)
    run.carried_total = sum((row["carried_over"] for row in rows), NOTHING)
    session.flush()


def _rows(run: Any, found: Planned) -> Iterable[dict[str, Any]]:
    governed = {name: getattr(run, name) for name in ("policy", "pack_version_id", "adopter_id")}
    same = charging.stamps(run) | governed | {
        "status": PROPOSED, "state_since": clock.now(), "kind": REGULAR, "run_id": run.id, "month": run.month,
        "holder_unit_id": None, "holder_post": None,
    }  # fmt: skip
    for person, owed in found.owed.items():
        month = found.months[person]
        of_month = {"bonus": month.bonus, "fine": month.fine, "forfeited": month.forfeited, "cap": month.cap}
        for row, taken in zip(owed, month.taken, strict=True):
            yield same | of_month | {
                "reference": f"{row.reference}-{run.month}", "deduction_id": row.id, "notice_id": row.notice_id,
                "employee_id": person, "owed": row.outstanding, "taken": taken, "carried_over": row.outstanding - taken,
            }  # fmt: skip


def _reckon_pay(run: Any, found: Planned) -> None:
    names = ("run_id", "fine", "forfeited", "cap", "taken", "paid_out")
    values: dict[str, Any] = {name: sa.bindparam(f"to_{name}") for name in names}
    changed = sa.update(_pay).where(_pay.c.id == sa.bindparam("key")).values(values)
    rows = []
    for person, key in found.items.items():
        month = found.months[person]
        rows.append({
            "key": key, "to_run_id": run.id, "to_fine": month.fine, "to_forfeited": month.forfeited,
            "to_cap": month.cap, "to_taken": sum(month.taken, NOTHING), "to_paid_out": month.paid_out,
        })  # fmt: skip
    _write(changed, rows)


def _write(statement: Any, rows: list[dict[str, Any]] | None = None) -> None:
    """Change many rows with one statement; what the session knew of them is read anew."""
    session.flush()
    if rows is None or rows:
        with audit.bulk_change("a month-end run writes its own acts"):
            session.execute(statement, rows, execution_options={"synchronize_session": False})
    session.expire_all()


def drop(run: Any) -> None:
    """Take a proposal back: its instalments, what it charged, and what it reckoned in the pay items."""
    _write(sa.delete(_instalment).where(_instalment.c.run_id == run.id, _instalment.c.status == PROPOSED))
    kept = sa.exists().where(_instalment.c.deduction_id == _deduction.c.id)
    _write(sa.delete(_deduction).where(_deduction.c.run_id == run.id, ~kept))
    _write(
        sa.update(_pay).where(_pay.c.run_id == run.id)
        .values(run_id=None, fine=NOTHING, forfeited=NOTHING, cap=None, taken=NOTHING, paid_out=None)
    )  # fmt: skip


def stands(run: Any) -> bool:
    """Whether a proposal is still what would be proposed now."""
    row = _instalment.c
    kept = session.execute(sa.select(row.deduction_id, row.taken, row.fine, row.forfeited).where(row.run_id == run.id))
    proposed = {one.deduction_id: one.taken for one in kept}
    found = plan(run)
    pays = session.execute(sa.select(_pay.c.employee_id, _pay.c.paid_out).where(_pay.c.run_id == run.id)).all()
    same = {person: found.months[person].paid_out for person in found.items}
    return proposed == found.taken() and dict(map(tuple, pays)) == same


# -- taking ------------------------------------------------------------------------------------------------------------


def take(run: Any) -> None:
    """Take what was proposed: each deduction moves from outstanding to taken, and the people see their own."""
    row, debt, at = _instalment.c, _deduction.c, clock.now()
    query = sa.select(row.deduction_id, row.employee_id, row.taken, debt.amount, debt.taken.label("before"))
    mine = (row.run_id == run.id, row.status == PROPOSED)
    due = session.execute(query.join(_deduction, debt.id == row.deduction_id).where(*mine)).all()
    _write(sa.update(_instalment).where(*mine).values(
        status=TAKEN, state_since=at, changed_at=at, owner_id=row.employee_id, row_version=row.row_version + 1,
        booked_for=charging.ends(run.month)[1] - dt.timedelta(seconds=1),
    ))  # fmt: skip
    if moved := [one for one in due if one.taken]:
        _write(_settling(), [_settled(one, at) for one in moved])
        _tell(run, moved)
    _write(sa.update(_deduction).where(debt.run_id == run.id).values(owner_id=debt.employee_id))


def _settling() -> Any:
    names = ("taken", "outstanding", "status", "changed_at")
    values: dict[str, Any] = {name: sa.bindparam(f"to_{name}") for name in names}
    values["row_version"] = _deduction.c.row_version + 1
    return sa.update(_deduction).where(_deduction.c.id == sa.bindparam("key")).values(values)


def _settled(one: Any, at: Any) -> dict[str, Any]:
    left = one.amount - one.before - one.taken
    return {
        "key": one.deduction_id, "to_taken": one.before + one.taken, "to_outstanding": left, "to_changed_at": at,
        "to_status": state_of(one.amount, left),
    }  # fmt: skip


def _tell(run: Any, moved: list[Any]) -> None:
    """Write what was taken into the history of each deduction, and tell each person once."""
    audit.note_many(
        audit.Note("payroll_deduction", one.deduction_id, "act", WROTE, {
            "month": run.month, "taken": f"{one.taken:,.2f}", "left": f"{one.amount - one.before - one.taken:,.2f}",
        }, CLAUSE) for one in moved
    )  # fmt: skip
    said, url = {"month": run.month}, "/pay_item/"
    notifications.notify(f"run.taken:{run.id}", [one.employee_id for one in moved], TAKEN_FROM_YOU, said, url, CLAUSE)
