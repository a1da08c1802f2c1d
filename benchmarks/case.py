"""A case: opening it with its clocks, its page, and the dashboard over 100,000 cases of all policies.

Opening goes through the operation and over HTTP, beside the same rows by plain inserts in one transaction; the page
stands beside the profile, a signed-in page with next to nothing on it; the charts beside a bare count of the rows.
Run: python benchmarks/case.py [--sqlite] [--cpu] [postgresql://…]; --cpu shows the processor's time of this process.
"""

import sys
import tempfile
import time

import figures
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app import settle
from app.core import actor, clock, moves, saving
from app.core.db import Model, session
from app.core.register import registers
from app.engines.audit import operations as audit
from app.screens import dashboard_charts as charts
from benchmarks import case_rows as cases

ROUNDS, CALLS, OPENED = 5, 5, 30
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
    assert client.post("/login/", data={"username": who, "password": cases.PASSWORD}).status_code == 302
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
        with app.app_context(), clock.freeze(cases.AT):
            cases.found()
            cases.fill()
            figures.leave()
        settle()
        with clock.freeze(cases.AT):
            figures.title(f"{database.name}: one case, and {cases.CASES:,} of all policies")
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
