"""A case: opening it with its clocks, its page, and the dashboard over 100,000 cases of all policies.

Opening goes through the operation and over HTTP, beside the same rows by plain inserts in one transaction; the page
stands beside the profile, a signed-in page with next to nothing on it; the charts beside a bare count of the rows.
Run: python benchmarks/case.py [--sqlite] [--cpu] [postgresql://…]; --cpu shows the processor's time of this process.
"""

import datetime as dt
import sys
import tempfile
import time
from decimal import Decimal

import figures
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app import settle
from app.areas.complaints.complaint import Complaint
from app.areas.customers.customer import Customer
from app.areas.visits.visit import Visit
from app.bootstrap import steps
from app.core import actor, clock, moves, saving
from app.core.db import Model, db, session
from app.core.register import registers
from app.core.scope import Participation
from app.demo import company
from app.engines.audit import operations as audit
from app.engines.deadlines.models import DeadlineClock
from app.engines.people import operations as people
from app.engines.people.models import Employee, OrgUnit
from app.engines.policy import stages
from app.engines.policy.models import PackVersion, PolicyAdoption
from app.engines.policy.versions import pack_for
from app.screens import dashboard_charts as charts
from app.screens import dashboard_counts as counts

CASES, DAYS, VISITS_EACH, OPEN_EACH, LATE_EACH = 100_000, 730, 4, 10, 20
ROUNDS, CALLS, OPENED = 5, 5, 30
PASSWORD, AT = "Plain-words-7", dt.datetime(2025, 10, 10, 9, 0)
NOW = clock.from_local(AT)
FEW, MANY = 5, 200
EXPORTED = "Exported to Excel: %(rows)s rows"
SINCE = "2023-10"  # a period that holds every case
BODY = {
    "title": "爆板分层", "market": "domestic", "claimed_amount": "98000.00", "order_no": "PO1", "part_no": "HD10",
    "product": "HDI", "shipped_on": "2025-08-20", "shipped_qty": 3200, "defective_qty": 46, "abnormality": "分层",
    "customer_demand": ["claim"], "demand_text": "赔偿", "sample_attached": True, "sales_note": "附样品",
    "complaint_reason": "回流后分层",
}
LIMITS = {"operation": 30, "http": 70, "page": 60, "shell": 60, "chart": 200}
# Figures of PostgreSQL may be half as large again.
ALLOWED = {"SQLite": 1.0, "PostgreSQL": 1.5}


# -- rows --------------------------------------------------------------------------------------------------------------


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


def timed(work):
    """Seconds that a call takes, by the clock or of the processor."""
    read = time.process_time if "--cpu" in sys.argv else time.perf_counter
    began = read()
    work()
    return read() - began


# -- opening a case ----------------------------------------------------------------------------------------------------


def opened_by_operation(body):
    """A complaint from the form to case control, its clocks running."""
    record = saving.create(registers()["complaint"], body).record
    moves.move(record, "submit")
    session.commit()
    return record.id


def written(before):
    """The rows that opening one case left behind, table by table in the order of their keys."""
    found = []
    for table in Model.metadata.sorted_tables:
        key = table.c.get("id")
        if key is not None and isinstance(key.type, sa.Integer) and table.name in before:
            rows = session.execute(sa.select(table).where(key > before[table.name])).mappings().all()
            found += [(table, [dict(row) for row in rows])] if rows else []
    return found


def highest():
    """The highest key of each table."""
    tables = (t for t in Model.metadata.sorted_tables if "id" in t.c and isinstance(t.c.id.type, sa.Integer))
    return {table.name: session.scalar(sa.select(sa.func.max(table.c.id))) or 0 for table in tables}


def floor_of_opening(body):
    """Seconds that the same rows take by plain inserts in one transaction; they are rolled back."""
    before = highest()
    opened_by_operation(body)
    rows = [(table, [fresh(table, row) for row in some]) for table, some in written(before)]
    took = []
    for _ in range(OPENED):
        took.append(timed(lambda: [session.execute(sa.insert(table), some) for table, some in rows]))
        session.rollback()
    return took


def fresh(table, row):
    """The same row under a key and texts of its own."""
    more = {c.name: f"{row[c.name]}-"[-c.type.length :] for index in unique(table) for c in index
            if isinstance(c.type, sa.String) and c.type.length and isinstance(row[c.name], str)}  # fmt: skip
    return row | {"id": row["id"] + 1_000_000} | more


def unique(table):
    """The columns of each unique index and constraint."""
    own = [*table.indexes, *table.constraints]
    return [list(one.columns) for one in own if getattr(one, "unique", False) or isinstance(one, sa.UniqueConstraint)]


def measure_opening(app, name):
    """The operation and HTTP, beside bare inserts."""
    client, times = enter(app, "xuwenjing"), ALLOWED[name]
    body = BODY | {"customer_id": client.get("/api/v1/customer/").json["result"][0]["id"]}
    http = [timed(lambda: opened_over_http(client, body)) for _ in range(OPENED)]
    with app.app_context():
        account = session.scalar(sa.select(User.id).where(User.username == "xuwenjing"))
    operation = []
    with figures.counted(app) as sent:
        for _ in range(OPENED):
            # a request each, which begins with nothing known and loads the person's rights once
            with app.test_request_context(), actor.acting_as(account):
                sent.clear()
                operation.append(timed(lambda: opened_by_operation(body)))
    with app.test_request_context(), actor.acting_as(account):
        floor = figures.median_ms(floor_of_opening(body))
    figures.line("opening a case through the operation, p50", figures.median_ms(operation), floor=floor,
                 limit=LIMITS["operation"] * times)  # fmt: skip
    figures.line("its statements", len(sent), "")
    figures.line("the same by two calls over HTTP, p50", figures.median_ms(http), floor=floor,
                 limit=LIMITS["http"] * times)  # fmt: skip


def opened_over_http(client, body):
    """The same by a program: the form, then its first move."""
    key = posted(client, "/api/v1/complaint/", body)["id"]
    posted(client, f"/api/v1/complaint/{key}/move/submit", {"values": {}})
    return key


def posted(client, path, body):
    """The answer to a program that writes."""
    answer = client.post(path, json=body)
    assert answer.status_code in (200, 201), answer.text
    return answer.json


# -- pages -------------------------------------------------------------------------------------------------------------


def enter(app, who):
    client = app.test_client()
    assert client.post("/login/", data={"username": who, "password": PASSWORD}).status_code == 302
    return client


def measure_page(app, name):
    """The page of a case with few entries and with many, beside the profile."""
    client, reader, times = enter(app, "xuwenjing"), enter(app, "hepeishan"), ALLOWED[name]
    body = BODY | {"customer_id": client.get("/api/v1/customer/").json["result"][0]["id"]}
    key, found = opened_over_http(client, body), {}
    posted(reader, f"/api/v1/complaint/{key}/move/accept", {"values": {}})
    for entries in (FEW, MANY):
        grow(app, key, entries)
        found[entries] = asked(app, reader, f"/complaint/{key}")
    floor = asked(app, reader, "/profile/")[0]
    for entries, (took, sent, size) in found.items():
        figures.line(f"page of a case, {entries} entries", took, floor=floor, limit=LIMITS["page"] * times)
        figures.line("its statements", sent, "", limit=found[FEW][1])
        figures.line("its size", size / 1024, "KiB")


def grow(app, key, entries):
    """Acts in the history of a case until there are so many: every other one changed two fields."""
    changed = {"market": ["domestic", "overseas"], "claimed_amount": ["98000.00", "99000.00"]}
    with app.app_context():
        known = len({entry.act for entry in audit.history("complaint", key)})
        for n in range(known, entries):
            with actor.acting_as(None):  # an act of its own
                done = ("update", "", {}, "", changed) if n % 2 else ("act", EXPORTED, {"rows": n})
                audit.note_many([audit.Note("complaint", key, *done)])
        session.commit()


def asked(app, client, path):
    """The median of the best round, the statements and the size of a page."""
    rounds, numbers = [], []
    with figures.counted(app) as sent:
        for _ in range(ROUNDS + 1):
            took = []
            for _call in range(CALLS):
                sent.clear()
                took.append(timed(lambda: kept.append(client.get(path))))
                assert kept[-1].status_code == 200, kept[-1].text
                numbers.append(len(sent))  # now and then a session notes that it was used
            rounds.append(figures.median_ms(took))
        return min(rounds[1:]), min(numbers), len(kept.pop().data)


kept = []


def measure_dashboard(app, name):
    """The shell and each chart, for who reads everything and for the manager of one company."""
    with app.app_context():
        floor = min(timed(lambda: session.execute(sa.text(BARE)).all()) for _ in range(ROUNDS)) * 1000
        session.remove()
    for who, label in (("hepeishan", "all policies"), ("songzhiwei", "one company's sales")):
        client = enter(app, who)
        took, sent, _size = asked(app, client, "/dashboard/")
        figures.line(f"dashboard, {label}: shell", took, limit=LIMITS["shell"] * ALLOWED[name])
        figures.line("its statements", sent, "")
        for key in charts.CHARTS:
            took, sent, _size = asked(app, client, f"/dashboard/data/{key}?from={SINCE}")
            figures.line(f"  {key}, {sent} statements", took, floor=floor, limit=LIMITS["chart"] * ALLOWED[name])


BARE = "SELECT policy, status, count(*) FROM complaint GROUP BY policy, status"


def measure(database):
    with tempfile.TemporaryDirectory() as folder:
        app = figures.program(database.empty("case"), folder)
        with app.app_context(), clock.freeze(AT):
            found()
            fill()
            figures.leave()
        settle()
        with clock.freeze(AT):
            figures.title(f"{database.name}: one case, and {CASES:,} of all policies")
            measure_opening(app, database.name)
            measure_page(app, database.name)
            measure_dashboard(app, database.name)
        with app.app_context():
            figures.leave()


def main():
    with figures.databases(sys.argv[1:]) as found:
        for database in found:
            measure(database)
    return figures.done()


if __name__ == "__main__":
    sys.exit(main())
