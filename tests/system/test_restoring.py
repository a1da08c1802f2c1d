"""The tests' own ground: after a test the database holds what it held before, to the row and to the next number."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
import sqlalchemy as sa

from app.core.db import Model, db, session
from app.engines.people.models import Employee, OrgUnit
from tests.company import settings
from tests.portal import enter
from tests.small import DATABASES


def held(app):
    """Every row, and where the numbers of new rows go on."""
    with app.app_context():
        tables = {table.name: _rows(table) for table in Model.metadata.sorted_tables}
        if db.engine.dialect.name == "postgresql":
            tables["numbers"] = session.execute(sa.text("SELECT * FROM pg_sequences ORDER BY 1, 2")).all()
        session.remove()
    return tables


def _rows(table):
    return session.execute(sa.select(table).order_by(*table.primary_key)).all()


def disturb(app):
    """Rows come, change and go, numbers are used up in vain, and tables are emptied."""
    assert enter(app, "xuwenjing").get("/").status_code == 200
    with app.app_context():
        first = session.scalars(sa.select(OrgUnit).order_by(OrgUnit.id)).first()
        first.name = "改名"
        session.add(Employee(number="NEW", name="新人", unit_id=first.id))
        session.commit()
        session.add(Employee(number="NEWER", name="新人", unit_id=first.id))
        session.flush()
        session.rollback()
        for table in ("search_token", "calendar_day"):
            session.execute(sa.text(f"DELETE FROM {table}"))
        session.commit()
        session.remove()


def forget(app):
    """A connection that stays in the middle of a change."""
    with app.app_context():
        left = db.engine.connect()
    left.execute(sa.text("DELETE FROM login_event"))
    return left


@pytest.mark.parametrize("kind", DATABASES)
def test_nothing_of_a_test_is_left(companies, tmp_path, kind):
    program, seed = companies(kind, "B02")
    with ExitStack() as left:
        with program.on(seed, **settings(tmp_path)) as app:
            before = held(app)
            disturb(app)
            disturbed = held(app)
            if kind == "postgresql":
                left.callback(forget(app).invalidate)
        with program.on(seed, **settings(tmp_path)) as app:
            assert held(app) == before
    changed = {name for name in before if before[name] != disturbed[name]}
    assert changed >= {"org_unit", "employee", "search_token", "calendar_day", "account_session"}
