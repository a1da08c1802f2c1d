"""A month-end run beside its floor: the same rows, already computed, written by the driver's executemany.

10,000 people with bonuses and 50,000 open penalty notices that nobody was charged for yet: 49,600 borne by a person
of sales, 400 by a unit of 25. The run charges them, proposes what half of the bonuses pay, compares and takes it.
Run: python benchmarks/month_end.py [--sqlite] [postgresql://…]
"""

import datetime as dt
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from decimal import Decimal

import figures
import psycopg
import sqlalchemy as sa
from sweep import adapted

from app.areas.complaints.complaint import Complaint
from app.areas.consequences.deduction_instalment import DeductionInstalment
from app.areas.consequences.loss_sheet import LossSheet
from app.areas.consequences.opening import open_case
from app.areas.consequences.pay_item import PayItem
from app.areas.consequences.payroll_deduction import PayrollDeduction
from app.areas.consequences.payroll_run import PayrollRun
from app.areas.consequences.penalty_notice import PenaltyNotice
from app.areas.consequences.responsibility_share import ResponsibilityShare
from app.bootstrap import steps
from app.core import clock, moves
from app.core.db import Model, db, session
from app.demo import company
from app.engines.audit.models import AuditEntry
from app.engines.notifications.models import OutboxMessage
from app.engines.people.models import Employee, OrgUnit
from app.engines.policy.models import PackVersion

PEOPLE, NOTICES, UNITS, ROUNDS = 10_000, 50_000, 400, 3
AT = dt.datetime(2025, 10, 3, 9, 0)
MONTH = "2025-09"
BONUS, LOSS = Decimal("1000.00"), Decimal("180.05")
SEEN = ("id", "taken", "outstanding", "status", "changed_at", "row_version")


def fill():
    """The company, its people in units of 25, their bonuses, and the notices with their sheets and shares."""
    with clock.freeze(AT - dt.timedelta(days=30)):
        Model.metadata.create_all(db.engine)
        for step in steps.STEPS:
            steps.call(step.path)
        company.found("Plain-words-7", "B02")
        session.commit()
    unit = dict(session.execute(sa.select(OrgUnit.code, OrgUnit.id)).all())
    pack = session.scalars(sa.select(PackVersion.id).where(PackVersion.code == "B02")).one()
    governed = {"policy": "B02", "pack_version_id": pack, "adopter_id": unit["HX"]}
    homes = people(unit)
    approved = clock.from_local(AT - dt.timedelta(days=10))
    customer = session.scalar(sa.text("SELECT min(id) FROM customer"))
    numbers = range(1, NOTICES + 1)
    put(Complaint, (governed | {"id": n, "status": "closed", "unit_id": unit["HX-SA"], "customer_id": customer,
                                "title": "爆板", "market": "domestic", "case_no": f"2509{n:05}"} for n in numbers))
    put(LossSheet, (governed | {"id": n, "status": "approved", "unit_id": unit["HX-PC"], "complaint_id": n,
                                "sheet_no": f"SZ{n}", "responsible_unit_id": unit["HX-M1"], "loss_total": LOSS,
                                "share_total": Decimal(100), "approved_at": approved} for n in numbers))
    put(ResponsibilityShare, (share(n, homes) for n in numbers))
    put(PenaltyNotice, (governed | {"id": n, "status": "approved", "unit_id": unit["HX-PC"], "complaint_id": n,
                                    "sheet_id": n, "notice_no": f"JF{n}", "reason_item": "误记", "loss_base": LOSS,
                                    "approved_at": approved} for n in numbers))  # fmt: skip
    session.commit()
    with clock.freeze(AT):
        begun = moves.begin(PayrollRun.register, unit["HX-AC"])
        open_case(PayrollRun, begun, unit["HX-AC"], month=MONTH)
        session.commit()


def people(unit):
    """10,000 people in 400 units of sales with bonuses; their ids with their units."""
    first = session.scalar(sa.select(sa.func.max(Employee.id))) + 1
    base = session.scalar(sa.select(sa.func.max(OrgUnit.id))) + 1
    above = session.get_one(OrgUnit, unit["HX-SA"]).path
    put(OrgUnit, ({"id": base + n, "code": f"G{n}", "name": f"组{n}", "kind": "section", "parent_id": unit["HX-SA"],
                   "path": f"{above}{base + n}/"} for n in range(UNITS)))
    homes = [(first + n, base + n % UNITS) for n in range(PEOPLE)]
    put(Employee, ({"id": key, "number": f"B{key}", "name": f"员工{key}", "unit_id": home} for key, home in homes))
    put(PayItem, ({"month": MONTH, "employee_id": key, "group_id": home, "points": Decimal(40 + key % 7),
                   "bonus": BONUS, "unit_id": unit["HX-AC"], "owner_id": key} for key, home in homes))  # fmt: skip
    return homes


def share(n, homes):
    person, home = homes[n % PEOPLE]
    whole = n <= UNITS
    return {
        "sheet_id": n, "unit_id": home, "share_percent": Decimal(100), "amount": LOSS,
        "bearer_type": "unit" if whole else "person", "employee_id": None if whole else person,
        "bearer_unit_id": home if whole else None,
    }  # fmt: skip


def put(model, rows):
    session.execute(sa.insert(model.__table__), list(rows))


def ours(app):
    """One whole run: seconds to propose and to take, of CPU, cursor executions, MiB, and the rows it wrote."""
    with figures.counted(app) as sent, app.app_context(), clock.freeze(AT):
        run, before, began = session.scalars(sa.select(PayrollRun)).one(), figures.memory("VmRSS"), time.perf_counter()
        cpu = time.process_time()
        moves.move(run, "propose", as_system=True)
        session.commit()
        proposed = time.perf_counter() - began
        run.status = "approved"
        session.commit()
        began = time.perf_counter()
        moves.move(run, "take", as_system=True)
        session.commit()
        took, executions, cpu = time.perf_counter() - began, len(sent), time.process_time() - cpu
        check(run)
        rows, more = written(), figures.memory("VmHWM") - before
        session.remove()
        db.engine.dispose()
    return proposed, took, cpu, executions, more, rows


def check(run):
    """Losses = deductions = taken + outstanding, and nobody pays more than half."""
    debt = PayrollDeduction
    owed, taken, left = session.execute(
        sa.select(sa.func.sum(debt.amount), sa.func.sum(debt.taken), sa.func.sum(debt.outstanding))
    ).one()
    assert owed == taken + left == LOSS * NOTICES, (owed, taken, left)
    assert run.taken_total == taken
    assert session.scalar(sa.select(sa.func.max(PayItem.taken))) == BONUS / 2


def written():
    """Every row of the run as the driver wants it: table, columns and values; updates of pay items last."""
    connection, found = session.connection(), []
    for model, where in ((PayrollDeduction, "true"), (DeductionInstalment, "true"), (AuditEntry, "kind = 'act'"),
                         (OutboxMessage, "event LIKE 'run.taken%%'")):  # fmt: skip
        table = model.__table__
        rows = connection.exec_driver_sql(f"SELECT * FROM {table.name} WHERE {where}").all()
        found.append((table.name, [column.name for column in table.c], [tuple(row) for row in rows]))
    names = ("run_id", "fine", "forfeited", "cap", "taken", "paid_out", "id")
    pays = connection.exec_driver_sql(f"SELECT {', '.join(names)} FROM pay_item WHERE run_id IS NOT NULL").all()
    return found, names, [tuple(row) for row in pays]


def floor(write, mark, rows):
    """The same rows by ``executemany``, in the order of their keys."""
    inserts, names, pays = rows
    for table, columns, values in inserts:
        write(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join([mark] * len(columns))})", values)
    write(f"UPDATE pay_item SET {', '.join(f'{name} = {mark}' for name in names[:-1])} WHERE id = {mark}", pays)


def floor_sqlite(url, rows):
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        began = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        floor(connection.executemany, "?", rows)
        connection.execute("COMMIT")
        return time.perf_counter() - began


def floor_postgres(url, rows):
    inserts, names, pays = rows
    inserts = [(name, columns, [adapted(name, row) for row in values]) for name, columns, values in inserts]
    with psycopg.connect(url.replace("+psycopg", "")) as connection, connection.cursor() as cursor:
        began = time.perf_counter()
        floor(cursor.executemany, "%s", (inserts, names, pays))
        connection.commit()
        return time.perf_counter() - began


def measure(database):
    """Rounds of ours and the floor in turn, each on a fresh copy; the best of each."""
    write = floor_sqlite if database.name == "SQLite" else floor_postgres
    with tempfile.TemporaryDirectory() as folder:
        with figures.program(database.empty("seed"), folder).app_context():
            fill()
            figures.leave()
        app, rounds = figures.program(database.copy("seed", "copy"), folder), []
        for _ in range(ROUNDS):
            database.copy("seed", "copy")
            *run, rows = ours(app)
            rounds.append((*run, write(database.copy("seed", "floor"), rows)))
    _report(database, rounds, sum(len(values) for _table, _columns, values in rows[0]) + len(rows[2]))


def _report(database, rounds, count):
    proposed, took, cpu, executions, more, least = map(min, zip(*rounds, strict=True))
    what = f"month-end run of {PEOPLE:,} people and {NOTICES:,} notices"
    figures.title(f"{database.name}: {what}, {count:,} rows written")
    figures.line(f"best of {ROUNDS} rounds", proposed + took, "s", floor=least, limit=20)
    figures.line("of it proposing", proposed, "s")
    figures.line("own time of the processor", cpu, "s")
    figures.line("cursor executions", executions, "", limit=200)
    figures.line("more memory", more, "MiB")


def main():
    with figures.databases(sys.argv[1:]) as found:
        for database in found:
            measure(database)
    return figures.done()


if __name__ == "__main__":
    sys.exit(main())
