"""Kinds of fields: what a form shows is read back unchanged, what is answered fits its own description."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from app.core import kinds
from app.core.db import db
from app.core.fieldspec import FieldSpec
from app.core.types import MONEY_LIMIT
from tests.small import app

__all__ = ["app"]

CHOICES = {"a": "A", "b": "B", "c": "C"}
TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=50)
INSTANT = st.datetimes(dt.datetime(1950, 1, 1), dt.datetime(2200, 1, 1))
VALUES = {
    "text": (kinds.TextKind(), TEXT),
    "longtext": (kinds.LongTextKind(), TEXT.map(lambda text: f"{text}\n{text}")),
    "personal": (kinds.PersonalKind(), TEXT),
    "integer": (kinds.IntegerKind(), st.integers(-(2**53), 2**53)),
    "money": (kinds.MoneyKind(), st.decimals(-MONEY_LIMIT, MONEY_LIMIT, places=2)),
    "percent": (kinds.PercentKind(), st.decimals(-10000, 10000, places=4)),
    "date": (kinds.DateKind(), st.dates()),
    "datetime": (kinds.DateTimeKind(), INSTANT.map(lambda at: at.replace(microsecond=0, tzinfo=dt.UTC))),
    "boolean": (kinds.BooleanKind(), st.booleans()),
    "choice": (kinds.ChoiceKind(), st.sampled_from(sorted(CHOICES))),
    "choices": (kinds.ChoicesKind(), st.lists(st.sampled_from(sorted(CHOICES)), min_size=1, unique=True)),
    "ref": (kinds.RefKind(), st.integers(1, 2**53 - 1)),
    "refs": (kinds.RefsKind(), st.lists(st.integers(1, 2**53 - 1), min_size=1, unique=True)),
    "json": (kinds.JsonKind(), st.dictionaries(st.text(max_size=5), st.integers() | st.none() | st.booleans())),
}


def spec_of(kind, **more):
    return FieldSpec(kind, "Label", name="field", size=200, choices=CHOICES, **more)


def openapi_31(schema):
    """A schema of OpenAPI 3.0 as plain JSON schema."""
    schema = dict(schema)
    if schema.pop("nullable", False) and "type" in schema:
        schema["type"] = [schema["type"], "null"]
    return schema


@pytest.mark.parametrize("name", sorted(VALUES))
def test_what_a_form_shows_is_read_back_unchanged(name):
    kind, values = VALUES[name]
    spec = spec_of(kind)

    @given(values)
    def check(value):
        known = kind.read(value if not isinstance(value, dt.date | Decimal) else str(value), spec)
        assert kind.read(kind.write(known), spec) == known

    check()


@pytest.mark.parametrize("name", sorted(VALUES))
def test_what_is_answered_fits_its_description_and_is_taken_again(name):
    kind, values = VALUES[name]
    spec = spec_of(kind)
    described = Draft4Validator(openapi_31(kind.schema(spec)))

    @given(values)
    def check(value):
        known = kind.read(value if not isinstance(value, dt.date | Decimal) else str(value), spec)
        plain = kind.plain(known)
        described.validate(plain)
        assert kind.read(plain, spec) == known

    check()
    described.validate(kind.plain(None))


@pytest.mark.parametrize("name", sorted(set(VALUES) - {"choices", "refs", "json"}))
def test_nothing_but_blanks_is_no_value(name):
    kind, _values = VALUES[name]
    for raw in ("", "   ", "\t\n", None):
        assert kind.read(raw, spec_of(kind)) is None


@given(st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text() | st.integers())
       | st.dictionaries(st.text(), st.integers()))
def test_whatever_is_sent_is_read_or_refused_with_a_sentence(raw):
    for kind, _values in VALUES.values():
        said = "it was read"
        try:
            kind.read(raw, spec_of(kind))
        except ValueError as error:
            said = str(error.args[0])
        assert len(said) > 5


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (kinds.MoneyKind(), "1,234.5", Decimal("1234.5")), (kinds.MoneyKind(), "1，000", Decimal(1000)),
        (kinds.MoneyKind(), 12.5, Decimal("12.5")), (kinds.PercentKind(), "0.0001", Decimal("0.0001")),
        (kinds.DateTimeKind(), "2025-10-21 17:30", dt.datetime(2025, 10, 21, 9, 30, tzinfo=dt.UTC)),
        (kinds.DateTimeKind(), "2025-10-21T17:30", dt.datetime(2025, 10, 21, 9, 30, tzinfo=dt.UTC)),
        (kinds.DateTimeKind(), "2025-10-21T09:30+00:00", dt.datetime(2025, 10, 21, 9, 30, tzinfo=dt.UTC)),
        (kinds.BooleanKind(), "false", False), (kinds.BooleanKind(), False, False),
        (kinds.TextKind(), " 两边 ", "两边"), (kinds.LongTextKind(), "a\r\nb", "a\nb"),
    ],
)
def test_spellings_that_people_use(kind, raw, value):
    assert kind.read(raw, spec_of(kind)) == value


# -- columns on both databases -----------------------------------------------------------------------------------------


def test_every_stored_kind_comes_back_from_the_database_as_it_went_in(app):
    meta = sa.MetaData()
    stored = {name: pair for name, pair in VALUES.items() if name not in ("personal", "ref")}
    table = sa.Table(
        "trial", meta, sa.Column("id", sa.Integer, primary_key=True),
        *(sa.Column(name, kind.column_type(spec_of(kind))) for name, (kind, _values) in stored.items()),
    )
    meta.create_all(db.engine)
    given_ = {
        "text": "=1+1 “引号” 𠮷", "longtext": "一\n二", "integer": 2**53, "money": Decimal("-999999999999.99"),
        "percent": Decimal("33.3333"), "date": dt.date(1, 1, 1),
        "datetime": dt.datetime(2025, 10, 21, 23, 59, 59, tzinfo=dt.UTC), "boolean": False, "choice": "a",
        "choices": ["a", "c"], "refs": [3, 1], "json": {"n": [1, None, {"x": "是"}]},
    }
    with db.engine.begin() as connection:
        connection.execute(sa.insert(table), [given_ | {"id": 1}, dict.fromkeys(given_) | {"id": 2}])
        full, empty = connection.execute(sa.select(table).order_by(table.c.id)).mappings().all()
        assert {name: full[name] for name in given_} == given_
        assert {name: empty[name] for name in given_} == dict.fromkeys(given_)
        total = connection.scalar(sa.select(sa.func.sum(table.c.money)).where(table.c.money < Decimal("0.01")))
        assert Decimal(total) in (given_["money"], given_["money"] * 100)
    meta.drop_all(db.engine)
