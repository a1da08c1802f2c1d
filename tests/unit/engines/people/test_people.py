"""Holdings, deputies, units and shipped roles."""

import datetime as dt
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import Permission, PermissionView, User, ViewMenu, assoc_permissionview_role

from app.areas.customers.customer import Customer
from app.core import access, actor, clock
from app.core.access import Reach
from app.core.db import session
from app.core.errors import Forbidden, Refusal
from app.core.register import registers
from app.engines.audit import operations as audit
from app.engines.people import calc, catalogue, shipped
from app.engines.people import operations as people
from app.engines.people.catalogue import Duty, Text
from app.engines.people.models import Employee, Holding, OrgUnit, RoleDefault
from tests.portal import counted, person, portal, row_id, seeded, unit

__all__ = ["portal", "seeded"]

DAY = dt.timedelta(days=1)


@pytest.fixture
def inside(portal):
    with portal.app_context():
        yield portal


def find(model, **by):
    return session.scalars(sa.select(model).filter_by(**by)).one()


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


# -- giving ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "more", "field"),
    [
        ("nobody", {}, "role"), ("salesperson", {"post": "B02.qc"}, "post"),
        ("quality_officer", {"scope": "units"}, "unit_ids"), ("quality_officer", {"unit_ids": [1]}, "unit_ids"),
        ("quality_officer", {"valid_to": dt.date(2000, 1, 1)}, "valid_to"), ("sales_manager", {}, "role"),
    ],
)
def test_what_does_not_fit_is_refused(inside, role, more, field):
    with pytest.raises(Refusal) as refused:
        people.give(find(Employee, number="BOB"), role, find(OrgUnit, code="S"), **more)
    assert refused.value.problems[0].field == field


def give_as(giver, person_, role, code):
    with actor.acting_as(row_id(User, username=giver)):
        return people.give(find(Employee, number=person_), role, find(OrgUnit, code=code))


def test_only_in_ones_reach_and_never_to_oneself(inside):
    assert give_as("sys", "AMY", "sales_manager", "S")
    for giver, to, role, code in (
        ("sys", "SYS", "sales_manager", "S"), ("sys", "AMY", catalogue.ADMIN, "S"), ("bob", "AMY", "salesperson", "S"),
    ):
        with pytest.raises(Forbidden):
            give_as(giver, to, role, code)


def test_an_administrator_of_one_branch_stays_in_it(inside):
    sales = find(OrgUnit, code="S")
    people.give(find(Employee, number="BOB"), "system_admin", sales, scope="unit_and_below")
    below = unit("S1", sales)
    assert give_as("bob", "AMY", "order_clerk", below.code)
    with pytest.raises(Forbidden):
        give_as("bob", "ANN", "order_clerk", "Q")
    with actor.acting_as(row_id(User, username="bob")), pytest.raises(Forbidden):
        people.reset_password(find(Employee, number="ANN"))


def test_an_administrators_account_is_left_to_administrators(inside):
    with actor.acting_as(row_id(User, username="sys")):
        for act in (people.reset_password, people.lock, people.sign_out):
            with pytest.raises(Forbidden):
                act(find(Employee, number="ROOT"))


def test_duties_kept_apart_everywhere_are_refused_anywhere(inside):
    ann, quality = find(Employee, number="ANN"), find(OrgUnit, code="Q")
    people.give(ann, "network_admin", quality)
    with pytest.raises(Refusal) as refused:
        people.give(ann, "security_auditor", quality)
    assert refused.value.problems[0].clause == "A01 第34条"


def test_other_duties_are_kept_apart_where_the_policy_is_adopted(inside, monkeypatch):
    sales, quality = find(OrgUnit, code="S"), find(OrgUnit, code="Q")
    adopted = {sales.id: [("A10", sales.id, sales.path)]}
    monkeypatch.setattr(people, "_adopted", lambda unit_id, _day: adopted.get(unit_id, []))
    ann, bob = find(Employee, number="ANN"), find(Employee, number="BOB")
    for who, where in ((ann, quality), (bob, sales)):
        people.give(who, "finance_officer", where)
    people.give(ann, "order_clerk", quality)
    with pytest.raises(Refusal):
        people.give(bob, "order_clerk", quality)
    people.end(find(Holding, owner_id=bob.id, role="finance_officer"), clock.today() + 5 * DAY)
    people.give(bob, "order_clerk", quality, valid_from=clock.today() + 9 * DAY)


def test_ending_takes_back_what_has_not_begun_and_closes_the_rest(inside):
    amy = find(Employee, number="AMY")
    begun = find(Holding, owner_id=amy.id, role="salesperson")
    begun.valid_from -= 5 * DAY
    later = people.give(amy, "order_clerk", find(OrgUnit, code="S"), valid_from=clock.today() + DAY)
    people.end(begun)
    people.end(later)
    assert begun.valid_to == clock.today() - DAY
    held = session.scalars(sa.select(Holding.role).where(Holding.owner_id == amy.id))
    assert sorted(held) == ["employee", "salesperson"]


def pair(first, second, **more):
    given = {"scope": "case", "enforced": True, "policies": ("B02",), "clause": "B02", "basis": "stated"} | more
    return Duty(roles=(first, second), why=Text(zh="分开", en="apart"), **given)


@pytest.mark.parametrize(
    ("duty", "policy", "broken"),
    [
        (pair("a", "b"), "B02", True), (pair("b", "a"), "B02", True), (pair("a", "b"), "A01", False),
        (pair("a", "b", everywhere=True), "A01", True), (pair("a", "b", enforced=False), "B02", False),
        (pair("a", "b", scope="person"), "B02", False), (pair("b", "b"), "B02", False), (pair("b", "c"), "B02", False),
    ],
)
def test_pairs_by_case(duty, policy, broken):
    acts = [calc.Act("a", 1), calc.Act("c", 2)]
    assert bool(calc.broken_by_case(acts, calc.Act("b", 1), policy, [duty])) is broken
    assert calc.broken_by_case(acts, calc.Act("b", 3), policy, [duty]) == []


def test_who_coordinated_a_case_does_not_decide_it(inside):
    acted = [("B02.case_control", 7), ("B02.sales_rep", 8)]
    with inside.test_request_context():
        assert people.conflicts("B02", acted, "B02.general_manager", 7)[0].clause.startswith("A12 3; B02")
        assert people.conflicts("B02", acted, "B02.general_manager", 8) == []
        assert people.conflicts("B02", acted, "B02.unknown", 7) == []


def test_what_the_trail_tells_keeps_a_person_from_the_next_step(inside):
    ann, row = find(Employee, number="ANN"), find(Customer, customer_no="C-S")
    with actor.acting_as(ann.account_id):
        audit.note(row, "move", "x", {"post": "B02.case_control"})
    life = SimpleNamespace(policy="B02")

    def kept(person, post):
        step = SimpleNamespace(
            whole=SimpleNamespace(record=row), lifecycle=life, access=SimpleNamespace(employee_id=person.id)
        )
        return [p.rule for p in people._kept_apart_on_case(step, access.Post(post, 1, "/1/"))]

    with inside.test_request_context():
        assert kept(ann, "B02.general_manager") == ["separation_of_duties"]
        assert kept(ann, "B02.case_control") == []
        assert kept(find(Employee, number="BOB"), "B02.general_manager") == []
        assert kept(ann, "") == []


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


# -- shipped roles -----------------------------------------------------------------------------------------------------


def test_roles_name_only_registers_and_areas_that_exist(inside):
    areas = {register.area for register in registers().values()}
    known = {"@all", *(f"@{area}" for area in areas), *registers()}
    assert {place for role in catalogue.roles().values() for place in role.grants} <= known


def test_duties_name_only_roles_that_exist(inside):
    assert {role for duty in catalogue.duties() for role in duty.roles} <= set(catalogue.roles())


def test_a_later_start_reads_three_statements_and_writes_none(inside):
    with counted() as sent:
        assert people.sync_roles() == {"added": 0, "removed": 0, "changed": 0}
    assert len(sent) == 3
    assert all(statement.startswith("SELECT") for statement in sent)


def test_an_administrators_change_outlives_the_next_start(inside):
    before = held_by("salesperson")
    wanted = (before - {("customer", "reveal")}) | {("customer", "export")}
    assert shipped.set_granted("salesperson", wanted) == (1, 1)
    people.sync_roles()
    assert held_by("salesperson") == wanted
    assert ("salesperson", "customer", "reveal") in shipped.defaults("salesperson")


def held_by(role):
    return {(slug, action) for _role, slug, action in shipped.granted(role)}


def ship(monkeypatch, **grants):
    roles = catalogue.roles()
    changed = {slug: role.model_copy(update={"grants": grants.get(slug, role.grants)}) for slug, role in roles.items()}
    monkeypatch.setattr(catalogue, "roles", lambda: changed)
    people.sync_roles()


def test_only_the_difference_of_what_is_shipped_is_applied(inside, monkeypatch):
    ship(monkeypatch, guard={"customer": "read write"})
    assert held_by("guard") == {("customer", "read"), ("customer", "write")}
    shipped.set_granted("guard", {("customer", "read"), ("sample", "read")})
    ship(monkeypatch, guard={"customer": "read write", "complaint": "read"})
    assert held_by("guard") == {("customer", "read"), ("sample", "read"), ("complaint", "read")}
    ship(monkeypatch, guard={"complaint": "read"})
    assert held_by("guard") == {("sample", "read"), ("complaint", "read")}


def test_only_administrators_edit_roles_and_only_what_is_offered(inside):
    with pytest.raises(Refusal):
        shipped.set_granted("guard", {("no_such_register", "read")})
    with actor.acting_as(row_id(User, username="sys")), pytest.raises(Forbidden):
        shipped.set_granted("guard", set())


def test_a_hundred_registers_are_brought_in_within_seconds(inside, monkeypatch):
    started = dt.datetime.now()
    extra = SimpleNamespace(area="extra", detail_of="", permissions=("approve",), actions={"add"}, from_pack=True,
                            lifecycle=None, personal={})
    many = dict(registers()) | {f"extra_{n}": extra for n in range(100)}
    monkeypatch.setattr(shipped, "registers", lambda: many)
    with counted() as sent:
        ship(monkeypatch, **{slug: {"@all": "read write move approve export"} for slug in catalogue.roles()})
    assert len(sent) < 30
    assert dt.datetime.now() - started < dt.timedelta(seconds=10)
    assert session.scalar(sa.select(sa.func.count()).select_from(RoleDefault)) > 100 * len(catalogue.roles())


def test_details_share_the_permissions_of_their_main_register(inside):
    assert catalogue.offered("complaint_pcb", registers()) == frozenset()
    assert "move" in catalogue.offered("complaint", registers())


def test_permission_rows_are_the_registers_own(inside):
    rows = session.execute(
        sa.select(ViewMenu.name, Permission.name).join(PermissionView, PermissionView.view_menu_id == ViewMenu.id)
        .join(Permission, Permission.id == PermissionView.permission_id)
    )
    assert {(v, p) for v, p in rows} == {
        (slug, f"can_{action}") for slug in registers() for action in catalogue.offered(slug, registers())
    }
    assert session.scalar(sa.select(sa.func.count()).select_from(assoc_permissionview_role)) > 0


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
