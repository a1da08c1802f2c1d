"""The same people on PostgreSQL: one statement, paths, shipped roles, and attempts made at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.core import clock
from app.core.db import session
from app.engines.people import operations as people
from app.engines.people import roster, signins
from app.engines.people.models import Employee, OrgUnit
from tests.portal import counted, enter, row_id, small_company, token, unit

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def portal(programs, tmp_path_factory):
    with small_company(programs, "postgresql", tmp_path_factory.mktemp("postgres")) as made:
        yield made


@pytest.fixture
def inside(portal):
    with portal.app_context():
        yield portal
        session.rollback()


def test_access_takes_one_statement(inside):
    user_id = row_id(User, username="eve")
    with counted() as sent:
        eve = people.load_access(user_id)
    assert len(sent) == 1
    assert {r.unit_id for r in eve.reaches("customer", "write")} == {row_id(OrgUnit, code="S")}


def test_deputies_and_holders(inside):
    amy, eve = (session.scalars(sa.select(Employee).where(Employee.number == n)).one() for n in ("AMY", "EVE"))
    people.appoint_deputy(eve, amy, clock.today(), clock.today(), "出差", ["B02.qc"])
    assert {seat.employee_id for seat in people.holders_many(["B02.qc"])} == {amy.id, eve.id}
    assert [p.code for p in people.load_access(row_id(User, username="amy")).posts] == ["B02.qc"]


def test_units_move_with_all_below(inside):
    sales, quality = (session.scalars(sa.select(OrgUnit).where(OrgUnit.code == c)).one() for c in "SQ")
    inner = unit("S1", sales)
    people.move_unit(sales, quality)
    assert inner.path == f"{quality.path}{sales.id}/{inner.id}/"


def test_a_later_start_changes_nothing(inside):
    assert people.sync_roles() == {"added": 0, "removed": 0, "changed": 0}


def test_lists_for_administrators(inside):
    assert roster.role_counts()["salesperson"][0] == 2
    assert len(roster.lines("am")[0]) == 1
    assert signins.log(signins.Asked())[0]


def test_attempts_at_the_same_moment_do_not_outrun_the_limit(portal):
    def attempt(_n):
        body = {"username": "ann", "password": "wrong"}
        return portal.test_client().post("/api/v1/security/login", json=body).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(attempt, range(16)))
    assert answers == [401] * 5 + [429] * 11


def test_signing_in_works(portal):
    assert enter(portal, "bob").get("/people/").status_code == 403
    assert portal.test_client().get("/api/v1/customer/", headers=token(portal, "bob")).status_code == 200
    assert enter(portal, "root").get("/people/").status_code == 200
