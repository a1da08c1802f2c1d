"""The nightly rating of 100,000 customers: all for the first time, none changed, and one in a hundred changed.

Each customer has a filed survey, figures of three years, goods and money; one in fifty a bad record. The floor of the
first run are the same ratings, already judged, written by one ``executemany``.
Run: python benchmarks/rating.py [--sqlite] [--customers=100000] [postgresql://…]
"""

import datetime as dt
import sys
import tempfile
import time
from decimal import Decimal

import figures
import sqlalchemy as sa

from app import settle
from app.areas.credit.credit_rating import CreditRating
from app.areas.credit.credit_survey import CreditSurvey
from app.areas.credit.credit_violation import CreditViolation
from app.areas.credit.customer_financial import CustomerFinancial
from app.areas.credit.receipt import Receipt
from app.areas.credit.shipment import Shipment
from app.areas.customers.customer import Customer
from app.bootstrap import steps
from app.core import clock, moves
from app.core.db import Model, db, session
from app.core.register import registers
from app.demo import company
from app.engines.audit.models import AuditEntry
from app.engines.sweeps import operations as sweeps

CUSTOMERS, PART, ONE_IN, BAD = 100_000, 10_000, 100, 50
AT = dt.datetime(2025, 10, 10, 1, 0)
FIRST_S, LATER_S, BATCH, PER_BATCH = 120, 30, 1000, 18
YEARS = ((2022, "900000"), (2023, "1000000"), (2024, "1100000"))


def fill(number):
    """The company of A03 and its customers with everything that bears on a rating."""
    Model.metadata.create_all(db.engine)
    for step in steps.STEPS:
        steps.call(step.path)
    company.found("Plain-words-7", "A03")
    sweeps.sync()
    session.commit()
    like = session.scalars(sa.select(Customer).order_by(Customer.id)).first()
    begun = moves.begin(registers()["credit_survey"], like.unit_id)
    under = {"policy": begun.policy, "pack_version_id": begun.pack_version_id, "adopter_id": begun.adopter_id}
    whose = {"unit_id": like.unit_id, "owner_id": like.owner_id}
    first = session.scalar(sa.select(sa.func.max(Customer.id))) + 1
    for start in range(first, first + number, PART):
        keys = range(start, min(start + PART, first + number))
        for model, rows in _rows(keys, under, whose):
            session.execute(sa.insert(model.__table__), rows)
        session.commit()
    session.execute(sa.text("ANALYZE"))
    session.commit()
    return first


def _rows(keys, under, whose):
    """What is on record of some customers, by table."""
    stamp = {"created_at": clock.now(), "changed_at": clock.now(), "row_version": 1}
    case = under | whose | stamp | {"state_since": clock.now()}
    yield Customer, [
        whose | stamp | {"id": key, "customer_no": f"R{key:07}", "name": f"客户 {key}", "side": "buyer",
                         "first_deal_on": dt.date(2020 + key % 6, 1, 1)}
        for key in keys
    ]  # fmt: skip
    yield CreditSurvey, [
        case | {"customer_id": key, "status": "filed", "updated_on": dt.date(2025, 9, 1), "quarter": "2025Q3",
                "refresh_by": dt.date(2025, 12, 31), "stale": False, "key_data_complete": key % 7 > 0,
                "law_abiding": True, "survey_no": f"CS{key}"}
        for key in keys
    ]  # fmt: skip
    yield CustomerFinancial, [
        whose | stamp | {"customer_id": key, "year": year, "channel": "partner", "obtained_on": dt.date(2025, 2, 1),
                         "revenue": Decimal(revenue), "net_profit": Decimal(90000 - key % 5 * 30000),
                         "total_assets": Decimal(1000), "total_liabilities": Decimal(300 + key % 9 * 100),
                         "current_assets": Decimal(600), "current_liabilities": Decimal(400)}
        for key in keys for year, revenue in YEARS
    ]  # fmt: skip
    yield Receipt, [case | {"customer_id": key, "status": "confirmed", "received_on": dt.date(2025, 6, 1),
                            "amount": Decimal(100000), "allocated": 0, "unapplied": 0} for key in keys]  # fmt: skip
    yield Shipment, [case | {"customer_id": key, "status": "delivered", "invoice_date": dt.date(2025, 6, 1),
                             "amount": Decimal(100000), "returned_amount": 0, "paid_amount": 0, "payment": "open"}
                     for key in keys]  # fmt: skip
    yield CreditViolation, [_event(key, case) for key in keys if key % BAD == 0]


def _event(key, case):
    return case | {"customer_id": key, "kind": "bad_debt", "found_on": dt.date(2025, 3, 1), "verified": True,
                   "status": "verified"}  # fmt: skip


def run(sent):
    """One sweep: seconds, what it counted, statements sent."""
    before, began, used = len(sent), time.perf_counter(), time.process_time()
    outcome = sweeps.run("credit.ratings", clock.now())
    assert outcome.error is None, outcome
    run.used = time.process_time() - used
    return time.perf_counter() - began, outcome.counts, len(sent) - before


def written():
    """How much the ratings and their history come to; it must not change by itself."""
    ratings = session.execute(sa.select(sa.func.count(), sa.func.max(CreditRating.changed_at))).one()
    history = session.scalar(sa.select(sa.func.count()).select_from(AuditEntry))
    session.rollback()
    return tuple(ratings), history


def floor():
    """Seconds that the same rows take by ``executemany``, rolled back."""
    table = CreditRating.__table__
    rows = [dict(row) for row in session.execute(sa.select(table)).mappings()]
    session.rollback()
    for row in rows:
        del row["id"]
        row["rating_no"] = None
    began = time.perf_counter()
    session.execute(sa.insert(table), rows)
    took = time.perf_counter() - began
    session.rollback()
    return took


def changed(first, number):
    """One customer in a hundred gets a bad record."""
    like = session.scalars(sa.select(CreditViolation)).first()
    names = ("policy", "pack_version_id", "adopter_id", "unit_id", "owner_id", "created_at", "changed_at",
             "row_version", "state_since")  # fmt: skip
    case = {name: getattr(like, name) for name in names}
    keys = [key for key in range(first, first + number, ONE_IN) if key % BAD]
    session.execute(sa.insert(CreditViolation.__table__), [_event(key, case) for key in keys])
    session.commit()
    return keys


def measure(database, number):
    """Every figure on one database."""
    figures.title(f"{database.name}: {number:,} customers rated")
    with tempfile.TemporaryDirectory() as folder:
        made = figures.program(database.empty("rating"), folder)
        with made.app_context(), clock.freeze(AT):
            first = fill(number)
        settle()
        with figures.counted(made) as sent, made.app_context(), clock.freeze(AT):
            before = figures.memory("VmRSS")
            took, counts, statements = run(sent)
            more = figures.memory("VmRSS") - before
            assert counts["hit"] == counts["checked"] >= number, counts
            figures.line("the first time", took, "s", floor=floor(), limit=FIRST_S)
            _statements("its statements", statements, counts)
            figures.line("more memory kept", more, "MiB")
            figures.line("evidence of a rating", _size(), "bytes")
            stamp = written()
            again, counts, statements = run(sent)
            assert (counts["hit"], written()) == (0, stamp), counts
            figures.line("nothing changed, nothing written", again, "s", limit=LATER_S)
            _statements("its statements", statements, counts)
            keys = changed(first, number)
            little, counts, statements = run(sent)
            assert 0 < counts["hit"] <= len(keys), counts
            figures.line(f"{counts['hit']:,} changed", little, "s", limit=LATER_S)
            _statements("its statements", statements, counts)
            figures.leave()


def _statements(label, number, counts):
    figures.line("of it this processor", run.used, "s")
    figures.line(label, number, "", limit=(counts["checked"] // BATCH + 1) * PER_BATCH + 40)


def _size():
    sizes = session.scalar(sa.select(sa.func.avg(sa.func.length(sa.cast(CreditRating.evidence, sa.Text)))))
    session.rollback()
    return int(sizes)


def main():
    """Both databases, or SQLite alone."""
    number = next((int(word[12:]) for word in sys.argv if word.startswith("--customers=")), CUSTOMERS)
    with figures.databases(sys.argv[1:]) as found:
        for database in found:
            measure(database, number)
    return figures.done()


if __name__ == "__main__":
    sys.exit(main())
