from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.core import crypto
from app.core.db import session
from app.engines.people.models import Employee

OLD, NEW, INDEX = b"o" * 32, b"n" * 32, b"i" * 32
STORED = sa.text("SELECT mobile FROM employee")


def keys(active: str = "old", **data: bytes) -> Flask:
    made = Flask("keys")
    made.config.update(KEZHI_DATA_KEYS=data or {"old": OLD}, KEZHI_ACTIVE_KEY=active, KEZHI_INDEX_KEY=INDEX)
    return made


@given(st.text())
def test_a_value_comes_back_and_never_shows(value):
    with keys().app_context():
        stored = crypto.encrypt(value, "employee.mobile")
        assert crypto.decrypt(stored, "employee.mobile") == value
        assert stored.startswith("old:")
        assert stored != crypto.encrypt(value, "employee.mobile")


def test_a_new_active_key_writes_and_the_old_one_still_reads():
    with keys().app_context():
        before = crypto.encrypt("=1+1")
    with keys("new", old=OLD, new=NEW).app_context():
        assert crypto.decrypt(before) == "=1+1"
        assert crypto.encrypt("=1+1").startswith("new:")


def test_an_unknown_key_is_named():
    with keys().app_context():
        stored = crypto.encrypt("13812345678")
    with keys("new", new=NEW).app_context(), pytest.raises(crypto.UnknownKey, match=r"employee\.mobile.*'old'"):
        crypto.decrypt(stored, "employee.mobile")


def test_a_wrong_key_under_the_right_name_is_refused():
    with keys().app_context():
        stored = crypto.encrypt("13812345678")
    with keys("old", old=NEW).app_context(), pytest.raises(crypto.CryptoError, match="cannot be opened"):
        crypto.decrypt(stored)


@pytest.mark.parametrize("change", [lambda s: s[:-5] + "AAAA=", lambda s: s[:-1], lambda s: "old:", lambda s: "old:?"])
def test_a_changed_value_is_refused(change):
    with keys().app_context():
        stored = change(crypto.encrypt("13812345678"))
        with pytest.raises(crypto.CryptoError):
            crypto.decrypt(stored)


def test_a_value_copied_into_another_column_is_refused():
    with keys().app_context():
        stored = crypto.encrypt("13812345678", "employee.mobile")
        with pytest.raises(crypto.CryptoError, match="belongs to another column"):
            crypto.decrypt(stored, "customer.phone")


@pytest.mark.parametrize(
    "wrong",
    [
        {"KEZHI_DATA_KEYS": {}},
        {"KEZHI_ACTIVE_KEY": "other"},
        {"KEZHI_DATA_KEYS": {"a:b": OLD}, "KEZHI_ACTIVE_KEY": "a:b"},
        {"KEZHI_DATA_KEYS": {"old": b"short"}},
        {"KEZHI_INDEX_KEY": b""},
    ],
)
def test_keys_that_cannot_serve_are_refused(wrong):
    made = keys()
    made.config.update(wrong)
    with made.app_context(), pytest.raises(crypto.CryptoError):
        crypto.ring()


def test_the_blind_index_sees_through_width_case_and_spaces():
    with keys().app_context():
        assert crypto.blind_index(" ａbc１３ ") == crypto.blind_index("ABC13")
        assert crypto.blind_index("ABC13") != crypto.blind_index("ABC14")
        mine = crypto.blind_index("ABC13")
    other = keys()
    other.config["KEZHI_INDEX_KEY"] = NEW
    with other.app_context():
        assert crypto.blind_index("ABC13") != mine


# -- in a table ------------------------------------------------------------------------------------------------------


def test_the_database_never_sees_a_personal_value(employee):
    assert session.execute(STORED).scalar_one().startswith("test:")
    session.expire_all()
    assert session.get(Employee, employee.id).mobile == "13812345678"


def test_the_index_follows_the_value(employee):
    assert employee.mobile_index == crypto.blind_index("13812345678")
    employee.mobile = "13900000000"
    session.commit()
    assert employee.mobile_index == crypto.blind_index("13900000000")
    employee.name = "李四"
    session.commit()
    assert employee.mobile_index == crypto.blind_index("13900000000")
    employee.mobile = None
    session.commit()
    assert employee.mobile_index is None


def test_rows_inserted_in_bulk_are_indexed_too(unit):
    rows = [{"number": n, "name": n, "unit_id": unit.id, "mobile": m} for n, m in (("A", "１３８"), ("B", None))]
    session.execute(sa.insert(Employee), rows)
    indexed = sa.select(Employee.mobile_index).order_by(Employee.number)
    assert session.scalars(indexed).all() == [crypto.blind_index("138"), None]


@pytest.mark.parametrize(
    "compare", [lambda c: c == "1", lambda c: c.in_(["1"]), lambda c: c.like("1%"), lambda c: c.desc()]
)
def test_a_comparison_that_could_find_nothing_is_an_error(compare):
    with pytest.raises(TypeError, match="blind index"):
        compare(Employee.mobile)


def test_emptiness_can_be_asked(employee):
    assert session.scalars(sa.select(Employee.name).where(Employee.mobile.is_not(None))).all() == ["张三丰"]
    assert session.scalars(sa.select(Employee.name).where(Employee.mobile == None)).all() == []  # noqa: E711
