"""A company that works by B02 on each database, and cases put where a test needs them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from flask import Flask

from app.areas.complaints.complaint import Complaint
from app.areas.customers.customer import Customer
from app.core import actor, clock, hooks, moves
from app.core.db import session
from app.core.register import registers
from app.engines.deadlines import operations
from app.engines.deadlines.models import DeadlineClock
from app.engines.people.models import Employee, OrgUnit
from tests import company

founded = company.portal


@pytest.fixture
def portal(founded) -> Iterator[Flask]:
    """The whole program inside its context, with the company founded and nothing else."""
    with founded.app_context():
        yield founded


@contextmanager
def at(text: str) -> Iterator[None]:
    """Stop the clock at a local time; what was done is committed."""
    with clock.freeze(dt.datetime.fromisoformat(text)):
        yield
        session.commit()


def local(text: str) -> dt.datetime:
    """A local time as an instant."""
    return clock.from_local(dt.datetime.fromisoformat(text))


def shown(instant: dt.datetime | None) -> str | None:
    """An instant as people read it."""
    return clock.to_local(instant).strftime("%Y-%m-%d %H:%M:%S") if instant else None


class Cases:
    """Complaints that are moved without asking who does it."""

    def open(self, market: str = "domestic") -> Complaint:
        """A draft."""
        unit = session.scalars(sa.select(OrgUnit).where(OrgUnit.code == "HX-SA")).one()
        begun = moves.begin(registers()["complaint"], unit.id)
        case = Complaint(
            unit_id=unit.id,
            owner_id=person("许文静").id,
            policy=begun.policy,
            pack_version_id=begun.pack_version_id,
            adopter_id=begun.adopter_id,
            status=begun.start,
            title="爆板分层",
            market=market,
            customer_id=session.scalars(sa.select(Customer.id).order_by(Customer.id)).first(),
        )
        whole = moves.whole_of(case)
        whole.save()
        self._tell(case, None, "", begun.start)
        return case

    def accepted(self, market: str = "domestic") -> Complaint:
        """A numbered case."""
        case = self.open(market)
        self.go(case, "submitted", "submit")
        case.case_no = f"{clock.today():%y%m}{case.id:02}"
        self.go(case, "registered", "accept")
        return case

    def go(self, case: Complaint, state: str, move: str = "sent") -> None:
        """Put a case into a state, as a move would, without its guards and effects."""
        source = case.status
        moves.enter(case, moves.lifecycle_of(case), state, moves.whole_of(case))
        session.flush()
        self._tell(case, move, source, state)

    def _tell(self, case, move, source, target) -> None:
        life = moves.lifecycle_of(case)
        made = life.moves.get(move) or moves.Move(move, move, (source,), target) if move else None
        told = moves.Moved(
            case,
            registers()["complaint"],
            life,
            made,
            source,
            target,
            {},
            "",
            clock.now(),
            None,
            None,
            moves.whole_of(case),
        )
        for _order, listener in hooks._listeners:
            if listener.__module__.startswith(("app.engines.deadlines", "app.engines.audit")):
                listener(told)
        session.flush()

    @staticmethod
    def clock(case: Complaint, key: str) -> DeadlineClock:
        """The newest clock of a case."""
        return [row for row in operations.clocks_of("complaint", case.id) if row.key == f"B02.{key}"][-1]


@pytest.fixture
def cases(portal) -> Cases:
    return Cases()


def person(name: str) -> Employee:
    """An employee by name."""
    return session.scalars(sa.select(Employee).where(Employee.name == name)).one()


@contextmanager
def acting(name: str) -> Iterator[None]:
    """Act as somebody."""
    with actor.acting_as(person(name).account_id):
        yield
