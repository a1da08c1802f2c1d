"""Many rows on PostgreSQL: one stream, with every kind of value as an INSERT keeps it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError

from app.core import copying
from app.core.types import Json, Money, UtcDateTime
from tests.postgres import fresh_database

FIRST = dt.datetime(2025, 9, 10, 8, 30, 0, 123456, tzinfo=dt.UTC)
things = sa.Table(
    "things", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(50)),
    sa.Column("amount", Money), sa.Column("at", UtcDateTime), sa.Column("told", Json), sa.Column("right", sa.Boolean),
    sa.Column("seal", sa.LargeBinary), sa.Column("day", sa.Date), sa.Column("signs", postgresql.ARRAY(sa.Text)),
)  # fmt: skip


def row(number: int):
    return {
        "id": number, "name": None if number % 3 else f"一\t“{number}”\n\\N\\", "amount": Decimal(number) / 100,
        "at": FIRST, "told": {"名": [number, None]}, "right": number % 2 == 0, "seal": bytes([0, 92, number % 256]),
        "day": FIRST.date(), "signs": ["a,b", '"', "\\", None],
    }  # fmt: skip


@pytest.mark.postgres
@pytest.mark.parametrize("count", [copying.MANY - 1, copying.MANY, 1000])
def test_what_is_copied_is_what_would_have_been_inserted(count, monkeypatch):
    copied = copying.as_copy
    with fresh_database() as url:
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        things.metadata.create_all(engine)
        rows, sent = [row(number) for number in range(count)], []
        monkeypatch.setattr(copying, "as_copy", lambda statement: sent.append(copied(statement)) or sent[-1])
        with engine.begin() as connection:
            connection.execute(sa.insert(things), rows)
            found = [dict(one) for one in connection.execute(sa.select(things).order_by(things.c.id)).mappings()]
        assert found == rows
        assert [command.partition(" (")[0] for command, _names in sent] == ["COPY things"] * (count >= copying.MANY)
        with pytest.raises(IntegrityError), engine.begin() as connection:
            connection.execute(sa.insert(things), [row(number) for number in range(count - 1, 2 * count)])
        with engine.begin() as connection:
            assert connection.scalar(sa.select(sa.func.count()).select_from(things)) == count


@pytest.mark.parametrize(
    ("statement", "copy"),
    [
        ("INSERT INTO a (b, c) VALUES (%(b)s::VARCHAR, %(c_1)s)", ("COPY a (b, c) FROM STDIN", ("b", "c_1"))),
        ('INSERT INTO "a" ("b") VALUES (%(b)s::NUMERIC(14, 2))', ('COPY "a" ("b") FROM STDIN', ("b",))),
        ("INSERT INTO a (b) VALUES (lower(%(b)s))", None),
        ("INSERT INTO a (b, c) VALUES (%(b)s, now())", None),
        ("INSERT INTO a (b) VALUES (%(b)s) RETURNING a.id", None),
        ("INSERT INTO a (b) VALUES (%(b)s) ON CONFLICT DO NOTHING", None),
        ("UPDATE a SET b = %(b)s", None),
    ],
)
def test_only_plain_values_are_copied(statement, copy):
    assert copying.as_copy(statement) == copy
