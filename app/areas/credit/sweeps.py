"""What each day brings: debts fall overdue, episodes end, limits run out, and the sheet of the day is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.areas.credit import allocating, sheet
from app.areas.credit.allocating import take_system_step
from app.areas.credit.credit_liability import CreditLiability
from app.areas.credit.credit_request import CreditRequest
from app.areas.credit.daily_credit import DailyCredit
from app.areas.credit.over_limit_case import DEFAULTED, ENDED, FIRST, LAST, OverLimitCase
from app.areas.credit.shipment import LATE, OPEN, PAID, Shipment
from app.areas.customers.operations import Contract
from app.core import clock, moves
from app.core.db import session
from app.engines.credit.operations import exposure_of, knowledge_of
from app.engines.sweeps.registry import Batch, sweep

BATCH = 200
SETTLED = ("deducted", "cancelled")


def _finding(row: Any, number: str) -> dict[str, object]:
    return {"case": number or f"#{row.id}", "url": f"/{row.__tablename__}/{row.id}", "unit": row.unit_id}


@sweep("credit.ageing", title=_l("Credit: shipments fall overdue"), schedule="1 0 * * *")
def fall_overdue(at: dt.datetime) -> Iterator[Batch]:
    """Mark every shipment as overdue whose last day of payment has passed; on the day itself it is in time."""
    late = sa.select(Shipment).where(
        Shipment.payment == OPEN, Shipment.status == "shipped", Shipment.due_on < clock.to_local(at).date()
    )
    due = late.order_by(Shipment.id).limit(BATCH).with_for_update(skip_locked=True)
    while rows := session.scalars(due).all():
        for row in rows:
            row.payment = LATE
            session.flush()
            take_system_step(row)
        found = [_finding(row, row.shipment_no or "") for row in rows[:5]]
        yield Batch({"checked": len(rows), "hit": len(rows)}, found)


@sweep("credit.month_end", title=_l("Credit: last orders above the limit not paid by the month's end"),
       schedule="2 0 * * *")  # fmt: skip
def month_end(at: dt.datetime) -> Iterator[Batch]:
    """On the day after the last order of an episode was due: what is unpaid of it is charged to its signer."""
    over = sa.select(OverLimitCase).where(
        OverLimitCase.stage == LAST, OverLimitCase.last_due_on < clock.to_local(at).date(),
        OverLimitCase.unpaid_at_due.is_(None),
    )  # fmt: skip
    due = over.order_by(OverLimitCase.id).limit(BATCH).with_for_update(skip_locked=True)
    while rows := session.scalars(due).all():
        hit = []
        for row in rows:
            shipment = session.get_one(Shipment, row.last_shipment_id)
            row.unpaid_at_due = allocating.owed(shipment)
            if row.unpaid_at_due > 0:
                row.stage = DEFAULTED
                hit.append(row)
            session.flush()
            take_system_step(row)
        yield Batch({"checked": len(rows), "hit": len(hit)}, [_finding(row, row.case_no or "") for row in hit[:5]])


@sweep("credit.episodes", title=_l("Credit: episodes above the limit that are over"), schedule="3 0 * * *")
def end_episodes(at: dt.datetime) -> Iterator[Batch]:
    """End every episode whose orders are paid and whose customer is back within the limit."""
    day = clock.to_local(at).date()
    open_ = sa.select(OverLimitCase.id).where(OverLimitCase.stage.in_((FIRST, LAST, DEFAULTED)))
    for key in session.scalars(open_.order_by(OverLimitCase.id)).all():
        row = session.get_one(OverLimitCase, key, with_for_update=True)
        if not _over(row):
            continue
        row.stage, row.closed_on = ENDED, day
        session.flush()
        take_system_step(row)
        yield Batch({"checked": 1, "hit": 1}, [_finding(row, row.case_no or "")])


def _over(row: Any) -> bool:
    """Whether the orders of an episode are paid, what was charged is settled, and the limit holds again."""
    orders = [session.get_one(Shipment, key) for key in (row.first_shipment_id, row.last_shipment_id) if key]
    if any(order.payment != PAID or order.status == "released" for order in orders):
        return False
    if row.stage == DEFAULTED:
        charged = sa.select(CreditLiability.id).where(
            CreditLiability.adopter_id == row.adopter_id, CreditLiability.origin_key == f"month_end:{row.id}",
            CreditLiability.status.not_in(SETTLED),
        )  # fmt: skip
        return session.scalar(charged) is None
    known = knowledge_of(row, moves.whole_of(row).get, row.customer_id)
    limit = known.ceiling(sheet.ROLLING).amount
    return limit is not None and exposure_of(known.credit, row.adopter_id, row.customer_id) <= limit


@sweep("credit.expiry", title=_l("Credit: contracts and special limits that have run out"), schedule="4 0 * * *")
def run_out(at: dt.datetime) -> Iterator[Batch]:
    """End what was valid until a day that has passed."""
    day = clock.to_local(at).date()
    for model, state in ((Contract, "signed"), (CreditRequest, "active")):
        ended = sa.select(model).where(model.status == state, model.valid_to < day)
        rows = [row for row in session.scalars(ended.order_by(model.id)) if _may_expire(row)]
        for row in rows:
            moves.move(row, "expire", as_system=True)
        if rows:
            found = [_finding(row, getattr(row, model.register.title) or "") for row in rows[:5]]
            yield Batch({"checked": len(rows), "hit": len(rows)}, found)


def _may_expire(row: Any) -> bool:
    life = moves.lifecycle_of(row)
    return life is not None and "expire" in life.moves and row.status in life.moves["expire"].sources


@sweep("credit.daily_sheet", title=_l("Credit: the sheet of the day"), schedule="5 0 * * *")
def write_sheet(at: dt.datetime) -> Iterator[Batch]:
    """One row for each customer of every unit that works by rolling credit; a second run writes nothing."""
    day = clock.to_local(at).date()
    for adopter_id, code, settings in sheet.adopters(day):
        known = set(session.scalars(sa.select(DailyCredit.customer_id).filter_by(
            adopter_id=adopter_id, credit_date=day
        )))  # fmt: skip
        rows = [row for row in sheet.rows(settings, adopter_id, code, day) if row["customer_id"] not in known]
        for start in range(0, len(rows), 1000):
            session.execute(sa.insert(DailyCredit), rows[start : start + 1000])
            yield Batch({"checked": len(rows), "hit": len(rows[start : start + 1000])})


