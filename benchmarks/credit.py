"""Credit: races for one limit and one cap, unrelated customers, what the check costs, and customers with many debts.

PostgreSQL is measured with two worker processes, SQLite with one process and four threads. Each pair of documents wants
one headroom; exactly one may have it, and the loser is told limit, used, requested, excess and clause. The limit of a
customer and the bound of the company are those of A03, the rolling limit that of A10. The processor's share of a time
stands below it, since a clock also counts who else works on the machine.
Run: python benchmarks/credit.py [--sqlite] [--pairs=200] [postgresql://…]
"""

import multiprocessing
import statistics
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from unittest import mock

import figures
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app import create_app, settle
from app.areas.credit.shipment import Shipment
from app.core import actor, hooks, moves, saving
from app.core.db import db, session
from app.core.errors import Refusal
from app.core.register import registers
from app.engines.credit import operations as credit
from benchmarks import credit_dealers as dealers
from benchmarks import credit_trade as trade

CLERK = "gdmiaoli"
OTHERS, CLIENTS, EACH = 240, 4, Decimal("60000.00")
CHECKED, ROUNDS = 25, 25
CHECK_MS, WHOLE_MS, SOME_MS, MANY_MS, HELD_MS, LEAST_RATE, LEAST_SHARE = 10, 60, 5, 10, 10, 15, 0.6


def app_on(url, folder):
    """The program on a database."""
    return create_app(
        TESTING=True, SQLALCHEMY_DATABASE_URI=url, WTF_CSRF_ENABLED=False, KEZHI_FILES=folder, KEZHI_INSTANCE=folder,
        FAB_PASSWORD_HASH_METHOD="pbkdf2:sha256:1",
    )  # fmt: skip


# -- work ------------------------------------------------------------------------------------------------------------


def clerk():
    """The account that writes orders."""
    return session.scalar(sa.select(User.id).where(User.username == CLERK))


def draft(customer, amount):
    """An order that waits to be put to the check; committed."""
    told = {"customer_id": customer, "amount": str(amount), "goods": "空调"}
    key = saving.create(registers()["shipment"], told).record.id
    session.commit()
    return key


def put(key):
    """Put an order to the check and commit: whether it was let go, and the numbers of a refusal."""
    try:
        moves.move(session.get_one(Shipment, key), "submit")
        session.commit()
        return True, None
    except Refusal as refusal:
        session.rollback()
        return False, [problem for problem in refusal.problems if problem.rule == "within"]


KINDS = {"rolling": (CLERK, "put"), "limit": (trade.SELLER, trade.use), "cap": (trade.SELLER, trade.grant)}
"""What two race for: who acts, and how."""


def at_once(made, kind, keys, first, gate):
    """Put the documents of one process or thread to the check, one after the other, as the gate lets it.

    For the bound of the company whoever is ``first`` gives the headroom back after each pair. Answers what became of
    each, and how long the row of the bound was held.
    """
    name, act = KINDS[kind]
    with made.app_context(), trade.held() as spans:
        who = session.scalar(sa.select(User.id).where(User.username == name))
        session.remove()
        done = []
        for key in keys:
            gate.wait(60)
            done.append(as_somebody(who, key, put if act == "put" else act))
            if kind == "cap":
                gate.wait(60)
                if first:
                    trade.free_again()
                    session.remove()
    return done, list(spans)


def as_somebody(who, key, act=put):
    """Put a document to the check as a request does: nothing is open before or after."""
    try:
        with actor.acting_as(who):
            return act(key)
    finally:
        session.remove()


def drafts(made, customers, amount):
    """Orders of the customers."""
    with made.app_context(), actor.acting_as(clerk()):
        found = [draft(customer, amount) for customer in customers]
        session.remove()
    return found


# -- races -----------------------------------------------------------------------------------------------------------


def race(server, made, url, folder, kind, halves):
    """Two documents for one headroom at the same moment, as often as there are pairs."""
    parts = [(kind, half, n == 0) for n, half in enumerate(halves)]
    if server.name == "SQLite":
        gate = threading.Barrier(2)
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(lambda part: at_once(made, *part, gate), parts))
    else:
        found = in_processes(at_once, url, folder, parts)
    answers = [done for done, _spans in found]
    both = [one[0] and other[0] for one, other in zip(*answers, strict=True)]
    neither = [not one[0] and not other[0] for one, other in zip(*answers, strict=True)]
    told = [problems for half in answers for granted, problems in half if not granted]
    complete = sum(bool(p and p[0].figures and p[0].clause and set(p[0].figures) >= NUMBERS) for p in told)
    figures.line(f"{kind}: pairs over-granted", sum(both), "", limit=0)
    figures.line(f"{kind}: pairs refused both", sum(neither), "", limit=0)
    figures.line(f"{kind}: losers told everything", complete, "", limit=len(halves[0]), least=True)
    spans = [span for _done, held in found for span in held]
    if kind == "cap":
        figures.line("cap: its row is held, p50", figures.median_ms(spans), limit=HELD_MS)
    else:
        figures.line(f"{kind}: locks of a bound of the company", len(spans), "", limit=0)


NUMBERS = {"limit", "used", "requested", "excess"}


def in_processes(work, url, folder, parts):
    """What ``work`` answers to each part, in a process each that begin together."""
    context = multiprocessing.get_context("spawn")
    gate, results = context.Barrier(len(parts)), context.Queue()
    given = [(work, url, folder, part, gate, results, n) for n, part in enumerate(parts)]
    workers = [context.Process(target=_worker, args=args) for args in given]
    for worker in workers:
        worker.start()
    answers = dict(results.get(timeout=600) for _worker_ in workers)
    for worker in workers:
        worker.join(60)
    return [answers[n] for n in range(len(parts))]


def _worker(work, url, folder, part, gate, results, n):
    results.put((n, work(app_on(url, folder), *part, gate)))


def races(server, made, url, folder, customers, pairs):
    """All three: rolling limit, limit of a customer, bound of the company."""
    race(server, made, url, folder, "rolling", [drafts(made, customers, EACH) for _half in range(2)])
    with made.app_context(), actor.acting_as(clerk()):
        partners = trade.customers(3 * pairs)
        halves = trade.deals(partners[:pairs])
        session.remove()
    race(server, made, url, folder, "limit", halves)
    with made.app_context(), actor.acting_as(clerk()):
        halves = trade.requests(partners[pairs:])
        session.remove()
    race(server, made, url, folder, "cap", halves)


# -- unrelated customers ---------------------------------------------------------------------------------------------


def unrelated(server, made, url, folder, customers):
    """Orders of different customers with four clients, with the check and without it."""
    rates = {}
    for checked in (True, False):
        keys = drafts(made, customers, Decimal("50.00"))
        parts = [keys[n::CLIENTS] for n in range(CLIENTS)]
        if server.name == "SQLite":
            answers = [serve(made, parts, checked)]
        else:
            answers = in_processes(serve, url, folder, [(parts[n::2], checked) for n in range(2)])
        spent = max(end for _began, end, _let in answers) - min(began for began, _end, _let in answers)
        rates[checked] = len(keys) / spent
        if checked:
            let = sum(let for _began, _end, let in answers)
            figures.line("unrelated let go", let, "", limit=len(keys), least=True)
    figures.line("a second", rates[True], "/s", floor=rates[False], times=LEAST_SHARE, least=True)
    figures.line("a second", rates[True], "/s", limit=LEAST_RATE, least=True)


def let_pass(step):
    """No check: every order goes within its limit."""
    step.whole.update({"route": "within"})
    return ()


def serve(made, parts, checked, gate=None):
    """A thread for each part: when it began and ended, by the clock of the machine, and how many were let go."""
    if gate is not None:
        gate.wait(120)
    with mock.patch.dict(hooks._guards, {} if checked else {credit.GUARD: let_pass}):
        began = time.monotonic()
        with ThreadPoolExecutor(len(parts)) as pool:
            done = list(pool.map(_serve, [made] * len(parts), parts))
        return began, time.monotonic(), sum(map(sum, done))


def _serve(made, keys):
    with made.app_context():
        who = clerk()
        session.remove()
        return [as_somebody(who, key)[0] for key in keys]


# -- one client ------------------------------------------------------------------------------------------------------


def alone(made, customers, few, many):
    """What the check costs one client, for customers with no, some and many open documents."""
    with made.app_context(), actor.acting_as(clerk()):
        dealers.debts(few, 500)
        dealers.debts(many, 5_000)
        whole, busy, checks = [], [], {}
        for name, pool in (("none", customers), ("some", [few]), ("many", [many])):
            checks[name] = [_checked(pool[n % len(pool)]) for n in range(CHECKED)]
        for n in range(ROUNDS):
            key = draft(customers[n % len(customers)], Decimal("1.00"))
            began, used = time.perf_counter(), time.thread_time()
            put(key)
            whole.append(time.perf_counter() - began)
            busy.append(time.thread_time() - used)
        session.remove()
    base, some, many_ = (statistics.median(one[0] for one in checks[name]) * 1000 for name in ("none", "some", "many"))
    figures.line("the check adds", base, limit=CHECK_MS)
    figures.line("of it this processor", figures.median_ms([one[1] for one in checks["none"]]))
    figures.line("a whole confirmation", figures.median_ms(whole), limit=WHOLE_MS)
    figures.line("of it this processor", figures.median_ms(busy))
    figures.line("more with 500 open documents", max(some - base, 0), limit=SOME_MS)
    figures.line("more with 5,000 open documents", max(many_ - base, 0), limit=MANY_MS)


def _checked(customer):
    """Seconds that lock, sum and verdict take on one order: by the clock, and of the processor."""
    row = session.get_one(Shipment, draft(customer, Decimal("1.00")))
    began, used = time.perf_counter(), time.thread_time()
    credit.verdict(row, account=credit.lock_for(row))
    took = time.perf_counter() - began, time.thread_time() - used
    session.rollback()
    return took


# -- all of it -------------------------------------------------------------------------------------------------------


def measure(server, pairs):
    """Every figure on one database."""
    figures.title(f"Credit on {server.name}")
    with tempfile.TemporaryDirectory() as folder:
        url = server.empty("credit")
        made = app_on(url, folder)
        keys = dealers.fill(made, pairs + OTHERS + 2)
        settle()
        races(server, made, url, folder, keys[:pairs], pairs)
        unrelated(server, made, url, folder, keys[pairs : pairs + OTHERS])
        alone(made, keys[pairs : pairs + OTHERS], keys[-2], keys[-1])
        with made.app_context():
            session.remove()
            db.engine.dispose()


def main():
    """Both databases, or SQLite alone."""
    pairs = next((int(word[8:]) for word in sys.argv if word.startswith("--pairs=")), 200)
    with figures.databases(sys.argv[1:]) as servers:
        for server in servers:
            measure(server, pairs)
    return figures.done()


if __name__ == "__main__":
    sys.exit(main())
