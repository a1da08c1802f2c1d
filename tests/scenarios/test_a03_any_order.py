"""Whatever the order of deals, settlements, limits, ratings, holds and approvals: what is used is the sum of the deals,
and none was ever let go above what was allowed at that instant. An oracle beside reads the bare rows.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.areas.credit.credit_deal import CreditDeal
from app.areas.credit.credit_hold import CreditHold
from app.areas.credit.credit_rating import CreditRating
from app.areas.credit.credit_request import CreditRequest
from app.core import clock, moves, saving
from app.core.db import session
from app.core.register import registers
from app.engines.approvals import operations as approvals
from app.engines.approvals.models import Approval, ApprovalRequest
from app.engines.credit.operations import credit_of, exposure_of
from app.engines.sweeps import registry
from tests.scenarios import credit_any_order
from tests.scenarios.a03_desk import CFO, CHAIRMAN, CONTROLLER, FINANCE, GM, MANAGER, SALES, VP, Credit, day
from tests.small import DATABASES

POLICY = "A03"
ZERO, CAP = Decimal(0), Decimal(250000)
BEGIN = dt.datetime(2025, 10, 9, 9)
ACTS = ("deal", "deal", "fill", "fill", "above", "above", "sign", "sign", "sign", "settle", "settle", "part", "limit",
        "rate", "hold", "release", "release", "night", "days", "raise_amount")  # fmt: skip
STATIONS = {"credit_deal": (MANAGER, VP, CFO, GM), "credit_request": (VP, CFO, GM, CHAIRMAN)}
FULL = (
    ("fill", 0), ("above", 1), ("sign", 0), ("part", 3), ("raise_amount", 0), ("settle", 0), ("limit", 2), ("hold", 0),
    ("deal", 0), ("release", 0), ("deal", 0), ("limit", 5), ("rate", 2), ("days", 9), ("night", 0), ("fill", 1),
)  # fmt: skip
"""To the cent, above it with four signatures, settled in part and taken back, limits, a hold, another class."""


class Oracle:
    """The same policy once more, plainly, over the bare rows."""

    def __init__(self, group: list[int], adopter: int) -> None:
        self.group, self.adopter = group, adopter

    def deals(self, *states):
        found = sa.select(CreditDeal).where(CreditDeal.customer_id.in_(self.group)).order_by(CreditDeal.id)
        return [row for row in session.scalars(found) if not states or row.status in states]

    def used(self, without=None):
        rows = [row for row in self.deals("open", "overdue") if row is not without]
        return sum((row.amount - row.settled_amount for row in rows), ZERO)

    def line(self):
        now = clock.today()
        rows = session.scalars(sa.select(CreditRequest).order_by(CreditRequest.id))
        found = [row for row in rows if row.customer_id in self.group and row.status == "active"
                 and row.valid_from <= now <= row.valid_to]  # fmt: skip
        return found[-1] if found else None

    def granted(self):
        return sum((row.approved_limit for row in session.scalars(sa.select(CreditRequest).filter_by(status="active"))),
                   ZERO)  # fmt: skip

    def held(self):
        rows = session.scalars(sa.select(CreditHold).filter_by(status="held", kind="hold"))
        return any(row.customer_id in self.group for row in rows)

    def credit_class(self, customer):
        rows = session.scalars(sa.select(CreditRating).filter_by(customer_id=customer, status="approved"))
        return [row.final_class for row in rows][-1]

    def unsettled(self, without):
        strict = self.line().kind == "temporary"
        return [
            row for row in self.deals("open", "overdue") if row is not without
            and (strict or row.status == "overdue" or (row.due_at and row.due_at < clock.now()))
        ]  # fmt: skip


class World(credit_any_order.World):
    """A head and a member of its group, and everybody who acts on their credit, in a transaction never committed."""

    def __init__(self, customers: tuple[int, int]) -> None:
        super().__init__(BEGIN)
        self.customers = customers
        like = session.scalars(sa.select(CreditRating)).first()
        self.oracle = Oracle(list(customers), like.adopter_id)
        self.policy = credit_of(like)

    def check(self):
        """What is used is the sum of the deals, whoever of the group is asked; all limits stay within the bound."""
        used = self.oracle.used()
        for customer in self.customers:
            assert exposure_of(self.policy, self.oracle.adopter, customer) == used
        for row in self.oracle.deals():
            assert row.outstanding == row.amount - row.settled_amount or row.status in ("draft", "dropped")
            assert 0 <= row.settled_amount <= row.amount
        assert self.oracle.granted() <= CAP

    def _some(self, pick, *states):
        found = self.oracle.deals(*states)
        return found[pick % len(found)] if found else None

    def _allowed(self, row, used, line, *, above=False):
        """Whether a deal may be let go now, by the oracle's own numbers."""
        assert not self.oracle.held()
        assert self.oracle.credit_class(row.customer_id) != "c"
        assert line is not None
        if not above:
            assert used + row.amount <= line.approved_limit
            assert not self.oracle.unsettled(row)
        self.let_go[row.route] += 1

    def _deal(self, number, pick, amount=None, key="use_credit", **values):
        told = {"customer_id": self.customers[pick % 2], "kind": ("credit_sale", "prepayment")[pick % 2],
                "amount": str(amount or Decimal(f"{number * 3}.{number % 100:02}")),
                "started_on": clock.today().isoformat()}  # fmt: skip
        with self.by(SALES):
            row = saving.create(registers()["credit_deal"], told).record
            used, line = self.oracle.used(), self.oracle.line()
            moves.move(row, key, values=values)
        if row.status == "open":
            self._allowed(row, used, line)
        return row

    def _fill(self, number, pick):
        """To the last cent of what is free, or one cent more."""
        line = self.oracle.line()
        free = (line.approved_limit if line else ZERO) - self.oracle.used() + Decimal(pick % 2) / 100
        self._deal(number, pick, max(free, Decimal("0.01")))

    def _above(self, number, pick):
        """Asked for because it passes the limit, or because an earlier one is open."""
        row = self._deal(number, pick, Decimal(number * 20), key="ask_over_limit", over_reason="急单")
        line = self.oracle.line()
        assert self.oracle.used() + row.amount > line.approved_limit or self.oracle.unsettled(row)

    def _signed(self, slug, row):
        waiting = sa.select(Approval.id).join(ApprovalRequest, ApprovalRequest.id == Approval.request_id).where(
            ApprovalRequest.of_register == slug, ApprovalRequest.record_id == row.id, Approval.status == "open"
        )
        for who in STATIONS[slug]:
            if (step := session.scalars(waiting).first()) is None:
                return
            with self.by(who):
                approvals.decide(step, "approve", comment="同意")

    def _sign(self, _number, pick):
        row = self._some(pick, "over_limit")
        if row is None:
            return
        used, line, asked = self.oracle.used(), self.oracle.line(), row.excess
        self._signed("credit_deal", row)
        if row.status == "open":
            self._allowed(row, used, line, above=True)
            assert max(used + row.amount - line.approved_limit, ZERO) <= asked

    def _settle(self, _number, pick):
        if row := self._some(pick, "open", "overdue"):
            with self.by(FINANCE):
                done = {"settled_on": max(clock.today(), row.started_on).isoformat()}
                moves.move(row, "settle", values={"settled_on": dt.date.fromisoformat(done["settled_on"])}
                           | ({"accepted_on": clock.today()} if row.kind == "prepayment" else {}))  # fmt: skip

    def _part(self, number, pick):
        """Money or goods of a part come in, or what was booked is taken back."""
        if row := self._some(pick, "open", "overdue"):
            with self.by(FINANCE):
                saving.update(row, {"settled_amount": str(min(Decimal(number), row.amount))}, None)

    def _raise_amount(self, _number, pick):
        """What was booked as settled is taken back whole: it was granted before, so it is let."""
        if row := self._some(pick, "open", "overdue"):
            with self.by(FINANCE):
                saving.update(row, {"settled_amount": "0"}, None)
            assert row.settled_amount == 0

    def _limit(self, number, pick):
        told = {"purpose": "request", "customer_id": self.customers[pick % 2], "direction": "credit_sale",
                "kind": ("temporary", "long_term")[pick % 3 % 2], "reason": "旺季", "reduction_plan": "每季减一成",
                "requested_limit": str(number * (pick + 1))}  # fmt: skip
        with self.by(MANAGER):
            row = saving.create(registers()["credit_request"], told).record
            moves.move(row, "submit")
        self._signed("credit_request", row)
        if row.status == "active":
            self.let_go["limit"] += 1

    def _rate(self, _number, pick):
        customer = self.customers[pick % 2]
        row = session.scalars(sa.select(CreditRating).filter_by(customer_id=customer, status="approved")).one()
        row.final_class = "c" if pick == 2 else "ab"[pick % 2]
        session.flush()

    def _hold(self, _number, pick):
        told = {"kind": "hold", "customer_id": self.customers[pick % 2], "reason": "支票退票"}
        with self.by(CONTROLLER):
            saving.create(registers()["credit_hold"], told)

    def _release(self, _number, pick):
        found = session.scalars(sa.select(CreditHold).filter_by(status="held").order_by(CreditHold.id)).all()
        if found:
            with self.by(CFO):
                moves.move(found[pick % len(found)], "release", reason="已补款")

    def _night(self, _number, _pick):
        for name in ("credit.deals", "credit.lines"):
            for _batch in registry.get(name).batches(clock.now()):
                session.flush()

    def _days(self, _number, pick):
        self.at += dt.timedelta(days=pick)


def live_through(portal, sign_in, **how):
    """Let a group's account live through many orders of things; how often something was let go, by its way."""
    credit = Credit(sign_in, portal)
    pair = credit.one, credit.two
    for customer in pair:
        credit.good(customer)
        credit.surveyed(customer, refresh="2027-12-31")
        credit.rated(customer, "a")
        credit.moved("receipt", customer, 12, "90000")
        credit.moved("shipment", customer, 12, "90000")
        credit.known(customer, owner_id=credit.people["徐倩"])
    credit.known(credit.two, group_head_id=credit.one)
    credit.line(credit.one, "50000", valid_to=day("2026-12-31"))
    credit.setting("base_year_cap", str(CAP))
    return credit_any_order.live_through(portal, lambda: World(pair), ACTS, FULL, **how)


@pytest.mark.parametrize("portal", DATABASES, indirect=True)
def test_what_is_used_is_the_sum_and_nothing_passes_the_limit(portal, sign_in):
    assert set(live_through(portal, sign_in)) == {"within", "above", "limit"}


@pytest.mark.slow
@pytest.mark.parametrize("portal", DATABASES, indirect=True)
def test_the_same_in_many_tries(portal, sign_in):
    let_go = live_through(portal, sign_in, **credit_any_order.MANY)
    assert set(let_go) == {"within", "above", "limit"}
