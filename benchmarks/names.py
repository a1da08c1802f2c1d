"""Names found among 100,000 customers: by two Chinese characters, initials, number and telephone, beside a scan.

The look-up of a form, within the reach of a manager (every row) and of a salesperson (one row in a hundred), beside the
peer: the same page of rows by a scan with LIKE, which finds neither initials nor telephones.
Run: python benchmarks/names.py [--sqlite] [--cpu] [postgresql://…]; --cpu shows the processor's time of this process.
"""

import datetime as dt
import random
import sys
import tempfile
import time

import figures
import sqlalchemy as sa
from flask import current_app
from flask_appbuilder.security.sqla.models import User

from app import settle
from app.areas.customers.customer import Customer
from app.bootstrap import steps
from app.core import actor, clock, lookups, saving
from app.core.db import Model, db, session
from app.core.register import registers
from app.demo import company
from app.engines.people.models import Employee
from app.engines.search import operations
from app.engines.search.models import SearchToken

CUSTOMERS, BATCH, REPS, ROUNDS, QUESTIONS = 100_000, 5_000, 100, 3, 60
LIMIT, WRITE = 25, 20
CITIES = "北京上海广州深圳苏州杭州南京武汉成都重庆西安郑州长沙青岛宁波无锡佛山东莞合肥济南"
TRADES = "电子科技贸易机械实业建材化工物流纺织食品医药能源热力房产酒店汽车通信印刷包装光电"
SIGNS = (
    "启衡华润万家瑞丰恒信德隆昌盛宏远博雅嘉禾金鼎天成海纳百川东方正大新兴立达通利安泰和顺永固江河湖山林森木石玉宝珠龙凤"
    "麒麟鹏程飞翔明阳晨曦朝晖星辰月华云霞雨露春秋冬夏梅兰竹菊松柏桂荣富强民主文明友善诚信敬业爱国公正法治平等自由"
)
FORMS = ["有限公司", "有限责任公司", "股份有限公司"]
PASSWORD = "Plain-words-7"
NOW = dt.datetime(2025, 10, 10, 9, 0)


def pair(words, chance):
    """One of the words of two characters in a row of them."""
    at = 2 * chance.randrange(len(words) // 2)
    return words[at : at + 2]


def rows(unit, people):
    """Companies and persons with telephones, each salesperson with as many."""
    chance = random.Random(5)
    for number in range(CUSTOMERS):
        core = "".join(chance.choices(SIGNS, k=chance.choice((2, 2, 2, 3))))
        name = pair(CITIES, chance) + core + pair(TRADES, chance) + chance.choice(FORMS)
        yield {
            "customer_no": f"K{number:06}", "name": name, "side": "buyer", "country": "CN", "unit_id": unit,
            "owner_id": people[number % len(people)], "contact_phone": f"13{chance.randrange(10**9):09}",
            "standing": "active",
        }


def fill():
    """The company of the model policy, its people, and the customers; the index is made by the command."""
    Model.metadata.create_all(db.engine)
    for step in steps.STEPS:
        steps.call(step.path)
    company.found(PASSWORD, "B02")
    rep = session.scalars(sa.select(Employee).where(Employee.name == "许文静")).one()
    others = [Employee(number=f"Z{n:03}", name=f"业务{n}", unit_id=rep.unit_id) for n in range(REPS - 1)]
    session.add_all(others)
    session.flush()
    made = list(rows(rep.unit_id, [rep.id, *(one.id for one in others)]))
    for at in range(0, CUSTOMERS, BATCH):
        session.execute(sa.insert(Customer.__table__), made[at : at + BATCH])
    session.commit()


def build():
    """Make the index by the command's way; seconds."""

    def work():
        for _done in operations.rebuild(registers()["customer"]):
            session.commit()

    seconds = figures.timed(work)
    session.connection().exec_driver_sql("ANALYZE")
    session.commit()
    return seconds


def scan(text):
    """The peer: the first page of customers whose name or number holds the text."""
    table = Customer.__table__
    holds = sa.or_(table.c.name.contains(text), table.c.customer_no.contains(text))
    chosen = sa.select(table.c.id, table.c.name, table.c.customer_no).where(holds)
    return session.execute(chosen.order_by(table.c.name, table.c.id).limit(21)).all()


def questions():
    """Questions by kind, each of names that exist."""
    chance, table = random.Random(7), Customer.__table__
    ids = chance.sample(range(1, CUSTOMERS), QUESTIONS)
    found = session.execute(sa.select(table.c.name, table.c.customer_no).where(table.c.id.in_(ids))).all()
    initials = ["".join(operations.calc.initials(sign)[0] for sign in name[2:6]) for name, _number in found]
    return {
        "two Chinese characters": [name[2:4] for name, _number in found],
        "initials of four characters": initials,
        "initials of two characters": [text[:2] for text in initials],
        "the name whole": [name for name, _number in found],
        "number": [number for _name, number in found],
        "last four digits": [f"{chance.randrange(10_000):04}" for _row in found],
        "characters that every name has": ["有限"] * 5,
    }


def measured(ask, texts):
    """The median of the best round, in ms."""
    tick = time.process_time if "--cpu" in sys.argv else time.perf_counter
    best = None
    for _round in range(ROUNDS):
        took = []
        for text in texts:
            began = tick()
            ask(text)
            took.append(tick() - began)
        median = figures.median_ms(took)
        best = median if best is None else min(best, median)
    return best


def looked_up(text):
    """One look-up as a request makes it: who asks is found out once."""
    with current_app.test_request_context("/"):
        return lookups.look_up("customer", text, "1")


def judge(database, folder):
    """All figures on one database."""
    app = figures.program(database.empty("names"), folder)
    with app.app_context(), clock.freeze(NOW):
        fill()
        settle()
        figures.title(f"{database.name}: {CUSTOMERS:,} customers")
        took = build()
        tokens = session.scalar(sa.select(sa.func.count()).select_from(SearchToken))
        print(f"{'index made anew':46}{took:12.1f} s{tokens / CUSTOMERS:14.1f} tokens a row", flush=True)
        rare = questions()
        peers = {kind: measured(scan, texts[:10]) for kind, texts in rare.items() if "initials" not in kind}
        for who, account in (("manager", "songzhiwei"), ("salesperson", "xuwenjing")):
            user = session.scalars(sa.select(User).where(User.username == account)).one()
            with actor.acting_as(user.id):
                for kind, texts in rare.items():
                    limit = None if "every" in kind else LIMIT
                    figures.line(f"{who}: {kind}", measured(looked_up, texts), floor=peers.get(kind), limit=limit)
        write()
        figures.leave()


def write():
    """What keeping the tokens adds to the saving of a customer."""
    register, number = registers()["customer"], iter(range(10**6))

    def one():
        body = {"customer_no": f"W{next(number)}", "name": "苏州启衡电子有限公司", "contact_phone": "13812345678"}
        saving.create(register, body)
        session.commit()

    with_tokens = measured(lambda _text: one(), range(20))
    keep, operations.keep = operations.keep, lambda _wanted: None
    without = measured(lambda _text: one(), range(20))
    operations.keep = keep
    figures.line("a customer saved", with_tokens, floor=without, limit=without + WRITE)


def main():
    """Measure and judge on each database."""
    with figures.databases(sys.argv[1:]) as databases:
        for database in databases:
            with tempfile.TemporaryDirectory() as folder:
                judge(database, folder)
    return figures.done()


if __name__ == "__main__":
    sys.exit(main())
