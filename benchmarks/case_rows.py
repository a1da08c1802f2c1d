"""The company, its people and the 100,000 cases of all policies that ``case.py`` measures over."""

import datetime as dt
from decimal import Decimal

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.areas.complaints.complaint import Complaint
from app.areas.customers.customer import Customer
from app.areas.visits.visit import Visit
from app.bootstrap import steps
from app.core import clock
from app.core.db import Model, db, session
from app.core.register import registers
from app.core.scope import Participation
from app.demo import company
from app.engines.deadlines.models import DeadlineClock
from app.engines.people import operations as people
from app.engines.people.models import Employee, OrgUnit
from app.engines.policy import stages
from app.engines.policy.models import PackVersion, PolicyAdoption
from app.engines.policy.versions import pack_for
from app.screens import dashboard_counts as counts

CASES, DAYS, VISITS_EACH, OPEN_EACH, LATE_EACH = 100_000, 730, 4, 10, 20
PASSWORD, AT = "Plain-words-7", dt.datetime(2025, 10, 10, 9, 0)
NOW = clock.from_local(AT)


def found():
    """The companies of all policies, and somebody who reads the cases of all of them."""
    Model.metadata.create_all(db.engine)
    for step in steps.STEPS:
        steps.call(step.path)
    company.found(PASSWORD)
    top = session.scalars(sa.select(OrgUnit).where(OrgUnit.code == "HX")).one()
    account = Employee.account_id == User.id
    head = session.scalars(sa.select(Employee).join(User, account).where(User.username == "hepeishan")).one()
    people.give(head, "case_coordinator", top, scope="all")
    session.commit()


def fill():
    """Cases of all policies evenly over two years: one in ten is open, one in twenty of these late."""
    kinds = [Kind(version, adopter) for version, adopter in _adopted()]
    customer = session.scalar(sa.select(sa.func.min(Customer.id)))
    for first in range(1, CASES + 1, 10_000):
        rows = [kinds[n % len(kinds)].case(n, customer) for n in range(first, min(first + 10_000, CASES + 1))]
        session.execute(sa.insert(Complaint), rows)
        for kind in kinds:
            kind.keep_details([row for row in rows if row["policy"] == kind.pack.code])
        session.execute(sa.insert(Participation), [sent for row in rows for sent in sent_to(row, kinds)])
        session.execute(sa.insert(DeadlineClock), [closing(row) for row in rows])
        visits = [visit(row) for row in rows if row["closed_at"] and row["id"] % VISITS_EACH == 0]
        session.execute(sa.insert(Visit), visits)
    if db.engine.dialect.name == "postgresql":  # rows that brought their keys leave the sequence behind
        session.execute(sa.text("SELECT setval(pg_get_serial_sequence('complaint', 'id'), max(id)) FROM complaint"))
    session.commit()
    session.execute(sa.text("ANALYZE"))
    session.commit()


def _adopted():
    """The newest version of each policy that has complaints, with the unit that works by it."""
    adopters = dict(session.execute(sa.select(PolicyAdoption.policy, PolicyAdoption.unit_id)).all())
    rows = session.execute(sa.select(PackVersion.code, sa.func.min(PackVersion.id)).group_by(PackVersion.code))
    known = [(code, version) for code, version in rows if code in adopters]
    return [(version, adopters[code]) for code, version in known if "complaint" in pack_for(version).cases]


class Kind:
    """One policy: its states, its units, and the classes it sorts by."""

    def __init__(self, version, adopter):
        self.version, self.adopter, self.pack = version, adopter, pack_for(version)
        path = session.scalar(sa.select(OrgUnit.path).where(OrgUnit.id == adopter))
        self.units = list(session.scalars(sa.select(OrgUnit.id).where(OrgUnit.path.startswith(path))))
        life = stages.lifecycles("complaint")[version]
        self.open = [key for key, state in life.states.items() if not state.final]
        self.final = next(key for key, state in life.states.items() if state.final)
        self.detail = registers().get(self.pack.cases["complaint"].detail or "")
        self.name = counts.class_field(self.pack)
        spec = self.detail.fields.get(self.name) if self.detail else None
        self.classes = [*spec.choices] if spec is not None else []

    def case(self, n, customer):
        """The n-th case of all."""
        begun = NOW - dt.timedelta(days=DAYS) + dt.timedelta(minutes=n * DAYS * 24 * 60 / CASES)
        running = n // 7 % OPEN_EACH == 0
        return {
            "id": n, "unit_id": self.units[n % len(self.units)], "policy": self.pack.code,
            "pack_version_id": self.version, "adopter_id": self.adopter, "customer_id": customer,
            "title": f"投诉 {n}", "case_no": f"K{n:07}", "number": f"K{n:07}", "accepted_at": begun,
            "content": "来电反映收到的货与订单不符，要求更换并说明原因。" * 6, "claimed_amount": Decimal(n % 9000),
            "category": ("quality", "non_quality", None)[n % 3],
            "responsible_unit_id": self.units[n // 3 % len(self.units)] if n % 4 else None,
            "closed_at": None if running else min(begun + dt.timedelta(hours=24 * (n % 17) + 5), NOW),
            "status": self.open[n % len(self.open)] if running else self.final,
        }  # fmt: skip

    def keep_details(self, rows):
        """The fields that the policy adds."""
        if self.detail and rows:
            classes = self.classes or [None]
            named = {self.name} & set(self.detail.fields)
            own = [{"id": row["id"]} | dict.fromkeys(named, classes[row["id"] % len(classes)]) for row in rows]
            session.execute(sa.insert(self.detail.model), own)


def sent_to(row, kinds):
    """Two units of its company have seen each case."""
    units = kinds[row["id"] % len(kinds)].units
    for n in (1, 2):
        yield {"register": "complaint", "record_id": row["id"], "unit_id": units[(row["id"] + n) % len(units)]}


def closing(row):
    """The closing clock of a case."""
    stopped, late = row["closed_at"], row["id"] // 70 % LATE_EACH == 0
    due = row["accepted_at"] + dt.timedelta(days=20) if stopped else NOW + dt.timedelta(days=-2 if late else 9)
    return {
        "of_register": "complaint", "record_id": row["id"], "key": f"{row['policy']}.case",
        "words": {"zh": "时限", "en": "Limit"}, "pack_version_id": row["pack_version_id"], "tone": "red",
        "adopter_id": row["adopter_id"], "state": row["status"], "status": "met" if stopped else "running",
        "unit_id": row["unit_id"], "started_at": row["accepted_at"], "due_at": due, "first_due_at": due,
        "stopped_at": stopped, "calendar": "CN", "adjustments": [], "provisional": False, "level": 0,
    }  # fmt: skip


def visit(row):
    """A visit after closing; half of them are answered in four steps."""
    n = row["id"] // VISITS_EACH
    return {
        "visit_no": f"V{n:06}", "kind": "return_visit", "complaint_id": row["id"], "unit_id": row["unit_id"],
        "policy": row["policy"], "pack_version_id": row["pack_version_id"], "adopter_id": row["adopter_id"],
        "status": "made", "visited_at": row["closed_at"], "satisfied": n % 9 > 0,
        "rating": ("very", "yes", "fair", "no")[n % 4] if n % 2 else None,
    }  # fmt: skip
