"""Who owes a loss: the members of the bearing unit by points, or a sales or service person the whole."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from app.areas.consequences import payroll_calc as calc
from app.areas.consequences.pay_item import PayItem
from app.areas.consequences.payroll_calc import Member, Portion
from app.areas.consequences.payroll_deduction import PayrollDeduction, state_of
from app.areas.consequences.penalty_notice import PenaltyNotice
from app.areas.consequences.responsibility_share import ResponsibilityShare
from app.core import clock
from app.core.db import session
from app.engines.people import operations as people
from app.engines.people.models import Employee, OrgUnit
from app.engines.policy import operations as policy

_deduction, _notice, _share = PayrollDeduction.__table__, PenaltyNotice.__table__, ResponsibilityShare.__table__


def month_of(at: dt.datetime) -> str:
    """The local month of an instant, such as ``2025-09``."""
    return clock.to_local(at).strftime("%Y-%m")


def ends(month: str) -> tuple[dt.datetime, dt.datetime]:
    """The first instant of a month and the first one after it."""
    first = dt.datetime.fromisoformat(f"{month}-01")
    return clock.from_local(first), clock.from_local((first + dt.timedelta(days=32)).replace(day=1))


class Groups:
    """The people of a month with their points, by every unit that they belong to; three statements."""

    def __init__(self, unit_id: int, month: str, case: Any) -> None:
        self._members: dict[int, list[Member]] = defaultdict(list)
        self._paths = dict(session.execute(sa.select(OrgUnit.id, OrgUnit.path)).all())
        self._home: dict[int, int] = {}
        item = PayItem
        found = sa.select(item.employee_id, Employee.number, item.points, item.group_id, item.section_id)
        mine = found.join(Employee, Employee.id == item.employee_id).where(item.unit_id == unit_id, item.month == month)
        for employee_id, number, points, group_id, section_id in session.execute(mine.order_by(item.id)):
            self._home[employee_id] = group_id
            if points:
                for unit in {*self._units(group_id), *([section_id] if section_id else [])}:
                    self._members[unit].append(Member(employee_id, number, points))
        self._in_person = _units_in_person(case)

    def _units(self, unit_id: int) -> list[int]:
        return [int(part) for part in self._paths[unit_id].strip("/").split("/")]

    def portions(self, shares: Iterable[Any]) -> list[Portion] | None:
        """What each person owes of the shares of one notice; ``None`` while a unit that bears has no points."""
        found: list[Portion] = []
        for share in shares:
            if share.employee_id is not None and self._in_person & set(self._units(share.home_id)):
                found.append(Portion(share.employee_id, share.amount, share.amount))
                continue
            unit = share.bearer_unit_id or self._home.get(share.employee_id, share.home_id)
            if not (members := self._members.get(unit)):
                return None
            found += calc.by_points(share.amount, members)
        return found


def _units_in_person(case: Any) -> set[int]:
    """The units whose people bear their own losses: where the pack's posts for it are held."""
    pack = policy.pack_for(case.pack_version_id)
    if pack.charging is None:
        return set()
    codes = [f"{case.policy}.{post}" for post in pack.charging.in_person]
    return {seat.unit_id for seat in people.holders_many(codes, [people.path_of(case.adopter_id)])} - {case.adopter_id}


def shares_by_notice(*where: Any) -> list[tuple[Any, list[Any]]]:
    """The approved notices that fulfil the conditions, the oldest first, each with what people and units bear."""
    columns = (
        _notice.c.id.label("notice_id"), _notice.c.notice_no, _notice.c.approved_at, _share.c.id, _share.c.employee_id,
        _share.c.bearer_unit_id, _share.c.amount, Employee.unit_id.label("home_id"),
    )  # fmt: skip
    query = (
        sa.select(*columns).join(_share, _share.c.sheet_id == _notice.c.sheet_id)
        .outerjoin(Employee, Employee.id == _share.c.employee_id)
        .where(_notice.c.approved_at.is_not(None), _share.c.amount > Decimal(0), *where)
        .order_by(_notice.c.approved_at, _notice.c.id, _share.c.id)
    )  # fmt: skip
    rows = session.execute(query).all()
    return [(found[0], found) for _key, group in groupby(rows, lambda row: row.notice_id) if (found := list(group))]


def shares_of(notice_id: int) -> list[Any]:
    """What people and units bear by one approved notice."""
    return [share for _notice_row, shares in shares_by_notice(_notice.c.id == notice_id) for share in shares]


def charge(run: Any) -> int:
    """Charge every notice approved until the end of the run's month that nobody owes yet; how many wait for points."""
    charged = sa.exists().where(_deduction.c.notice_id == _notice.c.id)
    due = shares_by_notice(_notice.c.adopter_id == run.adopter_id, _notice.c.approved_at < ends(run.month)[1], ~charged)
    if not due:
        return 0
    numbers: dict[int, str] = dict(session.execute(sa.select(Employee.id, Employee.number)).all())
    groups, stamp = Groups(run.unit_id, run.month, run), stamps(run)
    rows: list[dict[str, Any]] = []
    waiting = 0
    for notice, shares in due:
        portions = groups.portions(shares)
        waiting += portions is None
        rows += [
            stamp | {"noticed_at": notice.approved_at, "start_month": run.month, "run_id": run.id}
            | charged_row(notice.notice_id, f"{notice.notice_no}-{numbers[person]}", person, parts)
            for person, parts in calc.by_person(portions or []).items()
        ]  # fmt: skip
    if rows:
        session.execute(sa.insert(_deduction), rows)
    return waiting


def stamps(run: Any) -> dict[str, Any]:
    """What rows have in common that a run writes by the thousand."""
    at = clock.now()
    made = {"created_at": at, "changed_at": at, "created_by_id": None, "changed_by_id": None, "row_version": 1}
    return made | {"unit_id": run.unit_id, "owner_id": None}


def charged_row(notice_id: int, reference: str, person: int, parts: Sequence[Portion]) -> dict[str, Any]:
    """The columns of one person's deduction by one notice."""
    amount = sum((part.amount for part in parts), Decimal(0))
    return {
        "notice_id": notice_id, "employee_id": person, "reference": reference, "amount": amount, "taken": Decimal(0),
        "outstanding": amount, "status": state_of(amount, amount), **shared(parts),
    }  # fmt: skip


def shared(parts: Sequence[Portion]) -> Mapping[str, Any]:
    """How an amount was shared, for the person to read."""
    by_points = [part for part in parts if part.points is not None]
    return {
        "personal_points": by_points[0].points if by_points else None,
        "total_points": by_points[0].total if by_points else None,
        "calculation": "；".join(part.text for part in parts),
    }
