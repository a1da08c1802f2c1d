"""A trading company by A03 for ``credit.py``: limits that two deals race for, and the bound of all limits together."""

import datetime as dt
from contextlib import contextmanager
from decimal import Decimal
from time import perf_counter
from unittest import mock

import sqlalchemy as sa

from app.areas.credit.credit_deal import CreditDeal
from app.areas.credit.credit_rating import CreditRating
from app.areas.credit.credit_request import CreditRequest
from app.areas.credit.credit_survey import CreditSurvey
from app.areas.credit.receipt import Receipt
from app.areas.customers.customer import Customer
from app.core import clock, moves
from app.core.db import session
from app.core.errors import Refusal
from app.core.register import registers
from app.engines.audit import operations as audit
from app.engines.credit import caps
from app.engines.people.models import OrgUnit
from app.engines.policy.models import PolicyParameter

SELLER = "gxxuqian"
LIMIT, EACH = Decimal("100000.00"), Decimal("60000.00")
ENOUGH = Decimal("1200000.00")


def customers(number):
    """Customers of class A with a survey, money of the last months and, the first half, a limit; their ids."""
    unit = session.scalars(sa.select(OrgUnit).filter_by(code="GX-YX")).one()
    adopter = session.scalars(sa.select(OrgUnit).filter_by(code="GX")).one()
    begun = moves.begin(registers()["credit_deal"], unit.id)
    case = {"policy": begun.policy, "pack_version_id": begun.pack_version_id, "adopter_id": begun.adopter_id,
            "unit_id": unit.id}  # fmt: skip
    session.add(PolicyParameter(unit_id=adopter.id, policy="A03", key="base_year_cap", value=str(LIMIT), reason="核定",
                                valid_from=dt.date(2020, 1, 1)))  # fmt: skip
    day = clock.today()
    found = [Customer(customer_no=f"TRADE{n:05}", name=f"购销客户 {n}", unit_id=unit.id,
                      first_deal_on=dt.date(2020, 1, 1)) for n in range(number)]  # fmt: skip
    session.add_all(found)
    session.flush()
    for one in found:
        session.add_all(_known(one.id, case, day))
    session.commit()
    return [one.id for one in found]


def _known(key, case, day):
    month = (day.replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    yield CreditSurvey(customer_id=key, status="filed", updated_on=day, quarter="2025Q1", stale=False,
                       refresh_by=day + dt.timedelta(days=90), **case)  # fmt: skip
    yield CreditRating(customer_id=key, status="approved", rated_on=day, computed_class="a", final_class="a",
                       approved_on=day, **case)  # fmt: skip
    yield Receipt(customer_id=key, status="confirmed", received_on=month, amount=ENOUGH, **case)


def line(key, case_of, status, amount):
    """A limit of a customer, or a request for one that waits for its decision."""
    day = clock.today()
    valid = {"approved_limit": amount, "valid_from": day, "valid_to": day + dt.timedelta(days=30)}
    return CreditRequest(
        customer_id=key, status=status, purpose="request", kind="temporary", direction="credit_sale", reason="旺季",
        decision="pending", requested_limit=amount, credit_class="a", **case_of,
        **(valid if status == "active" else {}),
    )  # fmt: skip


def _case():
    like = session.scalars(sa.select(CreditRating).filter_by(policy="A03")).first()
    names = ("policy", "pack_version_id", "adopter_id", "unit_id", "owner_id")
    return {name: getattr(like, name) for name in names}


def deals(keys):
    """Two deals for the limit of each customer: the ids of the first and of the second."""
    case, halves = _case(), ([], [])
    session.add_all(line(key, case, "active", LIMIT) for key in keys)
    for key in keys:
        for half in halves:
            deal = CreditDeal(customer_id=key, kind="credit_sale", amount=EACH, started_on=clock.today(),
                              status="draft", outstanding=EACH, **case)  # fmt: skip
            session.add(deal)
            session.flush()
            half.append(deal.id)
    session.commit()
    return halves


def requests(keys):
    """A request of each customer, two and two for the bound of the company: the ids of the first and of the second."""
    case = _case()
    free_again()
    made = [line(key, case, "deciding", EACH) for key in keys]
    session.add_all(made)
    session.commit()
    ids = [one.id for one in made]
    return ids[::2], ids[1::2]


def use(key):
    """Put a deal to the check and commit: whether it was let go, and the numbers of a refusal."""
    return _tried(CreditDeal, key, "use_credit", "within")


def grant(key):
    """Grant a limit and commit; the bound of the company is looked at last."""
    return _tried(CreditRequest, key, "activate", "company_total", as_system=True)


def _tried(model, key, move, rule, **how):
    try:
        moves.move(session.get_one(model, key), move, **how)
        session.commit()
        return True, None
    except Refusal as refusal:
        session.rollback()
        return False, [problem for problem in refusal.problems if problem.rule == rule]


def free_again():
    """Nobody has a limit any more, so that the next two race for the same bound."""
    with audit.bulk_change("the benchmark clears its table"):
        session.execute(sa.update(CreditRequest).filter_by(status="active").values(status="ended"))
    session.commit()


@contextmanager
def held():
    """How long the row of the bound is held in the block, in seconds: from its lock to the end of the commit."""
    began, spans, lock = [], [], caps._lock

    def taken(*place):
        lock(*place)
        began.append(perf_counter())

    def ended(_session, transaction):
        if transaction.parent is None and began:
            spans.append(perf_counter() - began.pop())

    sa.event.listen(session, "after_transaction_end", ended)
    with mock.patch.object(caps, "_lock", taken):
        yield spans
    sa.event.remove(session, "after_transaction_end", ended)
