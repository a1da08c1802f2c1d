"""A unit's monthly statistics among 100,000 cases, beside the same figures by one statement written by hand.

100,000 cases of four policies over two years, 40,000 of them the unit's own, each with its clock. Counted and listed
are those of one month as the sweep keeps them.
Run: python benchmarks/reports.py [--sqlite] [postgresql://…]
"""

import datetime as dt
import sys
import tempfile

import figures
import sqlalchemy as sa

from app.areas.complaints.complaint import Complaint
from app.areas.complaints.complaint_pcb import ComplaintPcb
from app.bootstrap import steps
from app.core import clock
from app.core.access import SYSTEM
from app.core.db import Model, db, session
from app.demo import company
from app.engines.deadlines.models import DeadlineClock
from app.engines.deadlines.periods import Period
from app.engines.people.models import OrgUnit
from app.engines.policy.models import PackVersion
from app.engines.policy.versions import pack_for
from app.engines.reports import snapshots

CASES, DAYS, ROUNDS = 100_000, 730, 7
POLICIES = ("B02", "B02", "A08", "A14", "B05")
AT = dt.datetime(2025, 10, 1, 0, 10)
MONTH = Period("2025-09", dt.date(2025, 9, 1), dt.date(2025, 9, 30))
BY_HAND = """
WITH mine AS (
  SELECT c.*, max(CASE WHEN closed_at >= :first AND closed_at < :after THEN id END) OVER (PARTITION BY case_no) AS last
  FROM complaint c WHERE policy = 'B02' AND adopter_id = :unit
)
SELECT responsible_unit_id, category, market,
  count(CASE WHEN id = last THEN 1 END), count(CASE WHEN id = last AND founded THEN 1 END),
  sum(CASE WHEN id = last THEN claimed_amount END), sum(CASE WHEN id = last THEN decided_amount END),
  count(CASE WHEN accepted_at >= :first AND accepted_at < :after AND version = 1 THEN 1 END),
  count(CASE WHEN accepted_at < :after AND (closed_at IS NULL OR closed_at >= :after) THEN 1 END),
  count(CASE WHEN id = last AND needs_tracking THEN 1 END)
FROM mine GROUP BY responsible_unit_id, category, market
"""


def fill():
    """The company, cases evenly over two years that close after ten days, and the closing clock of each."""
    with clock.freeze(AT - dt.timedelta(days=DAYS)):
        Model.metadata.create_all(db.engine)
        for step in steps.STEPS:
            steps.call(step.path)
        company.found("Plain-words-7", "B02")
        session.commit()
    unit = dict(session.execute(sa.select(OrgUnit.code, OrgUnit.id)).all())
    pack = session.scalars(sa.select(PackVersion.id).where(PackVersion.code == "B02")).one()
    customer = session.scalar(sa.text("SELECT min(id) FROM customer"))
    rows = [case(n, unit, pack, customer) for n in range(1, CASES + 1)]
    session.execute(sa.insert(Complaint), rows)
    session.execute(sa.insert(ComplaintPcb), [{"id": row["id"], "qc_cause": "回温不足"} for row in rows])
    session.execute(sa.insert(DeadlineClock), [closing(row) for row in rows])
    session.commit()
    session.execute(sa.text("ANALYZE"))
    session.commit()


def case(n, unit, pack, customer):
    """The n-th case: every fifth is of the same policy or unit, the last ten days' are open."""
    policy = POLICIES[n % len(POLICIES)]
    begun = clock.from_local(AT - dt.timedelta(days=DAYS) + dt.timedelta(minutes=n * DAYS * 24 * 60 / CASES))
    closed = begun + dt.timedelta(days=10)
    number = f"{n:07}"
    return {
        "id": n, "unit_id": unit["HX-SA"], "policy": policy, "pack_version_id": pack,
        "adopter_id": unit["HX"] if policy == "B02" else unit["HX-QC"], "customer_id": customer, "title": "爆板",
        "case_no": number, "number": number, "market": ("domestic", "overseas")[n % 7 == 0], "accepted_at": begun,
        "category": ("quality", "non_quality", None)[n % 3], "responsible_unit_id": unit[("HX-M1", "HX-M2")[n % 2]],
        "claimed_amount": n % 9000, "decided_amount": n % 8000, "founded": n % 5 > 0, "needs_tracking": n % 4 == 0,
        "closed_at": closed if closed < clock.from_local(AT) else None,
        "status": "closed" if closed < clock.from_local(AT) else "qc",
    }  # fmt: skip


def closing(row):
    """The closing clock of a case; one in nine was late."""
    late, due = row["id"] % 9 == 0, row["accepted_at"] + dt.timedelta(days=12)
    stopped = row["closed_at"]
    return {
        "of_register": "complaint", "record_id": row["id"], "key": "B02.case", "words": {"zh": "时限", "en": "Limit"},
        "pack_version_id": row["pack_version_id"], "adopter_id": row["adopter_id"], "tone": "red", "state": "qc",
        "status": "running" if stopped is None else "late_met" if late else "met", "unit_id": row["unit_id"],
        "post": "B02.case_control", "started_at": row["accepted_at"], "due_at": due, "first_due_at": due,
        "breached_at": due if late and stopped else None, "stopped_at": stopped, "calendar": "CN", "adjustments": [],
        "provisional": False, "level": 0,
    }  # fmt: skip


def measure(database):
    """Rounds of ours and the floor in turn on one database."""
    with tempfile.TemporaryDirectory() as folder:
        app = figures.program(database.empty("seed"), folder)
        with app.app_context():
            fill()
            figures.leave()
        with figures.counted(app) as sent, app.app_context(), clock.freeze(AT):
            unit = session.scalar(sa.select(OrgUnit.id).filter_by(code="HX"))
            pack = pack_for(session.scalar(sa.select(PackVersion.id).where(PackVersion.code == "B02")))
            rounds = []
            for _ in range(ROUNDS):
                sent.clear()
                took = figures.timed(lambda: kept.append(snapshots.figures(pack, KEY, MONTH, unit, SYSTEM)))
                executions, found = len(sent), kept.pop()
                rounds.append((took * 1000, figures.timed(lambda: by_hand(unit)) * 1000, executions))
            figures.leave()
    took, floor, executions = map(min, zip(*rounds, strict=True))
    counted = found.totals["figures"]["measures"]
    assert int(counted["closed"]) == len(found.lines) > 1000, counted
    figures.title(f"{database.name}: statistics of a month among {CASES:,} cases, {len(found.lines):,} rows kept")
    figures.line(f"counted and listed, best of {ROUNDS}", took, floor=floor, limit=2000)
    figures.line("statements", executions, "")


KEY, kept = "monthly_statistics", []


def by_hand(unit):
    """The same figures by one statement; the clocks are left out."""
    given = {"first": clock.from_local(dt.datetime(2025, 9, 1)), "after": clock.from_local(dt.datetime(2025, 10, 1))}
    times = [sa.bindparam(name, type_=Complaint.closed_at.type) for name in given]
    session.execute(sa.text(BY_HAND).bindparams(*times), given | {"unit": unit}).all()


def main():
    with figures.databases(sys.argv[1:]) as found:
        for database in found:
            measure(database)
    return figures.done()


if __name__ == "__main__":
    sys.exit(main())
