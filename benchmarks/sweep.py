"""The sweep of clocks beside its floor: the same rows, already computed, written by the driver's executemany.

100,000 open clocks on 50,000 cases, of which 5,000 are newly late. Both start from copies of one database.
Run: python benchmarks/sweep.py [--sqlite] [postgresql://…]
"""

import datetime as dt
import sqlite3
import statistics
import sys
import tempfile
import time
from contextlib import closing

import figures
import psycopg
import sqlalchemy as sa
from psycopg.types.json import Jsonb

from app.areas.complaints.complaint import Complaint
from app.bootstrap import steps
from app.core import clock
from app.core.db import Model, db, session
from app.demo import company
from app.engines.audit.models import AuditEntry
from app.engines.deadlines.models import DeadlineClock
from app.engines.deadlines.slip import UrgeSlip
from app.engines.notifications.models import OutboxMessage
from app.engines.numbering.models import NumberSequence
from app.engines.people.models import OrgUnit
from app.engines.policy.models import PackVersion
from app.engines.sweeps import operations as sweeps

CASES, LATE, ROUNDS = 50_000, 2_500, 5
AT = dt.datetime(2025, 10, 10, 0, 5)
KEYS = {"case": ("B02.case_control", "HX-PC"), "step_qc": ("B02.qc", "HX-QC")}
WRITTEN = {
    AuditEntry: "kind = 'act'",
    UrgeSlip: "true",
    OutboxMessage: "true",
    NumberSequence: "scope LIKE 'B02.slips%%'",
}
CHANGED = ("status", "breached_at", "next_at", "changed_at", "changed_by_id", "row_version")


def fill():
    """The company, its cases, and two open clocks on each; the first ``LATE`` cases are late with both."""
    with clock.freeze(AT - dt.timedelta(days=30)):
        Model.metadata.create_all(db.engine)
        for step in steps.STEPS:
            steps.call(step.path)
        company.found("Plain-words-7", "B02")
        session.commit()
    unit = dict(session.execute(sa.select(OrgUnit.code, OrgUnit.id)).all())
    pack = session.scalars(sa.select(PackVersion.id).where(PackVersion.code == "B02")).one()
    customer = session.scalar(sa.text("SELECT min(id) FROM customer"))
    governed = {"pack_version_id": pack, "adopter_id": unit["HX"]}
    held = {"status": "qc", "policy": "B02", "holder_unit_id": unit["HX-QC"], "holder_post": "B02.qc"}
    session.execute(
        sa.insert(Complaint),
        [
            governed
            | held
            | {
                "id": n,
                "unit_id": unit["HX-SA"],
                "customer_id": customer,
                "title": "爆板",
                "market": "domestic",
                "case_no": f"2509{n:05}",
                "number": f"2509{n:05}",
            }
            for n in range(1, CASES + 1)
        ],
    )
    session.execute(
        sa.insert(DeadlineClock),
        [
            row
            for n in range(1, CASES + 1)
            for key, (post, home) in KEYS.items()
            for row in [governed | clock_row(n, key, post, unit[home])]
        ],
    )
    session.commit()
    sweeps.sync()


def clock_row(case, key, post, unit):
    started = clock.from_local(AT - dt.timedelta(days=10))
    due = clock.from_local(dt.datetime(2025, 10, 9 if case <= LATE else 31, 23, 59, 59))
    return {
        "of_register": "complaint",
        "record_id": case,
        "key": f"B02.{key}",
        "words": {"zh": "时限", "en": "Limit"},
        "clause": "（十）1",
        "tone": "red",
        "state": "qc",
        "status": "running",
        "unit_id": unit,
        "post": post,
        "started_at": started,
        "due_at": due,
        "first_due_at": due,
        "provisional": False,
        "level": 0,
        "allowance": {
            "number": "8",
            "unit": "calendar_days",
            "count_first_day": False,
            "end": "end_of_day",
            "roll": "none",
            "quiet": [],
        },
        "calendar": "CN",
        "hours": "08:00-12:00, 13:30-17:30",
        "adjustments": [],
        "next_at": due + dt.timedelta(seconds=1),
    }


def ours(app):
    """One sweep on a fresh copy: seconds, cursor executions, MiB; seconds with nothing due; the rows it wrote."""
    with figures.counted(app) as sent, app.app_context(), clock.freeze(AT):
        at, before, began = clock.now(), figures.memory("VmRSS"), time.perf_counter()
        outcome = sweeps.run("deadlines.due", at)
        took, more, executions = time.perf_counter() - began, figures.memory("VmHWM") - before, len(sent)
        assert (outcome.counts["hit"], outcome.counts["slips"], outcome.error) == (2 * LATE, 2 * LATE, None), outcome
        idle = [figures.timed(lambda: sweeps.run("deadlines.due", at)) for _ in range(15)]
        rows = written()
        figures.leave()
    return took, executions, more, statistics.median(idle), rows


def written():
    """Every row of the sweep as the driver wants it: table, columns and values; updates last."""
    connection = session.connection()
    found = []
    for model, where in WRITTEN.items():
        table = model.__table__
        rows = connection.exec_driver_sql(f"SELECT * FROM {table.name} WHERE {where}").all()
        found.append((table.name, [column.name for column in table.c], [tuple(row) for row in rows]))
    changed = ", ".join(CHANGED)
    late = connection.exec_driver_sql(f"SELECT {changed}, id FROM deadline_clock WHERE status = 'breached'").all()
    return found, [tuple(row) for row in late]


def floor(write, mark, rows):
    """The same rows by ``executemany`` in one transaction; seconds."""
    inserts, updates = rows
    began = time.perf_counter()
    for table, columns, values in inserts:
        write(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join([mark] * len(columns))})", values)
    write(f"UPDATE deadline_clock SET {', '.join(f'{name} = {mark}' for name in CHANGED)} WHERE id = {mark}", updates)
    return began


def floor_sqlite(path, rows):
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        began = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        floor(connection.executemany, "?", rows)
        connection.execute("COMMIT")
        return time.perf_counter() - began


def floor_postgres(url, rows):
    inserts, updates = rows
    inserts = [(name, columns, [adapted(name, row) for row in values]) for name, columns, values in inserts]
    with psycopg.connect(url.replace("+psycopg", "")) as connection, connection.cursor() as cursor:
        began = time.perf_counter()
        floor(cursor.executemany, "%s", (inserts, updates))
        connection.commit()
        return time.perf_counter() - began


def adapted(table, row):
    """JSON columns as the driver wants them."""
    columns = Model.metadata.tables[table].c
    return tuple(
        Jsonb(value) if isinstance(column.type, sa.JSON) else value for column, value in zip(columns, row, strict=True)
    )


def measure(database):
    """Ours in a new process, then rounds of ours and the floor in turn, each on a fresh copy; the best of each."""
    with tempfile.TemporaryDirectory() as folder:
        with figures.program(database.empty("seed"), folder).app_context():
            fill()
            figures.leave()
        cold, more = map(float, figures.again("sweep.py", "--once", database.copy("seed", "copy"), folder).split())
        app, rounds = figures.program(database.copy("seed", "copy"), folder), []
        ours(app)
        for _ in range(ROUNDS):
            database.copy("seed", "copy")
            took, executions, _more, idle, rows = ours(app)
            rounds.append((took, floor_of(database.copy("seed", "copy"), rows), executions, idle))
    mine, least, executions, idle = (min(column) for column in zip(*rounds, strict=True))
    number = sum(len(values) for _table, _columns, values in rows[0]) + len(rows[1])
    figures.title(f"{database.name}: sweep of 100,000 open clocks, {2 * LATE:,} newly late, {number:,} rows written")
    times = {"SQLite": 3, "PostgreSQL": 4}[database.name]
    figures.line(f"best of {ROUNDS} rounds", mine * 1000, floor=least * 1000, times=times)
    figures.line("in a new process", cold * 1000, floor=least * 1000)
    figures.line("cursor executions", executions, "", limit=100)
    figures.line("more memory, in a new process", more, "MiB", limit=60)
    figures.line("nothing due, with lock and run log", idle * 1000, limit=10)


def floor_of(url, rows):
    if url.startswith("sqlite"):
        return floor_sqlite(url.removeprefix("sqlite:///"), rows)
    return floor_postgres(url, rows)


def once(url, folder):
    """One sweep in this process alone: its seconds and MiB."""
    took, _executions, more, _idle, _rows = ours(figures.program(url, folder))
    print(took, more)


def main():
    if "--once" in sys.argv:
        once(*sys.argv[-2:])
        return 0
    with figures.databases(sys.argv[1:]) as found:
        for database in found:
            measure(database)
    return figures.done()


if __name__ == "__main__":
    sys.exit(main())
