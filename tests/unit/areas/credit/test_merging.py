"""Two customers with an account each become one: what both use is one sum, a hold stays, who is bound stays so."""

from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.areas.credit.credit_deal import CreditDeal
from app.areas.customers.customer import Customer
from app.core.db import session
from app.engines.credit import accounts
from app.engines.credit.models import CreditAccount
from app.engines.credit.operations import credit_of, exposure_of
from app.engines.merging import operations as merging
from tests.company import portal
from tests.scenarios.a03_desk import Credit
from tests.scenarios.conftest import sign_in

__all__ = ["portal", "sign_in"]
POLICY = "A03"


@pytest.fixture
def credit(sign_in, portal) -> Credit:
    found = Credit(sign_in, portal)
    for customer, amount in ((found.one, "100"), (found.two, "40")):
        found.lay_in("credit_deal", customer_id=customer, kind="credit_sale", amount=Decimal(amount), status="open",
                     started_on=sa.func.current_date())  # fmt: skip
    return found


def merged(portal, keep, gone, prepare):
    """The account that stays, and what the customer uses then."""
    with portal.app_context():
        deal = session.scalars(sa.select(CreditDeal)).first()
        policy, adopter = credit_of(deal), deal.adopter_id
        prepare(*(accounts.lock("customer", key, adopter) for key in (keep, gone)))
        session.flush()
        merging.merge(session.get_one(Customer, keep), session.get_one(Customer, gone))
        rows = session.scalars(sa.select(CreditAccount)).all()
        used = exposure_of(policy, adopter, keep)
        session.remove()
    return rows, used


def test_a_hold_of_either_stays_and_what_both_use_is_one_sum(credit, portal):
    def prepare(mine, theirs):
        accounts.hold(theirs, "支票退票", "第38条")
        accounts.free(mine, "集团内")

    rows, used = merged(portal, credit.one, credit.two, prepare)
    [kept] = rows
    assert (kept.party_id, kept.hold_reason, kept.hold_clause) == (credit.one, "支票退票", "第38条")
    assert kept.unlimited is False, "the other was bound by its limit"
    assert used == Decimal("140.00")


def test_an_account_that_only_the_other_has_goes_over(credit, portal):
    def prepare(mine, theirs):
        accounts.hold(theirs, "欠款")
        session.delete(mine)

    rows, used = merged(portal, credit.one, credit.two, prepare)
    [kept] = rows
    assert (kept.party_id, kept.hold_reason) == (credit.one, "欠款")
    assert used == Decimal("140.00")


def test_the_account_of_the_group_is_the_one_that_stays(credit, portal):
    credit.known(credit.one, group_head_id=credit.three)

    def prepare(head, theirs):
        accounts.hold(theirs, "欠款")

    rows, used = merged(portal, credit.one, credit.two, prepare)
    [kept] = rows
    assert (kept.party_id, kept.hold_reason) == (credit.three, "欠款")
    assert used == Decimal("140.00")
