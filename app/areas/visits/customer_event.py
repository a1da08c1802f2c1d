"""Customer event (客户活动): a meeting of customers, reception day, outing, festival or visit of colleagues."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import clock, fields
from app.core.cases import Case
from app.core.errors import Problem
from app.core.moves import Step, guard
from app.core.openlists import OpenChoices
from app.core.register import Record, Register, Section
from app.engines.reports import periods_of

KINDS = {
    "symposium": _l("Meeting of residents"),
    "festival": _l("Festival"),
    "culture": _l("Community culture"),
    "gathering": _l("Gathering of residents"),
    "peer_visit": _l("Visit of colleagues"),
    "reception_day": _l("Reception day of the leaders"),
    "forum": _l("Forum of key accounts"),
    "outing": _l("Sales outing"),
    "activity": _l("Customer activity"),
    "publicity": _l("Publicity"),
}
AUDIENCES = {"enterprises": _l("Enterprises"), "employees": _l("Employees"), "users": _l("Users")}
CHANNELS = {
    "phone": _l("Telephone"), "wechat": _l("WeChat"), "sms": _l("SMS"), "email": _l("E-mail"),
    "visit": _l("Visit"), "store": _l("In the shop"),
}
SEGMENTS = {"soho": _l("SOHO"), "street_second_floor": _l("Second floor to the street"), "other": _l("Other")}
BUSINESS = {"sales": _l("Sales business"), "blasting": _l("Blasting service"), "other": _l("Other")}


class CustomerEvent(Case, Record):
    """One occasion, planned and held; each policy uses the fields that concern it."""

    __table_args__: Any = (UniqueConstraint("adopter_id", "event_no"),)

    event_no: Mapped[str | None] = fields.text(_l("Number"), 40, computed=True)
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS, default="activity")
    title: Mapped[str | None] = fields.text(_l("Name of the event"), 200, width=2)
    period: Mapped[str | None] = fields.text(_l("Year or period"), 10, help=_l("Such as 2025 or 2025-H2."))
    regular: Mapped[bool | None] = fields.boolean(_l("Regular"))
    due_on: Mapped[dt.date | None] = fields.date(_l("To be held by"))
    held_at: Mapped[dt.datetime | None] = fields.datetime(_l("Took place at"))
    place: Mapped[str | None] = fields.text(_l("Place"), 200)
    person_id: Mapped[int | None] = fields.ref(_l("Led by"), "employee")
    staff: Mapped[list[int] | None] = fields.refs(_l("Staff taking part"), "employee")
    guests: Mapped[list[int] | None] = fields.refs(_l("Guests"), "customer")
    guest_company: Mapped[str | None] = fields.text(_l("Company of the guests"), 120)
    audience: Mapped[str | None] = fields.choice(_l("For whom"), OpenChoices("customer_event.audience", AUDIENCES))
    form: Mapped[str | None] = fields.text(_l("Form"), 80)
    channels: Mapped[list[str] | None] = fields.choices(_l("Channels"), CHANNELS)
    segment: Mapped[str | None] = fields.choice(_l("Group aimed at"), SEGMENTS)
    business_line: Mapped[str | None] = fields.choice(_l("Business line"), BUSINESS)
    invited: Mapped[int | None] = fields.integer(_l("Invited"), minimum=0)
    attended: Mapped[int | None] = fields.integer(_l("Attended"), minimum=0)
    cost: Mapped[Decimal | None] = fields.money(_l("Cost"), unit=_l("yuan"))
    objective: Mapped[str | None] = fields.longtext(_l("Aim"))
    content: Mapped[str | None] = fields.longtext(_l("Topics discussed"))
    opinions: Mapped[str | None] = fields.longtext(_l("Opinions heard"))
    result: Mapped[str | None] = fields.longtext(_l("Result"))
    minutes: Mapped[str | None] = fields.longtext(_l("Minutes"))
    leads_count: Mapped[int | None] = fields.integer(_l("Leads won"), computed=True)
    cancel_reason: Mapped[str | None] = fields.text(_l("Why it was cancelled"), 200)
    evidence = fields.files(_l("Attachments"))

    register = Register(
        area="visits", label=_l("Customer event"), title="event_no", subject="title", facts=("due_on",),
        icon="ticket", from_pack=True, participants=True, actions=frozenset({"add", "edit"}), order="-id",
        list=("event_no", "kind", "title", "period", "status", "due_on", "held_at", "attended", "owner_id"),
        search=("event_no", "title"),
        filters=("status", "kind", "period", "due_on", "held_at", "person_id", "owner_id"),
        sections=(
            Section(_l("Event"), ("event_no", "status", "kind", "title", "period", "regular", "due_on", "held_at",
                                  "place", "person_id", "staff", "guests", "guest_company", "audience", "form",
                                  "channels", "segment", "business_line", "objective", "unit_id", "owner_id",
                                  "holder_unit_id")),
            Section(_l("Result"), ("invited", "attended", "cost", "content", "opinions", "result", "minutes",
                                   "leads_count", "cancel_reason", "evidence")),
        ),
    )  # fmt: skip


@guard("event_held")
def event_held(step: Step) -> Iterable[Problem]:
    """What is written down as held was held."""
    if (at := step.get("held_at")) is not None and at > step.at:
        yield Problem(_("This time lies in the future."), "held_at", "not_future", step.move.clause)


@guard("held_in_its_period")
def held_in_its_period(step: Step) -> Iterable[Problem]:
    """What a period asks for is not met by what was held before that period began."""
    at, name = step.get("held_at"), step.get("period")
    period = periods_of.called(name)
    if at is not None and period is not None and clock.to_local(at).date() < period.first:
        text = _("This day lies before %(period)s.", period=name)
        yield Problem(text, "held_at", "not_before", step.move.clause)
