"""Customers of a keeper who leaves go over in equal numbers, after a look at the proposal, with an entry for each."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from app.areas.customers import handing_over
from app.areas.customers.sharing import share_out
from app.core.db import session
from app.core.errors import Refusal
from app.core.register import registers
from app.engines.audit import operations as audit
from app.engines.people.models import Employee
from tests.company import portal
from tests.scenarios.conftest import desk, sign_in
from tests.scenarios.desk import MANAGER, REP, at

__all__ = ["desk", "portal", "sign_in"]


@pytest.fixture(autouse=True)
def _in_october():
    with at("2025-10-10 09:00"):
        yield


@given(st.integers(0, 60), st.lists(st.integers(0, 30), min_size=1, max_size=6))
def test_loads_become_as_equal_as_they_can(count, loads):
    taken = share_out(range(count), dict(enumerate(loads)))
    after = [load + sum(who == taker for who in taken.values()) for taker, load in enumerate(loads)]
    assert len(taken) == count
    gaining = [load for taker, load in enumerate(after) if load > loads[taker]]
    assert not gaining or max(gaining) - min(after) <= 1


def test_nobody_to_take_over_is_an_error():
    with pytest.raises(ValueError, match="nobody"):
        share_out([1], {})


def ids(portal, *names):
    with portal.app_context():
        return [session.scalar(sa.select(Employee.id).where(Employee.name == name)) for name in names]


def held(portal, keeper):
    model = registers()["customer"].model
    with portal.app_context():
        return list(session.scalars(sa.select(model.id).where(model.owner_id == keeper).order_by(model.id)))


def test_the_proposal_is_looked_at_and_then_carried_out(portal, desk):
    manager = desk.as_(MANAGER)
    keeper, taker = ids(portal, "许文静", "宋志伟")
    mine = held(portal, keeper)
    assert mine
    body = {"keeper": keeper, "takers": [taker], "reason": "离职交接"}
    shown = manager.client.post("/handover/", data=body)
    assert shown.status_code == 200
    assert held(portal, keeper) == mine
    hidden = dict(re.findall(r'name="(\w+)" value="([^"]*)"', shown.text))
    assert manager.client.post("/handover/", data=body | {"seen": "other"}).status_code == 200
    assert held(portal, keeper) == mine
    done = manager.client.post("/handover/", data=body | {"seen": hidden["seen"]})
    assert done.status_code == 302
    assert held(portal, keeper) == []
    assert set(mine) <= set(held(portal, taker))
    with portal.app_context():
        told = audit.history("customer", mine[0])[-1]
        assert (told.sentence, told.reason) == ("由许文静移交给宋志伟", "离职交接")
        assert told.changes == {"owner_id": [keeper, taker]}
    assert manager.client.post("/handover/", data=body).status_code == 422


def test_who_may_not_keep_customers_takes_none_over(portal, desk):
    keeper, outsider = ids(portal, "许文静", "何佩珊")
    page = desk.as_(MANAGER).client.post("/handover/", data={"keeper": keeper, "takers": [outsider], "reason": "离职"})
    assert page.status_code == 422
    assert "不能维护客户" in page.text
    assert desk.as_(REP).client.get("/handover/").status_code == 403


def test_a_customer_who_changed_hands_meanwhile_stops_the_hand_over(portal, desk):
    keeper, taker = ids(portal, "许文静", "宋志伟")
    with portal.app_context():
        found = handing_over.plan(keeper, [taker])
        session.get_one(registers()["customer"].model, next(iter(found.taken))).owner_id = taker
        session.commit()
        with pytest.raises(Refusal):
            handing_over.hand_over(found, "离职")
        session.rollback()
    assert len(held(portal, keeper)) == len(found.taken) - 1
