"""Whatever the order of orders, shipments, receipts, reversals, limits and signatures: what is used is the sum of the
documents, and none was ever let go above what was allowed at that instant. An oracle beside reads the bare rows.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.areas.credit.over_limit_case import OverLimitCase
from app.areas.credit.receipt import Receipt
from app.areas.credit.receipt_allocation import ReceiptAllocation
from app.areas.credit.shipment import Shipment
from app.areas.customers.contract import Contract
from app.areas.customers.customer import Customer
from app.core import clock, moves, saving
from app.core.db import session
from app.core.register import registers
from app.engines.approvals import operations as approvals
from app.engines.approvals.models import Approval, ApprovalRequest
from app.engines.credit.operations import credit_of, exposure_of
from app.engines.sweeps import registry
from tests.scenarios import credit_any_order
from tests.scenarios.a10_desk import CLERK, DEALER, FINANCE, REGION, SALES, STORE, Dealer
from tests.small import DATABASES

POLICY = "A10"
USED = ("released", "shipped", "overdue", "bad_debt")
SENT = ("shipped", "overdue", "settled", "bad_debt")
OVER = ("first_over", "last_over")
ZERO = Decimal(0)
SEEDED: dict[int, Decimal] = {}
"""What shipments of earlier months had been paid when the test began."""
ACTS = (
    "order", "fill", "over", "over", "prepaid", "ship", "ship", "pay", "reverse", "sign", "sign", "sign", "refuse",
    "cap", "night", "days", "back", "void",
)  # fmt: skip
BEYOND = (
    ("fill", 0), ("over", 1), ("sign", 0), ("prepaid", 0), ("over", 2), ("sign", 0), ("over", 1), ("ship", 0),
    ("ship", 1), ("pay", 0), ("reverse", 0), ("days", 9), ("night", 0), ("fill", 1),
)  # fmt: skip
"""First and last order above the limit, money before and back."""


class Oracle:
    """The same policy once more, plainly, over the bare rows of one customer."""

    def __init__(self, customer: Customer) -> None:
        self.customer = customer

    def rows(self):
        return session.scalars(sa.select(Shipment).filter_by(customer_id=self.customer.id)).all()

    @staticmethod
    def paid(row):
        lines = sa.select(ReceiptAllocation.amount).filter_by(shipment_id=row.id)
        return sum(session.scalars(lines), ZERO)

    def owed(self, row):
        return row.amount - row.returned_amount - self.paid(row) - SEEDED.get(row.id, ZERO)

    def used(self, without=None):
        found = [row for row in self.rows() if row.status in USED and row is not without]
        return sum((self.owed(row) for row in found), ZERO)

    def limit(self):
        day = clock.today()
        window = (day - dt.timedelta(days=30), day - dt.timedelta(days=1))
        goods = sum(
            (row.amount - row.returned_amount for row in self.rows()
             if row.status in SENT and window[0] <= row.invoice_date <= window[1]
             and (row.route not in OVER or self.owed(row) <= 0)), ZERO,
        )  # fmt: skip
        cap = session.scalars(sa.select(Contract.absolute_cap).filter_by(customer_id=self.customer.id)).one()
        return goods if cap is None else min(goods, cap)

    def over_term(self):
        day = clock.today()
        return any((day - r.invoice_date).days > 30 for r in self.rows() if r.status in USED and self.owed(r) > 0)

    def slot(self):
        open_ = sa.select(OverLimitCase.stage).where(
            OverLimitCase.customer_id == self.customer.id, OverLimitCase.stage != "ended"
        )
        stages = set(session.scalars(open_))
        return "none" if stages & {"last", "defaulted"} else "last" if stages else "first"


class World(credit_any_order.World):
    """One customer and everybody who acts on its credit, inside one transaction that is never committed."""

    def __init__(self) -> None:
        customer = session.scalars(sa.select(Customer).filter_by(customer_no=DEALER)).one()
        super().__init__(dt.datetime(2025, 10, 1, 9))
        self.oracle, self.customer = Oracle(customer), customer

    def check(self):
        """What is used is the sum of the documents, and what every row says of itself is true."""
        used = self.oracle.used()
        policy = credit_of(next(iter(self.oracle.rows())))
        assert exposure_of(policy, self.oracle.rows()[0].adopter_id, self.customer.id) == used
        for row in self.oracle.rows():
            assert row.paid_amount == self.oracle.paid(row) + SEEDED.get(row.id, ZERO)
            assert self.oracle.owed(row) >= 0
            assert row.status != "settled" or self.oracle.owed(row) == 0
        for receipt in session.scalars(sa.select(Receipt).filter_by(customer_id=self.customer.id)):
            lines = session.scalars(sa.select(ReceiptAllocation.amount).filter_by(receipt_id=receipt.id))
            assert receipt.allocated == sum(lines, ZERO) <= receipt.amount

    def _some(self, pick, *states):
        found = [row for row in self.oracle.rows() if row.status in states]
        return found[pick % len(found)] if found else None

    def _allowed(self, row, used, limit, slot, left=ZERO):
        """Whether the document may be let go the way it was, by the oracle's own numbers."""
        if row.route == "within":
            assert used + row.amount <= limit
        elif row.route in OVER:
            assert used + row.amount <= limit or (3 * row.amount < limit and slot == row.route.split("_")[0])
        else:
            assert row.route == "prepaid"
            assert row.amount <= left
        self.let_go[row.route] += 1

    def _order(self, number, _pick, amount=None, **more):
        amount = amount or Decimal(f"{number * 17}.{number % 100:02}")
        told = {"customer_id": self.customer.id, "amount": str(amount), "goods": "空调"} | more
        with self.by(CLERK):
            row = saving.create(registers()["shipment"], told).record
            used, limit, slot, late = (self.oracle.used(), self.oracle.limit(), self.oracle.slot(),
                                       self.oracle.over_term())  # fmt: skip
            moves.move(row, "submit")
        if row.status == "released":
            assert not late
            self._allowed(row, used, limit, slot)
        elif row.status == "waiting":
            assert used + row.amount > limit
            assert 3 * row.amount < limit

    def _fill(self, number, pick):
        """To the last cent of what is free, or one cent more."""
        free = self.oracle.limit() - self.oracle.used() + Decimal(pick % 2) / 100
        self._order(number, pick, max(free, Decimal("0.01")))

    def _over(self, number, pick):
        """Just below a third of the limit, or the third itself."""
        third = (self.oracle.limit() / 3).quantize(Decimal("0.01")) - pick % 3
        self._order(number, pick, max(third, Decimal("0.01")), over_reason="备货")

    def _prepaid(self, number, _pick):
        money = self._money(number, keep="预付")
        left = money.unapplied
        plan = {"customer_id": self.customer.id, "reason": "over_limit", "total": "5", "instalments": "2025-12-01 5",
                "made_on": "2025-10-01", "made_by": "顾"}  # fmt: skip
        with self.by(CLERK):
            plan_id = saving.create(registers()["payment_plan"], plan).record.id
            told = {"customer_id": self.customer.id, "amount": str(left), "goods": "空调",
                    "remittance_id": money.id, "payment_plan_id": plan_id}  # fmt: skip
            row = saving.create(registers()["shipment"], told).record
            moves.move(row, "submit")
        if row.status == "checking":
            with self.by(FINANCE):
                moves.move(row, "release_paid")
            self._allowed(row, ZERO, ZERO, "", left)

    def _ship(self, _number, pick):
        if row := self._some(pick, "released"):
            with self.by(STORE):
                moves.move(row, "ship")

    def _money(self, number, keep=None, most=None):
        came = Decimal(f"{number * 23}.{number % 100:02}")
        told = {"customer_id": self.customer.id, "amount": str(min(came, most or came)), "method": "cash",
                "received_on": clock.today().isoformat(), "prepayment_for": keep}  # fmt: skip
        with self.by(FINANCE):
            row = saving.create(registers()["receipt"], told).record
            moves.move(row, "confirm")
        return row

    def _pay(self, number, _pick):
        used = self.oracle.used()
        self._money(number, None if used else "DD-0", used)

    def _reverse(self, _number, pick):
        found = session.scalars(sa.select(Receipt).filter_by(status="confirmed").order_by(Receipt.id)).all()
        if found:
            with self.by(FINANCE):
                moves.move(found[pick % len(found)], "reverse", reason="退票")

    def _sign(self, _number, pick):
        row = self._some(pick, "waiting")
        if row is None:
            return
        waiting = sa.select(Approval.id).join(ApprovalRequest, ApprovalRequest.id == Approval.request_id).where(
            ApprovalRequest.of_register == "shipment", ApprovalRequest.record_id == row.id, Approval.status == "open"
        )
        for who in (REGION, SALES):
            step = session.scalars(waiting).first()
            if step is None or row.status != "waiting":
                return
            used, limit, slot = self.oracle.used(), self.oracle.limit(), self.oracle.slot()
            with self.by(who):
                approvals.decide(step, "approve", comment="同意")
            if row.status == "released":
                self._allowed(row, used, limit, slot)

    def _refuse(self, _number, pick):
        row = self._some(pick, "waiting")
        if row is not None and row.route == "first_over":
            with self.by(REGION):
                moves.move(row, "refuse_first", reason="不同意")

    def _cap(self, number, pick):
        contract = session.scalars(sa.select(Contract).filter_by(customer_id=self.customer.id)).one()
        contract.absolute_cap = None if pick < 3 else Decimal(number * 40)
        session.flush()

    def _night(self, _number, _pick):
        for name in ("credit.ageing", "credit.month_end", "credit.episodes", "credit.expiry"):
            for _batch in registry.get(name).batches(clock.now()):
                session.flush()

    def _days(self, _number, pick):
        self.at += dt.timedelta(days=pick)

    def _back(self, number, pick):
        """Goods come back: what is owed falls."""
        if row := self._some(pick, "shipped", "overdue"):
            with self.by(FINANCE):
                saving.update(row, {"returned_amount": str(min(Decimal(number), self.oracle.owed(row)))}, None)

    def _void(self, _number, pick):
        if row := self._some(pick, "released", "draft"):
            with self.by(CLERK):
                moves.move(row, "void", reason="客户取消")


def live_through(portal, sign_in, **how):
    """Let a dealer's account live through many orders of things; how often something was let go, by its way."""
    Dealer(portal, sign_in).dealer()

    def world():
        SEEDED.update(session.execute(sa.select(Shipment.id, Shipment.paid_amount)).all())
        return World()

    return credit_any_order.live_through(portal, world, ACTS, BEYOND, **how)


@pytest.mark.parametrize("portal", DATABASES, indirect=True)
def test_what_is_used_is_the_sum_and_nothing_passes_the_limit(portal, sign_in):
    let_go = live_through(portal, sign_in)
    assert set(let_go) == {"within", "prepaid", "first_over", "last_over"}


@pytest.mark.slow
@pytest.mark.parametrize("portal", DATABASES, indirect=True)
def test_the_same_in_many_tries(portal, sign_in):
    let_go = live_through(portal, sign_in, **credit_any_order.MANY)
    assert set(let_go) == {"within", "prepaid", "first_over", "last_over"}
