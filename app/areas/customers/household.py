"""Household (住户家庭档案): who lives at an address, in whose area, since when; with family, vehicle and card."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import clock, fields
from app.core.db import session
from app.core.errors import Problem
from app.core.openlists import OpenChoices
from app.core.register import Record, Register, Section, registers
from app.core.ripples import after_change
from app.core.saving import Draft, check
from app.core.scope import Owned

OCCUPIED, LEFT = "occupied", "left"
OCCUPANCY = {OCCUPIED: _l("Occupied"), "vacant": _l("Vacant"), LEFT: _l("Moved out")}
RESIDENTS = {"owner": _l("Home owner"), "tenant": _l("Tenant")}


class Household(Owned, Record):
    """One home; the unit is the area it belongs to, the person in charge the officer of that area."""

    __table_args__: Any = (
        UniqueConstraint("unit_id", "household_no"),
        UniqueConstraint("customer_id"),
        CheckConstraint("moved_out_on IS NULL OR moved_out_on >= moved_in_on", name="moved_out_after_in"),
    )

    household_no: Mapped[str] = fields.text(_l("Household number"), 30)
    building_room: Mapped[str] = fields.text(_l("Building and room"), 60)
    customer_id: Mapped[int | None] = fields.ref(_l("Customer file"), "customer")
    head: Mapped[str | None] = fields.personal(_l("Head of the household"), 60, mask="name")
    resident_kind: Mapped[str | None] = fields.choice(
        _l("Owner or tenant"), OpenChoices("household.resident_kind", RESIDENTS),
    )
    id_no: Mapped[str | None] = fields.personal(_l("Identity document"), 30, mask="id")
    phone: Mapped[str | None] = fields.personal(_l("Telephone"), 30, mask="phone")
    emergency_contact: Mapped[str | None] = fields.personal(_l("Emergency contact"), 60, mask="name")
    people_count: Mapped[int | None] = fields.integer(_l("People living there"), minimum=0)
    vehicle_plate: Mapped[str | None] = fields.text(_l("Vehicle plate"), 20)
    officer_id: Mapped[int | None] = fields.ref(
        _l("Officer of the area"), "employee", help=_l("The household belongs to this officer's area.")
    )
    guests_note: Mapped[str | None] = fields.longtext(_l("Guests"))
    occupancy: Mapped[str] = fields.choice(_l("Occupancy"), OCCUPANCY, default=OCCUPIED)
    moved_in_on: Mapped[dt.date | None] = fields.date(
        _l("Moved in on"), help=_l("From this day the household counts in rates and has to be visited.")
    )
    moved_out_on: Mapped[dt.date | None] = fields.date(_l("Moved out on"))
    updated_on: Mapped[dt.date | None] = fields.date(_l("File brought up to date on"), computed=True)
    praised: Mapped[bool] = fields.boolean(_l("Praised for a suggestion"), default=False, computed=True)
    civilised_years: Mapped[str | None] = fields.text(_l("Civilised household in"), 120, computed=True)
    registered_address: Mapped[str | None] = fields.text(_l("Registered home address"), 200, width=2)
    address_key: Mapped[str | None] = fields.text(_l("Key of the address"), 200, computed=True)
    similar_to_id: Mapped[int | None] = fields.ref(_l("Perhaps the same household as"), "household")
    live_cards: Mapped[int | None] = fields.integer(_l("Live member cards"), computed=True)
    resident_id: Mapped[int | None] = fields.ref(
        _l("Resident who signs in"), "employee", help=_l("Sees the household's own complaints, nothing else.")
    )
    note: Mapped[str | None] = fields.longtext(_l("Note"))

    register = Register(
        area="customers", label=_l("Household"), title="household_no", subject="building_room", party="customer_id",
        icon="home", order="household_no", actions=frozenset({"add", "edit"}),
        list=("household_no", "building_room", "head", "occupancy", "moved_in_on", "unit_id", "owner_id", "praised"),
        search=("household_no", "building_room", "vehicle_plate"),
        filters=("occupancy", "customer_id", "moved_in_on", "owner_id", "unit_id", "praised"),
        internal=("address_key", "live_cards"),
        sections=(
            Section(_l("Household"), ("household_no", "building_room", "customer_id", "head", "resident_kind", "id_no",
                                      "phone", "emergency_contact", "people_count", "vehicle_plate"), clause="2.2"),
            Section(_l("Occupancy"), ("occupancy", "moved_in_on", "moved_out_on", "officer_id", "unit_id",
                                      "owner_id", "resident_id", "guests_note", "updated_on"), clause="2.2(2)"),
            Section(_l("Honours"), ("praised", "civilised_years"), clause="1.4"),
            Section(_l("Registered home"), ("registered_address", "similar_to_id", "note")),
        ),
    )  # fmt: skip


@check("household")
def stands_as_it_says(draft: Draft) -> Iterable[Problem]:
    """An occupied home has its first day, one that was left its last; the number is free in the area."""
    here, first, last = draft.get("occupancy"), draft.get("moved_in_on"), draft.get("moved_out_on")
    if here == OCCUPIED and first is None:
        yield Problem(_("Name the day of moving in: from then on the household counts."), "moved_in_on", "required")
    if here == LEFT and last is None:
        yield Problem(_("Name the day of moving out."), "moved_out_on", "required")
    if here == OCCUPIED and last is not None:
        yield Problem(_("Who moved out does not occupy the home any more."), "moved_out_on", "occupied")
    if first and last and last < first:
        yield Problem(_("The last day lies before the first."), "moved_out_on", "not_before")


@check("household")
def once_in_its_area(draft: Draft) -> Iterable[Problem]:
    """A number stands once in an area, and a customer's file belongs to one household."""
    own, unit_id = draft.whole.record.id, _area_of(draft.get("officer_id")) or draft.get("unit_id")
    same = {"household_no": [Household.household_no == draft.get("household_no"),
                             Household.unit_id == unit_id],
            "customer_id": [Household.customer_id == draft.get("customer_id")]}  # fmt: skip
    for name, where in same.items():
        other = session.scalar(sa.select(Household).where(*where).limit(1)) if draft.get(name) is not None else None
        if other is not None and other.id != own:
            text = _("%(field)s: household %(number)s has it already.", number=other.household_no,
                     field=draft.whole.fields[name].label)  # fmt: skip
            yield Problem(text, name, "unique")


def _area_of(officer_id: int | None) -> int | None:
    """The area of an officer: the unit that the officer works in."""
    officer = session.get(registers()["employee"].model, officer_id) if officer_id else None
    found: Any = officer
    return int(found.unit_id) if found is not None else None


@after_change("household")
def bring_up_to_date(home: Any) -> None:
    """A file that somebody touched was brought up to date on that day; the household goes with its officer."""
    home.updated_on = clock.today()
    if home.officer_id is not None:
        home.owner_id, home.unit_id = home.officer_id, _area_of(home.officer_id)
    session.flush()


def household_of(customer_id: int | None) -> Household | None:
    """The household of a customer's file."""
    if customer_id is None:
        return None
    return session.scalars(sa.select(Household).where(Household.customer_id == customer_id)).first()
