"""Roles as they are shipped, synchronised and edited."""

import datetime as dt
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import Permission, PermissionView, User, ViewMenu, assoc_permissionview_role

from app.core import actor
from app.core.db import session
from app.core.errors import Forbidden, Refusal
from app.core.register import registers
from app.engines.people import catalogue, shipped
from app.engines.people import operations as people
from app.engines.people.models import RoleDefault
from tests.portal import counted, inside, portal, row_id

__all__ = ["inside", "portal"]

DAY = dt.timedelta(days=1)


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
    assert held_by("guard") == {("customer", "read"), ("customer", "write"), ("customer", "print")}
    shipped.set_granted("guard", {("customer", "read"), ("sample", "read")})
    ship(monkeypatch, guard={"customer": "read write", "complaint": "read"})
    new = {("complaint", "read"), ("complaint", "print")}
    assert held_by("guard") == {("customer", "read"), ("sample", "read"), *new}
    ship(monkeypatch, guard={"complaint": "read"})
    assert held_by("guard") == {("sample", "read"), *new}


def test_only_administrators_edit_roles_and_only_what_is_offered(inside):
    with pytest.raises(Refusal):
        shipped.set_granted("guard", {("no_such_register", "read")})
    with actor.acting_as(row_id(User, username="sys")), pytest.raises(Forbidden):
        shipped.set_granted("guard", set())


def test_a_hundred_registers_are_brought_in_by_few_statements(inside, monkeypatch):
    extra = SimpleNamespace(area="extra", detail_of="", permissions=("approve",), actions={"add"}, from_pack=True,
                            closed=False, sealed=False, lifecycle=None, personal={})
    many = dict(registers()) | {f"extra_{n}": extra for n in range(100)}
    monkeypatch.setattr(shipped, "registers", lambda: many)
    some = [*catalogue.roles()][:10]
    with counted() as sent:
        ship(monkeypatch, **{slug: {"@all": "read write move approve export"} for slug in some})
    assert len(sent) < 30
    assert session.scalar(sa.select(sa.func.count()).select_from(RoleDefault)) > 100 * len(some)


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
