"""The list of complaints at 100,000 rows, for an ordinary role, beside bare pages of Django-admin and Flask-Admin.

Run: python benchmarks/list.py [--sqlite] [--alone] [--cpu] [--rows=N] [postgresql://…]; see README.md.
"""

import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
import venv
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from pathlib import Path

import contest
import figures
import sqlalchemy as sa
import throwaway

import run
from app import settle
from app.areas.complaints.complaint import Complaint
from app.areas.customers.customer import Customer
from app.bootstrap import steps
from app.core import clock
from app.core.db import Model, db, session
from app.core.register import registers
from app.demo import company
from app.engines.deadlines.models import DeadlineClock
from app.engines.people import shipped
from app.engines.policy.models import PackVersion
from app.engines.search import operations as search

ROWS, FEW, PAGE, REGISTERS = 100_000, 10, 25, 40
ROWS = next((int(word.removeprefix("--rows=")) for word in sys.argv if word.startswith("--rows=")), ROWS)
ROUNDS, CALLS = 6, 15
PASSWORD = "Plain-words-7"
AT = dt.datetime(2025, 10, 10, 9, 0)
AT_UTC = clock.from_local(AT)
STATES = ("qc", "manufacturing", "rd", "combined")
PAGES = {
    "first page": "/complaint/",
    "equality": "/complaint/?status=closed",
    "range": "/complaint/?claimed_amount__gte=90000",
    "prefix": "/complaint/?number__prefix=25090",
    "page 40": "/complaint/?page=40",
    "after half of the rows": f"/complaint/?after={ROWS // 2}",
    "ordered by amount": "/complaint/?order=-claimed_amount",
    "last page": "/complaint/?end=1",
    "other columns": "/complaint/?columns=number,claimed_amount,title,status,unit_id",
}
HELD = {
    "contains, three rows in a thousand": "/complaint/?title__contains=777",
    "contains, every row": "/complaint/?title__contains=爆板",
    "contains, no row": "/complaint/?title__contains=没有",
}
API = "/api/v1/complaint/?size=25"
HALF = ROWS // 2
FIND = {
    "found everywhere, one row": f"/find?q=25{HALF % 12 + 1:02}{HALF:06}",
    "found everywhere, every row": "/find?q=爆板",
}
ELSEWHERE = {"SQLite": 100, "PostgreSQL": 150}
COUNTS = "/api/v1/menu/counts"
LIMITS = {"SQLite": 15, "PostgreSQL": 25}
PEERS = figures.HERE / ".venv"


# -- the rows ----------------------------------------------------------------------------------------------------------


def fill(rows):
    """The company and its complaints: one in ten is in hand, one in a hundred late.

    Four in five belong to sales, one in two hundred to each of its representatives.
    """
    with clock.freeze(AT):
        Model.metadata.create_all(db.engine)
        for step in steps.STEPS:
            steps.call(step.path)
        (home,) = company.found(PASSWORD, "B02")
        _let_see("sales_manager")
        _let_see("salesperson")
        session.commit()
        _complaints(rows, home.people, {code: unit.id for code, unit in home.units.items()})
        session.commit()
        search.fill_all()
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def _let_see(role):
    """Every register of the menu to a role, besides what it may do."""
    held = {(slug, action) for _role, slug, action in shipped.granted(role)}
    readable = {(slug, "read") for slug, register in registers().items() if not register.detail_of}
    shipped.set_granted(role, held | readable)


def _complaints(rows, people, units):
    pack = session.scalars(sa.select(PackVersion.id).where(PackVersion.code == "B02")).one()
    customers = list(session.scalars(sa.select(Customer.id)))
    reps, others = ("xuwenjing", "linjiahao"), ("songzhiwei", "luojianguo")
    governed = {"pack_version_id": pack, "adopter_id": units["HX"], "policy": "B02", "market": "domestic"}
    start = AT_UTC - dt.timedelta(days=400)

    def row(n):
        owner = reps[n // 101 % 2] if n % 101 == 0 else others[n % 2]
        return governed | {
            "id": n, "number": f"25{n % 12 + 1:02}{n:06}", "title": f"爆板分层 {n}",
            "status": "closed" if n % 10 else STATES[n // 10 % 4],
            "customer_id": customers[n % len(customers)], "unit_id": units["HX-SA" if n % 5 else "HX-QC"],
            "owner_id": people[owner].id, "holder_unit_id": units["HX-QC"], "holder_post": "B02.qc",
            "claimed_amount": Decimal(n * 7919 % 100_000_00) / 100, "accepted_at": start + dt.timedelta(minutes=5 * n),
        }

    def running(n):
        due = AT_UTC + (dt.timedelta(days=-2) if n % 100 == 0 else dt.timedelta(minutes=n % 20_000))
        return {
            "of_register": "complaint", "record_id": n, "key": "B02.case", "words": {"zh": "时限", "en": "Limit"},
            "tone": "red", "status": "running", "pack_version_id": pack, "adopter_id": units["HX"],
            "unit_id": units["HX-QC"], "post": "B02.qc", "started_at": start, "due_at": due, "first_due_at": due,
            "provisional": False, "level": 0, "allowance": {}, "calendar": "CN", "hours": "08:00-12:00, 13:30-17:30",
            "adjustments": [], "next_at": due, "clause": "（十）1",
        }

    for first in range(1, rows + 1, 10_000):
        some = range(first, min(first + 10_000, rows + 1))
        session.execute(sa.insert(Complaint), [row(n) for n in some])
        session.execute(sa.insert(DeadlineClock), [running(n) for n in some if n % 10 == 0])


# -- the contestants ---------------------------------------------------------------------------------------------------


def serve(url, account, refused=False):
    """Our list on a database that is filled, for whoever measures it; a page may be ``refused``."""
    throwaway.make(_wanted())
    with tempfile.TemporaryDirectory() as folder:
        app = figures.program(url, folder)
        client = app.test_client()
        with clock.freeze(AT):
            answer = client.post("/login/", data={"username": account, "password": PASSWORD})
        assert answer.status_code == 302, answer.text
        settle()  # as the program does outside tests

        last = [200]

        def get(path):
            answer = client.get(path)
            last[0] = answer.status_code
            assert refused or answer.status_code == 200, answer.text
            return answer.get_data()

        # no context is open around the requests: each begins with nothing known
        with clock.freeze(AT), figures.counted(app) as sent:
            assert get("/complaint/").count(b'<a href="/throwaway') >= 20, "the menu is not full"
            contest.answer(get, sent, lambda: last[0])
        with app.app_context():
            figures.leave()


def _wanted():
    """So many registers that the menu shows forty."""
    hidden = sum(1 for register in registers().values() if register.detail_of or not register.menu)
    return REGISTERS + hidden


@contextmanager
def contestant(python, script, *arguments):
    """A process that measures a page when asked."""
    command = [str(python), str(figures.HERE / script), *map(str, arguments)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    with subprocess.Popen(command, env=clean, **pipes) as process:
        assert process.stdout.readline() == "ready\n", f"{script} did not start"

        def ask(path, times=CALLS):
            process.stdin.write(json.dumps([path, times]) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield ask
        process.stdin.close()


def peers():
    """The Python of the peers' environment, made when it is missing."""
    python = PEERS / "bin" / "python"
    if not python.exists():
        venv.create(PEERS, clear=True)
        lock = figures.HERE / "requirements.txt"
        pip = [str(run.PIP / "pip"), "install", "-qq", "--no-input", "--disable-pip-version-check"]
        subprocess.run([str(python), *pip, "--require-hashes", "-r", str(lock)], check=True)
    return Path(os.environ.get("KEZHI_BENCH_PEERS") or python)


# -- the measures ------------------------------------------------------------------------------------------------------


def measure(database, *, alone):
    """Ours and the peers in turn, so that a busy moment meets all of them; the best round of each page counts."""
    seed(database)
    with ExitStack() as started:
        begin = lambda *command: started.enter_context(contestant(*command))  # noqa: E731
        at = lambda name: database.copy("seed", name)  # noqa: E731
        url = database.copy("seed", "ours")
        ours, own = (begin(sys.executable, "list.py", "--serve", url, who) for who in ("songzhiwei", "xuwenjing"))
        others = {} if alone else {
            "Django-admin": begin(peers(), "peer_django.py", at("django"), PAGE),
            "Flask-Admin": begin(peers(), "peer_flask_admin.py", at("flask_admin"), PAGE),
        }
        few = begin(sys.executable, "list.py", "--serve", database.copy("few", "ours_few"), "songzhiwei")
        report(database.name, ours, own, few, others)


def seed(database):
    throwaway.make(_wanted())
    for name, rows in (("seed", ROWS), ("few", FEW)):
        url = database.empty(name)
        with tempfile.TemporaryDirectory() as folder, figures.program(url, folder).app_context():
            fill(rows)
            figures.leave()


def report(name, ours, own, few, others):
    found = rounds(ours, own, others)
    best = {label: min(map(p50, taken)) for label, taken in found.items()}
    first = best["first page"]
    figures.title(f"{name}: list of {PAGE} at {ROWS:,} rows (p50 of the best of {ROUNDS} rounds of {CALLS})")
    figures.line("first page", first, limit=LIMITS[name])
    for label in (*PAGES, *HELD):
        if label != "first page":
            figures.line(label, best[label], floor=first, times=4 if label in HELD else 1.5)
    figures.line("first page of somebody with few own rows", best["one's own rows"], limit=LIMITS[name])
    for label, limit in zip(others, (1, 1.3), strict=False):
        figures.line(f"first page beside {label}", first, floor=best[label], times=limit)
        figures.line(f"list API beside the page of {label}", best["API"], floor=best[label], times=limit)
    figures.line("menu counts, asked by the page each half minute", best["counts"])
    for label in FIND:
        figures.line(label, best[label], limit=ELSEWHERE[name])
        figures.line(f"{label}: statements", found[label][0]["statements"], "", limit=25)
    size, sent = found["first page"][0]["bytes"], found["first page"][0]["statements"]
    figures.line("size", size / 1024, "KiB", limit=60)
    figures.line("statements", sent, "", limit=16)
    figures.line(f"statements at {FEW} rows", few("/complaint/", 1)["statements"], "", floor=sent, limit=16)
    for label in others:
        print(f"{label}: {found[label][0]['statements']} statements, {found[label][0]['bytes'] / 1024:.0f} KiB")


def rounds(ours, own, others):
    """What each page took in each round, by its label."""
    paths = PAGES | HELD | FIND | {"API": API, "counts": COUNTS}
    found = {label: [] for label in (*paths, "one's own rows", *others)}
    for _round in range(ROUNDS):
        for label, path in paths.items():
            found[label].append(ours(path))
        found["one's own rows"].append(own("/complaint/"))
        for label, ask in others.items():
            found[label].append(ask(""))
    return found


def p50(answer):
    return figures.median_ms(answer["cpu" if "--cpu" in sys.argv else "took"])


def main():
    if "--serve" in sys.argv:
        at = sys.argv.index("--serve")
        serve(*sys.argv[at + 1 : at + 3], refused="--any" in sys.argv)
        return 0
    with figures.databases(sys.argv[1:]) as found:
        for database in found:
            measure(database, alone="--alone" in sys.argv)
    return figures.done()


if __name__ == "__main__":
    sys.exit(main())
