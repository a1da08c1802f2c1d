"""Complaints of a small company for tests of the screens: made through the program, their clocks running."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.areas.complaints.complaint import Complaint
from app.areas.customers.customer import Customer
from app.core import actor, clock, moves, saving
from app.core.db import session
from app.core.register import registers
from app.engines.audit.operations import bulk_change
from app.engines.people import operations as people
from app.engines.people.models import Employee, Holding, OrgUnit
from app.engines.policy.models import PolicyAdoption
from tests.portal import find, person, row_id

BEGUN = dt.date(2025, 1, 1)
MONDAY = dt.datetime(2025, 10, 13, 9, 0)
STAFF = {
    "rep": ("salesperson", "B02.sales_rep", "S"), "control": ("case_coordinator", "B02.case_control", "G"),
    "manager": ("sales_manager", "B02.sales_manager", "S"),
}
DRAFT: dict[str, Any] = {
    "title": "孔铜厚度不足", "market": "domestic", "claimed_amount": "120000", "order_no": "PO1", "part_no": "HD10",
    "product": "主板", "shipped_on": "2025-09-01", "shipped_qty": 3200, "defective_qty": 46, "abnormality": "孔铜不足",
    "customer_demand": ["claim"], "demand_text": "赔付", "complaint_reason": "孔铜", "sample_attached": False,
    "sales_note": "附照片",
}


def staff() -> None:
    """A company that adopted B02, with a sales representative, case control and a sales manager."""
    units = {unit.code: unit for unit in session.scalars(sa.select(OrgUnit))}
    for username, (role, post, home) in STAFF.items():
        people.give(person(username, units[home])[0], role, units[home], post=post)
    overwrite(Holding, valid_from=BEGUN)
    session.add(PolicyAdoption(unit_id=units["G"].id, policy="B02", valid_from=BEGUN))
    find(Customer, customer_no="C-S").owner_id = row_id(Employee, number="REP")
    session.commit()


def overwrite(model: Any, **values: Any) -> None:
    """Set fields of every row of a register."""
    with bulk_change("a test"):
        session.execute(sa.update(model.__table__).values(values))


def acting(username: str) -> Any:
    """Act as somebody."""
    return actor.acting_as(row_id(User, username=username))


def submitted(at: dt.datetime, **over: Any) -> int:
    """A complaint that was sent to case control at a local time; its id."""
    with clock.freeze(at), acting("rep"):
        given = DRAFT | {"customer_id": row_id(Customer, customer_no="C-S")} | over
        record = saving.create(registers()["complaint"], given).record
        moves.move(record, "submit")
        session.commit()
    return int(record.id)


def step(case: int, key: str, username: str, at: dt.datetime, **values: Any) -> None:
    """One move of a complaint."""
    with clock.freeze(at), acting(username):
        moves.move(session.get_one(Complaint, case), key, values=values)
        session.commit()

