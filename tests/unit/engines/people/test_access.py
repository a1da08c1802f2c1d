"""What an account may do and where: holdings, deputies, posts, units."""

import datetime as dt

import pytest
from flask_appbuilder.security.sqla.models import User

from app.core import access, actor, clock
from app.core.access import Reach
from app.core.db import session
from app.core.errors import Forbidden, Refusal
from app.engines.people import catalogue
from app.engines.people import operations as people
from app.engines.people.models import Employee, OrgUnit
from tests.portal import counted, find, inside, person, portal, row_id, unit

__all__ = ["inside", "portal"]

DAY = dt.timedelta(days=1)


def access_of(name):
    return people.load_access(row_id(User, username=name))


# -- access ------------------------------------------------------------------------------------------------------------


def test_roles_in_two_units_are_never_mixed(inside):
    """Manager in S and quality officer of the unit Q: what the manager may write stays in S."""
    sales, quality = find(OrgUnit, code="S"), find(OrgUnit, code="Q")
    eve = access_of("eve")
    assert {r.unit_id for r in eve.reaches("customer", "write")} == {sales.id}
    assert {(r.unit_id, r.scope) for r in eve.reaches("customer", "read") if r.scope != "own"} == {
        (sales.id, "unit_and_below"), (quality.id, "unit"),
    }
    assert [(p.code, p.unit_id) for p in eve.posts] == [("B02.qc", quality.id), ("B02.sales_manager", sales.id)]
    assert eve.holds(["B02.qc"], unit_id=sales.id) is None


def test_chosen_units_open_what_is_below_them(inside):
    group, sales, quality = (find(OrgUnit, code=code) for code in "GSQ")
    for chosen, opened in ((group, {group, sales, quality}), (sales, {sales})):
        reach = Reach("units", quality.id, quality.path, (chosen.id,))
        found = set(session.scalars(access.units(reach)))
        assert {unit.id for unit in opened} <= found
        for one in (group, sales, quality):
            assert access.covers(reach, one) is (one in opened) is (one.id in found)


@pytest.mark.parametrize("name", ["root", "eve", "amy"])
def test_access_takes_one_statement(inside, name):
    user_id = row_id(User, username=name)
    with counted() as sent:
        found = people.load_access(user_id)
    assert len(sent) == 1
    assert found.everything == (name == "root")


def test_an_account_without_a_person_may_do_nothing(inside):
    user = User(username="lonely", first_name="L", last_name="L", email="l@example.com", active=True)
    session.add(user)
    session.flush()
    found = people.load_access(user.id)
    assert (found.employee_id, found.everything, found.grants, found.posts) == (None, False, {}, ())


def test_holdings_count_from_their_first_to_their_last_day(inside):
    amy, quality = find(Employee, number="AMY"), find(OrgUnit, code="Q")
    today = clock.today()
    people.give(amy, "quality_officer", quality, post="B02.qc", valid_from=today + DAY, valid_to=today + 2 * DAY)
    for days, holds in ((0, False), (1, True), (2, True), (3, False)):
        with clock.freeze(dt.datetime.combine(today + days * DAY, dt.time(0, 0))):
            assert bool(access_of("amy").posts) is holds
        with clock.freeze(dt.datetime.combine(today + days * DAY, dt.time(23, 59))):
            assert bool(access_of("amy").posts) is holds


def test_who_has_left_holds_nothing(inside):
    find(Employee, number="EVE").active = False
    session.flush()
    assert access_of("eve").grants == {}
    assert people.holders("B02.qc") == []


# -- deputies ----------------------------------------------------------------------------------------------------------


def depute(only=()):
    today = clock.today()
    eve, amy = find(Employee, number="EVE"), find(Employee, number="AMY")
    return people.appoint_deputy(eve, amy, today, today + DAY, "出差", only)


def test_a_deputy_reaches_what_the_absent_person_reaches(inside):
    quality, eve = find(OrgUnit, code="Q"), find(Employee, number="EVE")
    depute()
    amy = access_of("amy")
    assert Reach("unit", quality.id, quality.path, (), eve.id) in amy.reaches("complaint", "move")
    assert {p.for_employee_id for p in amy.posts} == {eve.id}
    assert [e.number for e in people.holders("B02.qc")] == ["AMY", "EVE"]


def test_a_deputy_for_one_post_gets_no_other(inside):
    depute(["B02.qc"])
    assert [p.code for p in access_of("amy").posts] == ["B02.qc"]
    assert [e.number for e in people.holders("B02.sales_manager")] == ["EVE"]


def test_a_deputy_of_an_administrator_does_not_administer(inside):
    today = clock.today()
    root, amy, group = find(Employee, number="ROOT"), find(Employee, number="AMY"), find(OrgUnit, code="G")
    people.give(root, catalogue.ADMIN, group)
    people.appoint_deputy(root, amy, today, today, "休假")
    assert access_of("root").everything
    assert not access_of("amy").everything


def test_a_deputy_sees_the_own_rows_of_the_absent_person(inside):
    amy, bob = find(Employee, number="AMY"), find(Employee, number="BOB")
    people.appoint_deputy(amy, bob, clock.today(), clock.today(), "病假")
    assert {r.owner_id for r in access_of("bob").reaches("customer", "write")} == {None, amy.id}


def test_nobody_deputes_for_strangers(inside):
    today = clock.today()
    with actor.acting_as(row_id(User, username="bob")):
        bob, amy, ann = (find(Employee, number=n) for n in ("BOB", "AMY", "ANN"))
        people.appoint_deputy(bob, amy, today, today, "出差")
        with pytest.raises(Forbidden):
            people.appoint_deputy(ann, bob, today, today, "好奇")


@pytest.mark.parametrize(
    "change", [{"stand_in": "EVE"}, {"first": 2, "last": 1}, {"last": -1, "first": -2}, {"reason": " "}]
)
def test_a_deputy_that_makes_no_sense_is_refused(inside, change):
    asked = {"stand_in": "AMY", "first": 0, "last": 1, "reason": "出差"} | change
    today = clock.today()
    with pytest.raises(Refusal):
        people.appoint_deputy(
            find(Employee, number="EVE"), find(Employee, number=asked["stand_in"]),
            today + asked["first"] * DAY, today + asked["last"] * DAY, asked["reason"],
        )


# -- posts -------------------------------------------------------------------------------------------------------------


def test_holders_of_many_posts_take_one_statement(inside):
    sales, quality = find(OrgUnit, code="S"), find(OrgUnit, code="Q")
    with counted() as sent:
        found = people.holders_many(["B02.qc", "B02.sales_manager"])
    assert len(sent) == 1
    assert sorted(seat[:3] for seat in found) == [
        ("B02.qc", quality.path, quality.id), ("B02.sales_manager", sales.path, sales.id),
    ]
    assert [s.post for s in people.holders_many(["B02.qc", "B02.sales_manager"], [sales.path])] == ["B02.sales_manager"]


def test_the_unit_of_a_post_is_the_highest_inside_the_path(inside):
    quality = find(OrgUnit, code="Q")
    below = unit("Q1", quality)
    people.give(find(Employee, number="ANN"), "quality_officer", below, post="B02.qc")
    assert people.unit_of_post("B02.qc") == quality.id
    assert people.unit_of_post("B02.qc", below.path) == below.id
    assert people.unit_of_post("B02.qc", find(OrgUnit, code="S").path) is None


# -- units -------------------------------------------------------------------------------------------------------------


def test_a_moved_unit_takes_everything_below_it_along(inside):
    group, sales, quality = (find(OrgUnit, code=code) for code in "GSQ")
    inner = unit("S1", sales)
    deep = unit("S2", inner)
    assert deep.path == f"/{group.id}/{sales.id}/{inner.id}/{deep.id}/"
    people.move_unit(inner, quality)
    assert deep.path == f"/{group.id}/{quality.id}/{inner.id}/{deep.id}/"
    people.move_unit(inner, None)
    assert (inner.path, deep.path) == (f"/{inner.id}/", f"/{inner.id}/{deep.id}/")


def test_a_parent_changed_on_a_form_moves_the_unit_just_so(inside):
    sales, quality = find(OrgUnit, code="S"), find(OrgUnit, code="Q")
    sales.parent_id = quality.id
    session.flush()
    assert sales.path == f"{quality.path}{sales.id}/"


@pytest.mark.parametrize("below", ["S", "S1"])
def test_a_unit_never_belongs_to_itself(inside, below):
    sales = find(OrgUnit, code="S")
    unit("S1", sales)
    with inside.test_request_context(), pytest.raises(Refusal):
        people.move_unit(sales, find(OrgUnit, code=below))


def test_opening_an_account_gives_the_base_role(inside):
    home = find(OrgUnit, code="S")
    newcomer, user = person("new", home)
    assert newcomer.account_id == user.id
    assert access_of("new").can("employee", "read")
    with pytest.raises(Refusal):
        people.open_account(newcomer, "second")


def test_the_current_access_is_loaded_once_per_request(portal):
    with portal.test_request_context(), portal.app_context():
        user_id = row_id(User, username="amy")
        with actor.acting_as(user_id), counted() as sent:
            for _n in range(3):
                access.current().can("customer", "read")
        assert len(sent) == 1
