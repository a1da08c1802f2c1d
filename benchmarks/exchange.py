"""100,000 customers of ten columns brought in from a workbook and taken out again, beside bare ways to do the same.

Floors of the same run: the workbook read and no more; the same rows, tokens and entries written by the driver's
``executemany`` in one transaction; the same list read from the table and written as bare comma-separated text.
Run: python benchmarks/exchange.py [--sqlite] [--cpu] [--rows=100000] [postgresql://…]
"""

import csv
import gc
import io
import random
import sys
import tempfile
import threading
import time
from datetime import date, timedelta
from pathlib import Path

import figures
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User
from names import CITIES, FORMS, NOW, PASSWORD, SIGNS, TRADES, pair
from werkzeug.datastructures import FileStorage, MultiDict

from app import settle
from app.areas.customers.customer import Customer
from app.bootstrap import steps
from app.core import access, actor, clock, query
from app.core.db import Model, db, session
from app.core.register import registers
from app.demo import company
from app.engines.audit.models import AuditEntry
from app.engines.exchange import exporting, files, runs, staging, work, xlsx
from app.engines.exchange.models import DONE, READY, ImportRun
from app.engines.search.models import SearchToken

ROWS = next((int(word[7:]) for word in sys.argv if word.startswith("--rows=")), 100_000)
WRONG = 1000
PREVIEW, COMMIT, EXPORT, MEMORY, TAKING = 45, 60, 5, 150, 100
HEADS = ["客户编号", "名称", "客户类型", "国别", "城市", "地址", "统一社会信用代码", "联系人", "联系电话", "开户日期"]
FIELDS = ["customer_no", "name", "side", "country", "city", "address", "credit_code", "contact_name", "contact_phone",
          "opened_on"]  # fmt: skip
LETTERS, WEIGHTS = "0123456789ABCDEFGHJKLMNPQRTUWXY", [3**at % 31 for at in range(17)]


def code(number):
    """A unified credit code that is right."""
    body = f"91110000{number:09}"
    total = sum(LETTERS.index(sign) * weight for sign, weight in zip(body, WEIGHTS, strict=True))
    return body + LETTERS[-total % 31]


def table(wrong):
    """The rows of the workbook; every so many a wrong one."""
    chance, day = random.Random(5), date(2020, 1, 1)
    for number in range(ROWS):
        core = "".join(chance.choices(SIGNS, k=chance.choice((2, 2, 2, 3))))
        city = pair(CITIES, chance)
        name = f"{city}{core}{pair(TRADES, chance)}{chance.choice(FORMS)}"
        bad = wrong and number % wrong == wrong - 1
        yield [f"K{number:06}", name, "采购方", "CN", city, f"{city}市{core}路{number % 997}号",
               "110101199003071200" if bad else code(number), f"{core[0]}先生", f"13{chance.randrange(10**9):09}",
               day + timedelta(days=number % 2000)]  # fmt: skip


def workbook(path, wrong=0):
    """A workbook of the rows."""
    with path.open("wb") as file:
        for part in xlsx.stream([xlsx.Sheet("客户", labels(), table(wrong))]):
            file.write(part)
    return path


def labels():
    from flask_babel import force_locale

    with force_locale("zh"):
        return [str(registers()["customer"].fields[name].label) for name in FIELDS]


def fill():
    """The company of the model policy and its people."""
    Model.metadata.create_all(db.engine)
    for step in steps.STEPS:
        steps.call(step.path)
    company.found(PASSWORD, "B02")
    session.commit()


class Watch:
    """Seconds and the growth of memory in the block, looked at every fifth of a second."""

    def __enter__(self):
        gc.collect()
        self.before = self.peak = figures.memory("VmRSS")
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.look)
        self.thread.start()
        self.tick = time.process_time if "--cpu" in sys.argv else time.perf_counter
        self.began = self.tick()
        return self

    def look(self):
        while not self.over.wait(0.2):
            self.peak = max(self.peak, figures.memory("VmRSS"))

    def __exit__(self, *_error):
        self.seconds = self.tick() - self.began
        self.over.set()
        self.thread.join()

    @property
    def grown(self):
        return self.peak - self.before


def bring_in(app, folder, user):
    """Preview with a row in a thousand wrong, then preview and commit of right ones."""
    bad, good = workbook(folder / "bad.xlsx", WRONG), workbook(folder / "good.xlsx")
    with Watch() as bare, good.open("rb") as file:
        read = sum(1 for _row in files.rows(file))
    assert read == ROWS + 1
    run_id = preview(app, bad, user, bare, f"preview, {ROWS // WRONG} rows with errors")
    with actor.acting_as(user):
        run = session.get_one(ImportRun, run_id)
        assert run.counts == {"new": ROWS - ROWS // WRONG, "bad": ROWS // WRONG}, run.counts
        runs.withdraw(run)
        session.commit()
    run_id = preview(app, good, user, bare, "preview, none wrong")
    with actor.acting_as(user):
        runs.confirm(session.get_one(ImportRun, run_id), good_only=False)
        session.commit()
    with figures.counted(app) as sent, Watch() as watch:
        work.carry_on(run_id)
    run = session.get_one(ImportRun, run_id)
    assert (run.state, run.saved.get("new")) == (DONE, ROWS), (run.state, run.saved, run.problems)
    told("commit", watch, COMMIT, len(sent))
    figures.line("  the same rows by executemany", floor_of_commit(), "s")


def preview(app, path, user, bare, label):
    register = registers()["customer"]
    with actor.acting_as(user), access.remembered(), path.open("rb") as file:
        run = staging.receive(register, FileStorage(file, path.name), "add", None)
        session.commit()
        run_id = run.id
    session.remove()
    with figures.counted(app) as sent, Watch() as watch:
        work.carry_on(run_id)
    run = session.get_one(ImportRun, run_id)
    assert run.state == READY, (run.state, run.problems)
    told(label, watch, PREVIEW, len(sent), bare.seconds)
    return run_id


def told(label, watch, limit, statements, floor=None):
    figures.line(label, watch.seconds, "s", floor=floor, limit=limit)
    figures.line("  more memory", watch.grown, "MiB", limit=MEMORY)
    figures.line("  statements for a thousand rows", statements / (ROWS / 1000), "")


def floor_of_commit():
    """Rows, tokens and entries of the trail that the commit wrote, written again by the driver in one transaction."""
    held = []
    for model in (Customer, SearchToken, AuditEntry):
        made = model.__table__
        rows = session.execute(sa.select(*(sa.type_coerce(c, sa.types.NullType()).label(c.name) for c in made.c))).all()
        held.append((made, rows))
    session.rollback()
    began = time.perf_counter()
    with db.engine.begin() as connection:
        for made, rows in held:
            copy = made.name + "_floor"
            connection.exec_driver_sql(f"CREATE TABLE {copy} AS SELECT * FROM {made.name} WHERE 1 = 0")
            marks = ", ".join(["?" if db.engine.dialect.name == "sqlite" else "%s"] * len(made.c))
            raw = connection.connection.cursor()
            raw.executemany(f"INSERT INTO {copy} VALUES ({marks})", [tuple(map(driven, row)) for row in rows])
    seconds = time.perf_counter() - began
    with db.engine.begin() as connection:
        for made, _rows in held:
            connection.exec_driver_sql(f"DROP TABLE {made.name}_floor")
    return seconds


def take_out(app, user):
    """The list as a workbook and as text, beside the same rows as bare text."""
    register = registers()["customer"]
    with app.test_request_context("/"), actor.acting_as(user):
        criteria = exporting.reachable(register, query.read_criteria(register, MultiDict()))
        names = (*register.list, "contact_phone", "credit_code", "opened_on", "address")
        columns = {name: register.fields[name] for name in dict.fromkeys(names)}
        for label, write in (("taken out as a workbook", exporting.workbook), ("taken out as text", exporting.text)):
            export = exporting.prepare(register, criteria, columns)
            session.rollback()
            with Watch() as watch:
                size = sum(map(len, write(export)))
            session.rollback()
            figures.line(label, watch.seconds, "s", floor=bare_text(columns), limit=EXPORT)
            figures.line("  more memory", watch.grown, "MiB", limit=TAKING)
            figures.line("  size", size / (1 << 20), "MiB")


def bare_text(columns):
    """Seconds to read the same columns and to write them as text, with neither masks nor names."""
    table, out = Customer.__table__, csv.writer(io.StringIO())
    chosen = [sa.type_coerce(table.c[name], sa.types.NullType()) for name in columns]
    began = time.perf_counter()
    for row in session.execute(sa.select(*chosen).order_by(table.c.customer_no).execution_options(yield_per=1000)):
        out.writerow(row)
    seconds = time.perf_counter() - began
    session.rollback()
    return seconds


def driven(value):
    """A value as the driver takes it."""
    if isinstance(value, dict | list):
        import json

        return json.dumps(value)
    return value


def judge(database, folder):
    """All figures on one database."""
    app = figures.program(database.empty("exchange"), folder)
    with app.app_context(), clock.freeze(NOW):
        fill()
        settle()
        figures.title(f"{database.name}: {ROWS:,} customers of ten columns")
        user = session.scalars(sa.select(User).where(User.username == "songzhiwei")).one().id
        session.rollback()
        bring_in(app, Path(folder), user)
        take_out(app, user)
        figures.leave()


def main():
    """Measure and judge on each database."""
    with figures.databases(sys.argv[1:]) as databases:
        for database in databases:
            with tempfile.TemporaryDirectory() as folder:
                judge(database, folder)
    return figures.done()


if __name__ == "__main__":
    sys.exit(main())
