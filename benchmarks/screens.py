"""Every screen that a GET opens, over a demo with 100,000 complaints and customers: time, statements, size of the HTML.

The addresses are those of the map of routes, as the tests walk it; each is asked for by the first who may see it.
Run: python benchmarks/screens.py [--sqlite] [--cpu] [--rows=N] [--only=WORD] [postgresql://…]; see README.md.
"""

import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass

import figures
import sqlalchemy as sa

from app import settle
from app.core.db import session
from app.core.register import registers
from app.demo import company
from app.engines.policy import stages
from tests import demo
from tests.portal import enter, name_posts
from tests.system import test_every_route as routes

ROWS = next((int(word.removeprefix("--rows=")) for word in sys.argv if word.startswith("--rows=")), 100_000)
ONLY = next((word.removeprefix("--only=") for word in sys.argv if word.startswith("--only=")), "")
PART, MODELS, OPEN_EACH, CALLS = 10_000, 400, 10, 5
WARM = {"SQLite": 1, "PostgreSQL": 12}
"""Calls before those that count: of a connection's first ten PostgreSQL plans each statement anew."""
APART, ALIKE = ("name", "name_key", "contact_phone", "contact_phone_index"), ("version",)
MS, SIZE, STATEMENTS = {"SQLite": 100, "PostgreSQL": 150}, 90, 25
WHO = ("songzhiwei", "xuwenjing", "kongdeming", "root")


@dataclass(frozen=True)
class Seen:
    """What a screen took: the median in ms, statements, KiB of HTML, and who looked."""

    ms: float
    statements: int
    size: float
    who: str


# -- rows --------------------------------------------------------------------------------------------------------------


def fill(app):
    """The demo of all policies, a row in every register, and many complaints and customers like those it has."""
    demo.begun_with(company.seed)(app)
    demo.fill(app)
    with app.app_context():
        for slug in ("customer", "complaint"):
            grow(slug, ROWS)
        routes._prepare()
        if session.connection().dialect.name == "postgresql":  # rows that brought their keys leave the sequence behind
            for slug in ("customer", "complaint", "deadline_clock"):
                session.execute(sa.text(f"SELECT setval(pg_get_serial_sequence('{slug}', 'id'), max(id)) FROM {slug}"))
        session.execute(sa.text("ANALYZE"))
        session.commit()


def grow(slug, number):
    """Copies of the rows that a register has, under keys, numbers and names of their own; their clocks go with them.

    One case in ten is like those that are in hand, the others like those that are closed.
    """
    table, clocks = registers()[slug].model.__table__, registers()["deadline_clock"].model.__table__
    likes = [dict(row) for row in session.execute(sa.select(table).order_by(table.c.id).limit(MODELS)).mappings()]
    first, numbers = session.scalar(sa.select(sa.func.max(table.c.id))) + 1, _numbered(table)
    running = defaultdict(list)
    for row in session.execute(sa.select(clocks).where(clocks.c.of_register == slug)).mappings():
        running[row["record_id"]].append(dict(row))
    latest = session.scalar(sa.select(sa.func.max(clocks.c.id))) + 1
    over = sa.select(table.c.id).where(stages.closed(registers()[slug]) if registers()[slug].from_pack else sa.true())
    closed = set(session.scalars(over))
    ended = [like for like in likes if like["id"] in closed]
    live = [like for like in likes if like["id"] not in closed]
    for start in range(0, number, PART):
        some = [(n, _like(n, live, ended)) for n in range(start, min(start + PART, number))]
        session.execute(sa.insert(table), [like | _own(like, first + n, numbers) for n, like in some])
        theirs = [row | {"record_id": first + n} for n, like in some for row in running[like["id"]]]
        if theirs:
            session.execute(sa.insert(clocks), [row | {"id": latest + at} for at, row in enumerate(theirs)])
        latest += len(theirs)
    session.commit()


def _like(n, live, ended):
    of = live if live and n % OPEN_EACH == 0 else ended
    return of[n // OPEN_EACH % len(of)]


def _numbered(table):
    """The columns that no two rows share, and what tells people apart; not the key, nor what refers to other rows."""
    kinds = [one for one in (*table.indexes, *table.constraints)
             if getattr(one, "unique", False) or isinstance(one, sa.UniqueConstraint)]  # fmt: skip
    named = {column for one in kinds for column in one.columns if column.name != "id" and not column.foreign_keys}
    return named | {table.c[name] for name in APART if name in table.c}


def _own(like, key, numbers):
    own = {c.name: f"G{key}" if isinstance(c.type, sa.String) else None for c in numbers if like[c.name] is not None}
    return {"id": key} | {name: value for name, value in own.items() if value or name not in ALIKE}


# -- screens -----------------------------------------------------------------------------------------------------------


def screens(app):
    """The addresses by endpoint that answer with a page."""
    found = {door.endpoint: door.address for door in routes.doors(app) if door.method == "GET" and not door.program}
    return {endpoint: address for endpoint, address in found.items() if ONLY in address}


def look(clients, address, sent, warm):
    """What a screen took for the first who may see it; nothing if it shows no HTML, or nobody may."""
    for who, client in clients.items():
        answer = client.get(address)
        if answer.status_code == 200:
            return _measured(client, address, sent, who, warm) if answer.mimetype == "text/html" else None
    return None


def _measured(client, address, sent, who, warm):
    read, took = time.process_time if "--cpu" in sys.argv else time.perf_counter, []
    for _call in range(warm):
        client.get(address)
    for _call in range(CALLS):
        sent.clear()
        began = read()
        body = client.get(address).get_data()
        took.append(read() - began)
    asked = [one for one in sent if not one.startswith(("SAVEPOINT", "RELEASE"))]
    return Seen(figures.median_ms(took), len(asked), len(body) / 1024, who)


def measure(database):
    with tempfile.TemporaryDirectory() as folder:
        app = figures.program(database.empty("screens"), folder)
        fill(app)
        name_posts()
        found = screens(app)
        settle()
        clients = {who: enter(app, who) for who in WHO}
        with figures.counted(app) as sent:
            seen = {address: look(clients, address, sent, WARM[database.name]) for address in found.values()}
        with app.app_context():
            figures.leave()
    report(database.name, seen)


def report(name, seen):
    """The ten slowest, those with the most statements and the largest, and every one that misses a limit."""
    pages = {address: one for address, one in seen.items() if one is not None}
    figures.title(f"{name}: {len(pages)} screens at {ROWS:,} complaints and customers (p50 of {CALLS})")
    for key, unit, limit in (("ms", "ms", MS[name]), ("statements", "", STATEMENTS), ("size", "KiB", SIZE)):
        worst = sorted(pages, key=lambda address: getattr(pages[address], key), reverse=True)
        for at, address in enumerate(worst):
            value = getattr(pages[address], key)
            if at < 10 or value > limit:
                figures.line(f"{key} {address}"[:45], value, unit, limit=limit)
    print(f"{len(seen) - len(pages)} more addresses have no page for these people, files among them")


def main():
    with figures.databases(sys.argv[1:]) as found:
        for database in found:
            measure(database)
    return figures.done()


if __name__ == "__main__":
    sys.exit(main())
