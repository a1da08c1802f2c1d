"""Dealers of A10 for ``credit.py``: customers with a contract, their papers and credit for one of two orders each."""

import datetime as dt
from decimal import Decimal

import sqlalchemy as sa

from app.areas.credit.shipment import Shipment
from app.areas.customers.contract import Contract
from app.areas.customers.customer import Customer
from app.bootstrap import steps
from app.core import clock, moves
from app.core.attachments import Attachment
from app.core.db import Model, db, session
from app.core.register import registers
from app.demo import company

PASSWORD = "Plain-words-7"
BASE = Decimal("100000.00")


def fill(made, number):
    """The company of A10 and as many customers with credit for one of two orders each; answers their ids."""
    with made.app_context():
        Model.metadata.create_all(db.engine)
        for step in steps.STEPS:
            steps.call(step.path)
        for code in ("A10", "A03"):
            company.found(PASSWORD, code)
        like = session.scalars(sa.select(Customer).filter_by(customer_no="GD0001")).one()
        found = [_customer(n, like) for n in range(number)]
        session.commit()
        session.execute(sa.text("ANALYZE"))
        session.commit()
        keys = [customer.id for customer in found]
        session.remove()
        db.engine.dispose()
    return keys


def _customer(n, like):
    customer = Customer(customer_no=f"BENCH{n:05}", name=f"经销商 {n}", unit_id=like.unit_id, owner_id=like.owner_id)
    session.add(customer)
    session.flush()
    begun = moves.begin(registers()["contract"], customer.unit_id)
    under = {"policy": begun.policy, "pack_version_id": begun.pack_version_id, "adopter_id": begun.adopter_id}
    whose = {"unit_id": customer.unit_id, "owner_id": customer.owner_id}
    day = clock.today()
    contract = Contract(
        customer_id=customer.id, contract_type="distribution", valid_from=day - dt.timedelta(days=99), status="signed",
        valid_to=day + dt.timedelta(days=99), contract_no=f"B{n}", **under, **whose,
    )  # fmt: skip
    session.add(contract)
    session.flush()
    _paper("customer", customer.id, "opener_id_copy")
    _paper("contract", contract.id, "settlement_terms")
    session.add(Shipment(
        customer_id=customer.id, invoice_date=day - dt.timedelta(days=3), amount=BASE, paid_amount=BASE, payment="paid",
        status="settled", route="within", shipment_no=f"B{n}", **under, **whose,
    ))  # fmt: skip
    return customer


def _paper(register, key, field):
    session.add(Attachment(
        register=register, record_id=key, field=field, name="文件.pdf", size=9, media_type="application/pdf",
        sha256="0" * 64, storage_key=f"{register[:8]}{key}{field}"[:32],
    ))  # fmt: skip


def debts(customer, number):
    """Open documents of a customer."""
    like = session.scalars(sa.select(Shipment).filter_by(customer_id=customer)).first()
    names = ("customer_id", "unit_id", "owner_id", "policy", "pack_version_id", "adopter_id", "route")
    row = {name: getattr(like, name) for name in names} | {
        "amount": Decimal("9.00"), "invoice_date": clock.today() - dt.timedelta(days=5), "status": "shipped",
    }  # fmt: skip
    session.execute(sa.insert(Shipment), [row | {"shipment_no": f"D{customer}-{n}"} for n in range(number)])
    session.commit()
    session.execute(sa.text("ANALYZE shipment"))
    session.commit()
