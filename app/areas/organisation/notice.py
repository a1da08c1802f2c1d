"""Notice (通知公示): a published contact point, service item, bulletin or broadcast, until it is withdrawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import clock, fields
from app.core.cases import Case
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Moved, effect
from app.core.register import Record, Register, Section
from app.core.saving import Draft, check
from app.core.scope import call_in
from app.engines.people import operations as people
from app.engines.people.models import Employee, OrgUnit

KINDS = {
    "contact_point": _l("Where and how to complain"),
    "hotline": _l("Hotline"),
    "commitment": _l("Promise of service"),
    "item": _l("Service item"),
    "scope": _l("Scope of service"),
    "procedure": _l("Service procedure"),
    "fee": _l("Fees"),
    "basis": _l("Basis of fees"),
    "site_news": _l("News"),
    "service_notice": _l("Service notice"),
    "promotion": _l("Promotion"),
    "business_change": _l("Change of business"),
    "bulletin": _l("Bulletin"),
    "lost_person": _l("Broadcast: person sought"),
    "lost_item": _l("Broadcast: thing sought"),
    "opening_closing": _l("Broadcast: opening and closing"),
    "emergency": _l("Broadcast: emergency"),
}
AUDIENCES = {
    "industry": _l("Industry"), "public": _l("Public"), "staff": _l("Members of staff"), "customers": _l("Customers"),
}  # fmt: skip
SECRETS = {
    "clear": _l("Nothing secret"),
    "contains_state_secret": _l("Contains a state secret"),
    "contains_trade_secret": _l("Contains a trade secret"),
    "contains_privacy": _l("Contains personal data"),
}


class Notice(Case, Record):
    """What was made known, where and from when; each policy uses the fields that concern it."""

    __table_args__: Any = (UniqueConstraint("adopter_id", "notice_no"),)

    notice_no: Mapped[str | None] = fields.text(_l("Number"), 40, computed=True)
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS, default="service_notice")
    title: Mapped[str | None] = fields.text(_l("Title"), 200, width=2)
    content: Mapped[str | None] = fields.longtext(_l("Content"))
    audience: Mapped[str | None] = fields.choice(_l("For whom"), AUDIENCES)
    office: Mapped[str | None] = fields.text(_l("Office"), 120)
    phone: Mapped[str | None] = fields.text(_l("Published telephone"), 40)
    hours: Mapped[str | None] = fields.text(_l("Open hours"), 80)
    published_where: Mapped[str | None] = fields.text(_l("Where it is published"), 200)
    published_at: Mapped[dt.datetime | None] = fields.datetime(_l("Published at"))
    withdrawn_on: Mapped[dt.date | None] = fields.date(_l("Withdrawn on"))
    must_read: Mapped[bool | None] = fields.boolean(_l("To be read before the shift"))
    complaints: Mapped[list[int] | None] = fields.refs(_l("Cases concerned"), "complaint")
    secrecy: Mapped[str | None] = fields.choice(_l("Check of secrecy"), SECRETS)
    checked_by_id: Mapped[int | None] = fields.ref(_l("Checked by"), "employee")
    requested_by: Mapped[str | None] = fields.text(_l("Asked for by"), 60)
    planned_at: Mapped[dt.datetime | None] = fields.datetime(_l("Planned for"))
    repeats: Mapped[int | None] = fields.integer(_l("Times broadcast"), minimum=1)
    broadcaster_id: Mapped[int | None] = fields.ref(_l("Broadcast by"), "employee")
    evidence = fields.files(_l("Attachments"))

    register = Register(
        area="organisation", label=_l("Public notice"), title="notice_no", subject="title", icon="speakerphone",
        from_pack=True, participants=True, actions=frozenset({"add", "edit"}), order="-id",
        list=("notice_no", "kind", "title", "status", "office", "phone", "published_at", "withdrawn_on", "owner_id"),
        search=("notice_no", "title"), filters=("status", "kind", "published_at", "withdrawn_on", "owner_id"),
        sections=(
            Section(_l("Public notice"), ("notice_no", "status", "kind", "title", "audience", "content", "office",
                                          "phone", "hours", "published_where", "published_at", "withdrawn_on",
                                          "must_read", "unit_id", "owner_id", "holder_unit_id")),
            Section(_l("Check of secrecy"), ("complaints", "secrecy", "checked_by_id")),
            Section(_l("Broadcast"), ("requested_by", "planned_at", "repeats", "broadcaster_id")),
            Section(_l("Attachments"), ("evidence",)),
        ),
    )  # fmt: skip


@effect("show_to_company")
def show_to_company(moved: Moved) -> None:
    """Everybody of the company may read what was published."""
    notice: Any = moved.record
    within = people.path_of(notice.adopter_id)
    inside = sa.select(OrgUnit.id).where(OrgUnit.path.startswith(within, autoescape=True))
    for who in session.scalars(sa.select(Employee.id).where(Employee.unit_id.in_(inside), Employee.active)).all():
        call_in(moved.register.slug, notice.id, who)


@check("notice")
def published_by_now(draft: Draft) -> Iterable[Problem]:
    """What is written down as published was published, and is withdrawn after that."""
    at, gone = draft.get("published_at"), draft.get("withdrawn_on")
    if at is not None and at > clock.now():
        yield Problem(_("This time lies in the future."), "published_at", "not_future")
    if at is not None and gone is not None and gone < clock.to_local(at).date():
        yield Problem(_("It was withdrawn before it was published."), "withdrawn_on", "not_before")
