"""Starting workers of a program with 100 registers: permissions in sync, the first sync, several at once.

Run: python benchmarks/start.py [--sqlite] [postgresql://…]
"""

import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager

import figures
import throwaway

REGISTERS, ROUNDS, WORKERS = 100, 3, 4
READY, SYNC, TOGETHER = 5, 30, 60
SYNCED = (
    "ab_role", "ab_permission", "ab_view_menu", "ab_permission_view", "ab_permission_view_role", "role_default",
)


def imported():
    """The floor of a start: everything is imported, nothing is made of it."""
    import app

    list(app.discover())
    throwaway.make(REGISTERS)
    print("ready", flush=True)


def worker(url, folder):
    """A worker on a database that is set up: ready, and its permissions found in sync."""
    import app

    list(app.discover())
    throwaway.make(REGISTERS)
    made = figures.program(url, folder)
    from app.engines.people import operations as people

    with made.app_context():
        assert people.sync_roles() == {"added": 0, "removed": 0, "changed": 0}
        figures.leave()
    assert made.test_client().get("/login/").status_code == 200
    print("ready", flush=True)


def first(url, folder):
    """A worker on whatever is there: it sets up what is missing, one at a time, and answers."""
    import app

    list(app.discover())
    throwaway.make(REGISTERS)
    import config
    from app.bootstrap import locks, steps
    from app.core.db import Model, db

    made = figures.program(url, folder)
    with locks.setting_up(config.settings()), made.app_context():
        Model.metadata.create_all(db.engine)
        steps.sync()
        figures.leave()
    assert made.test_client().get("/login/").status_code == 200
    print("ready", flush=True)


def sync(url, folder):
    """The first sync of roles and permissions, and the floor: the same rows written by the driver's executemany."""
    import app

    list(app.discover())
    throwaway.make(REGISTERS)
    from app.core.db import Model, db, session
    from app.engines.people import operations as people

    with figures.program(url, folder).app_context():
        Model.metadata.create_all(db.engine)
        began = time.perf_counter()
        people.sync_roles()
        session.commit()
        took = time.perf_counter() - began
        tables = [Model.metadata.tables[name] for name in SYNCED]
        rows = [[tuple(row) for row in session.connection().exec_driver_sql(f"SELECT * FROM {t.name}")] for t in tables]
        for table in reversed(tables):
            session.connection().exec_driver_sql(f"DELETE FROM {table.name}")
        session.commit()
        mark = "?" if db.engine.dialect.name == "sqlite" else "%s"
        began = time.perf_counter()
        for table, some in zip(tables, rows, strict=True):
            marks = ", ".join([mark] * len(table.c))
            session.connection().exec_driver_sql(f"INSERT INTO {table.name} VALUES ({marks})", some)
        session.commit()
        floor = time.perf_counter() - began
        figures.leave()
    print(took, floor, sum(map(len, rows)))


def seconds(*arguments, **env):
    """From the start of a process to its being ready."""
    began = time.perf_counter()
    with begun(*arguments, **env):
        return time.perf_counter() - began


@contextmanager
def begun(*arguments, **env):
    process = launch(*arguments, **env)
    ready(process)
    yield process
    process.wait()


def launch(*arguments, **env):
    command = [sys.executable, str(figures.HERE / "start.py"), *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | env)


def ready(process):
    for line in process.stdout:
        if line == "ready\n":
            return
    raise SystemExit("a worker did not live")


def measure(database):
    with tempfile.TemporaryDirectory() as folder:
        took, floor, rows = map(float, figures.again("start.py", "--sync", database.empty("sync"), folder).split())
        env = {"KEZHI_INSTANCE": folder}
        whole = seconds("--first", url := database.empty("start"), folder, **env | at(url))
        floors = min(seconds("--imported") for _round in range(ROUNDS))
        warm = min(seconds("--worker", url, folder) for _round in range(ROUNDS))
        url = database.empty("together")
        began = time.perf_counter()
        together = [launch("--first", url, folder, **env | at(url)) for _worker in range(WORKERS)]
        for process in together:
            ready(process)
        last = time.perf_counter() - began
        assert [process.wait() for process in together] == [0] * WORKERS
    figures.title(f"{database.name}: workers of a program with {REGISTERS} registers")
    figures.line("ready with permissions in sync", warm, "s", floor=floors, limit=READY)
    figures.line(f"first sync of permissions, {rows:.0f} rows", took, "s", floor=floor, limit=SYNC)
    figures.line("ready on an empty database, all set up", whole, "s", floor=floors, limit=SYNC)
    figures.line(f"{WORKERS} at once on an empty database, the last", last, "s", floor=floors, limit=TOGETHER)


def at(url):
    return {"DATABASE_URL": url}


def main():
    modes = {"--imported": imported, "--worker": worker, "--first": first, "--sync": sync}
    if (mode := next(iter(sys.argv[1:]), "")) in modes:
        modes[mode](*sys.argv[2:])
        return 0
    with figures.databases(sys.argv[1:]) as found:
        for database in found:
            measure(database)
    return figures.done()


if __name__ == "__main__":
    sys.exit(main())
