"""The organisation as registers: units in one tree, employees, what they hold, and their deputies."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, Connection, ForeignKeyConstraint, Index, String, event
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm.attributes import set_committed_value

from app.core import access, clock, fields
from app.core.db import Model
from app.core.errors import Problem, Refusal
from app.core.register import Record, Register, Section
from app.core.types import Json, Key
from app.engines.people.catalogue import RoleChoices

KINDS = {
    "group": _l("Group"),
    "company": _l("Company"),
    "branch": _l("Branch"),
    "outlet": _l("Outlet"),
    "project": _l("Project or estate"),
    "department": _l("Department"),
    "section": _l("Section or team"),
}
ZONES = {
    "Asia/Shanghai": _l("Beijing time"),
    "Asia/Hong_Kong": _l("Hong Kong time"),
    "Asia/Tokyo": _l("Tokyo time"),
    "Europe/Berlin": _l("Central European time"),
    "America/New_York": _l("New York time"),
}
SUPPLIES = {"urban": _l("Urban"), "rural": _l("Rural"), "both": _l("Urban and rural")}
SCOPES = {
    access.OWN: _l("Own rows"),
    access.UNIT: _l("Own unit"),
    access.BELOW: _l("Own unit and below"),
    access.UNITS: _l("Chosen units and below"),
    access.ALL: _l("All"),
}


class OrgUnit(Record):
    """A node of the organisation tree (组织单位); ``path`` holds the ids from the root down, as in ``/1/4/9/``."""

    __table_args__ = (Index("ix_org_unit_path", "path", postgresql_ops={"path": "varchar_pattern_ops"}),)

    code: Mapped[str] = fields.text(_l("Code"), 40, unique=True)
    name: Mapped[str] = fields.text(_l("Name"), 120)
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS)
    parent_id: Mapped[int | None] = fields.ref(_l("Belongs to"), "org_unit")
    zone: Mapped[str] = fields.choice(_l("Time zone"), ZONES, default=str(clock.ZONE))
    area: Mapped[str | None] = fields.choice(_l("Serves"), SUPPLIES)
    duty_phone: Mapped[str | None] = fields.text(_l("Telephone on duty"), 40)
    developer: Mapped[str | None] = fields.text(_l("Developer"), 120)
    active: Mapped[bool] = fields.boolean(_l("In use"), default=True)
    closes_on: Mapped[dt.date | None] = fields.date(_l("Closed from"), computed=True)
    path: Mapped[str] = mapped_column(String(400), default="")

    register = Register(
        area="organisation", label=_l("Organisation unit"), title="name", icon="sitemap",
        list=("code", "name", "kind", "parent_id", "active"), search=("code", "name"),
        filters=("kind", "parent_id", "active"), order="code", actions=frozenset({"add", "edit"}),
        sections=(
            Section(_l("Unit"), ("code", "name", "kind", "parent_id", "zone", "area", "active", "closes_on")),
            Section(_l("Reached by"), ("duty_phone", "developer")),
        ),
    )


class Employee(Record):
    """A person who works for a unit (员工); what he may do follows from his holdings, not from this row."""

    number: Mapped[str] = fields.text(_l("Staff number"), 40, unique=True)
    name: Mapped[str] = fields.text(_l("Name"), 80)
    pinyin: Mapped[str | None] = fields.text(_l("Pinyin"), 120)
    unit_id: Mapped[int] = fields.ref(_l("Unit"), "org_unit")
    mobile: Mapped[str | None] = fields.personal(_l("Mobile"), 30, mask="phone")
    active: Mapped[bool] = fields.boolean(_l("Employed"), default=True)
    leaves_on: Mapped[dt.date | None] = fields.date(_l("Last day"), computed=True)
    relatives: Mapped[list[int] | None] = fields.refs(
        _l("Relatives at work"), "employee", help=_l("They are kept from cases about each other.")
    )
    account_id: Mapped[int | None] = fields.ref(_l("Account"), "account", unique=True, computed=True)

    register = Register(
        area="organisation", label=_l("Employee"), title="name", icon="users",
        list=("number", "name", "unit_id", "active"), search=("number", "name", "pinyin"),
        filters=("unit_id", "active"), order="number", actions=frozenset({"add", "edit"}),
        sections=(Section(_l("Employee"), ("number", "name", "pinyin", "unit_id", "mobile", "relatives", "active",
                                          "leaves_on")),),
        internal=("account_id",),
    )


class Period:
    """Mixin of rows that count from one day to another, both included."""

    valid_from: Mapped[dt.date] = fields.date(_l("From"), computed=True)
    valid_to: Mapped[dt.date | None] = fields.date(_l("To"), computed=True)

    @classmethod
    def holds_on(cls, day: Any) -> sa.ColumnElement[bool]:
        """Whether a row counts on a day, as SQL."""
        return (cls.valid_from <= day) & (sa.func.coalesce(cls.valid_to, day) >= day)


class Holding(Period, Record):
    """A role, and perhaps a post of a policy, held by a person in a unit (任职); its owner is the person."""

    __table_args__ = (
        ForeignKeyConstraint(["role"], ["ab_role.name"], onupdate="CASCADE", ondelete="RESTRICT"),
        Index(None, "post", "unit_id"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),
        CheckConstraint("scope IN ('own', 'unit', 'unit_and_below', 'units', 'all')", name="scope"),
    )

    owner_id: Mapped[int] = fields.ref(_l("Person"), "employee", computed=True)
    unit_id: Mapped[int] = fields.ref(_l("Unit"), "org_unit", computed=True)
    role: Mapped[str] = fields.choice(_l("Role"), RoleChoices(), computed=True)
    post: Mapped[str | None] = fields.post(_l("Post"))
    scope: Mapped[str] = fields.choice(_l("Reaches"), SCOPES, computed=True)
    unit_ids: Mapped[list[int] | None] = fields.refs(_l("Chosen units"), "org_unit", computed=True)

    register = Register(
        area="organisation", label=_l("Holding"), title="role", icon="id-badge-2",
        list=("owner_id", "role", "post", "unit_id", "scope", "valid_from", "valid_to"),
        filters=("role", "post", "unit_id", "owner_id"), search=("owner_id", "unit_id"), actions=frozenset(),
        permissions=("write",), menu=False,
        sections=(
            Section(_l("What is held"), ("owner_id", "role", "post", "unit_id")),
            Section(_l("Reach and time"), ("scope", "unit_ids", "valid_from", "valid_to")),
        ),
    )


class Deputy(Period, Record):
    """A person who stands in for another for a time (代理); its owner is the one stood in for."""

    __table_args__ = (
        CheckConstraint("valid_to >= valid_from", name="period"),
        CheckConstraint("owner_id <> deputy_id", name="other"),
    )

    owner_id: Mapped[int] = fields.ref(_l("Person"), "employee", computed=True)
    unit_id: Mapped[int] = fields.ref(_l("Unit"), "org_unit", computed=True)
    deputy_id: Mapped[int] = fields.ref(_l("Deputy"), "employee", computed=True)
    only: Mapped[list[str] | None] = mapped_column(Json)
    reason: Mapped[str] = fields.text(_l("Reason"), 200, computed=True)

    register = Register(
        area="organisation", label=_l("Deputy"), title="reason", icon="user-share",
        list=("owner_id", "deputy_id", "valid_from", "valid_to", "reason"), search=("owner_id", "deputy_id"),
        filters=("owner_id", "deputy_id"), actions=frozenset(), permissions=("write",), menu=False,
        sections=(Section(_l("Deputy"), ("owner_id", "unit_id", "deputy_id", "valid_from", "valid_to", "reason")),),
    )


class RoleDefault(Model):
    """A permission that the program shipped a role with when roles were last synchronised."""

    __tablename__ = "role_default"

    role: Mapped[str] = mapped_column(String(64), primary_key=True)
    register: Mapped[str] = mapped_column(Key(60), primary_key=True)
    action: Mapped[str] = mapped_column(Key(20), primary_key=True)


@event.listens_for(OrgUnit, "after_insert")
def _place_new(_mapper: Any, connection: Connection, unit: OrgUnit) -> None:
    _place(connection, unit)


@event.listens_for(OrgUnit, "after_update")
def _place_moved(_mapper: Any, connection: Connection, unit: OrgUnit) -> None:
    if sa.inspect(unit).attrs.parent_id.history.has_changes():
        _place(connection, unit)


def _place(connection: Connection, unit: OrgUnit) -> None:
    """Set the path of a unit and of everything below it, whichever way the parent changed."""
    table = OrgUnit.__table__
    above = "/"
    if unit.parent_id is not None:
        above = connection.execute(sa.select(table.c.path).where(table.c.id == unit.parent_id)).scalar_one()
    old, new = unit.path or "", f"{above}{unit.id}/"
    if f"/{unit.id}/" in above:
        raise Refusal(Problem(_("A unit cannot belong to itself or to a unit below it."), "parent_id", "tree"))
    moved = table.c.path.startswith(old) if old else table.c.id == unit.id
    tail = sa.func.substr(table.c.path, len(old) + 1)
    connection.execute(sa.update(table).where(moved).values(path=sa.literal(new) + tail))
    set_committed_value(unit, "path", new)
