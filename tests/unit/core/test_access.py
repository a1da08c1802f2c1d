"""Conditions of reach that hold for every row or for none are told from those that depend on it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.core import access

ROW = sa.column("owner_id") == 1


@pytest.mark.parametrize(("condition", "told"), [
    (sa.true(), True), (sa.false(), False), (sa.or_(sa.false(), sa.true()), True), (sa.true() & sa.false(), False),
    (ROW, None), (sa.or_(sa.false(), ROW), None), (~ROW, None), (sa.not_(sa.true()), False),
])  # fmt: skip
def test_a_settled_condition(condition, told):
    assert access.settled(condition) is told
