"""Reports that are sent by a plan: which, how often, to whom; and each as its receiver got it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import fields
from app.core.register import Record, Register, Section
from app.core.scope import Owned
from app.core.types import Json
from app.engines.people.catalogue import RoleChoices
from app.engines.reports.sources import ENDED, PRESENT, SourceChoices

DAY, WEEK, MONTH = "day", "week", "month"
EVERY = {DAY: _l("Every working day"), WEEK: _l("Every week"), MONTH: _l("Every month")}
WEEKDAYS = {
    "1": _l("Monday"), "2": _l("Tuesday"), "3": _l("Wednesday"), "4": _l("Thursday"), "5": _l("Friday"),
}  # fmt: skip
SHOWN = {ENDED: _l("The period that has ended"), PRESENT: _l("The present period so far")}
SOURCES = SourceChoices()


class ReportPlan(Owned, Record):
    """A report that is sent again and again (报表发送计划): every receiver gets what lies in his own reach."""

    name: Mapped[str] = fields.text(_l("Name of the plan"), 120)
    source: Mapped[str] = fields.choice(
        _l("Report"), SOURCES, width=2, help=_l("Reports of the policies, dashboards, and the lists that you saved."),
    )
    shown: Mapped[str] = fields.choice(_l("Which period"), SHOWN, default=ENDED)
    every: Mapped[str] = fields.choice(_l("How often"), EVERY)
    weekday: Mapped[str | None] = fields.choice(
        _l("Weekday"), WEEKDAYS, when=("every", WEEK), needed_then=True, help=_l("On a day off, the next working day."),
    )
    month_day: Mapped[int | None] = fields.integer(
        _l("On which working day of the month"), minimum=1, maximum=15, when=("every", MONTH), needed_then=True,
    )
    at_time: Mapped[str] = fields.text(_l("At"), 5, default="08:00", help=_l("A time such as 08:30."))
    people: Mapped[list[int] | None] = fields.refs(_l("To people"), "employee")
    roles: Mapped[list[str] | None] = fields.choices(_l("To who holds"), RoleChoices(inside=True), width=3)
    within_id: Mapped[int | None] = fields.ref(
        _l("Holders in"), "org_unit", help=_l("This unit and those below it; your own unit if you name none."),
    )
    attach: Mapped[bool] = fields.boolean(
        _l("Excel attached to mails"), default=True, help=_l("Only for receivers who may export what it shows."),
    )
    in_use: Mapped[bool] = fields.boolean(_l("In use"), default=True)
    next_at: Mapped[dt.datetime | None] = fields.datetime(_l("Sent next"), computed=True)

    register = Register(
        area="platform", label=_l("Report sending plan"), title="name", icon="send",
        list=("name", "source", "every", "at_time", "next_at", "in_use", "owner_id"), search=("name",),
        filters=("in_use", "next_at"), order="-id", menu=True,
        sections=(
            Section(_l("What and when"), ("name", "source", "shown", "every", "weekday", "month_day", "at_time",
                                          "in_use", "next_at")),
            Section(_l("Receivers"), ("people", "roles", "within_id", "attach"),
                    hint=_l("Everybody gets the figures and rows of his own reach.")),
            Section(_l("Kept by"), ("unit_id", "owner_id")),
        ),
    )  # fmt: skip


class ReportCopy(Owned, Record):
    """A report as one person got it; it never changes, whatever becomes of the rows."""

    __table_args__: Any = (UniqueConstraint("plan_id", "due_at", "owner_id"),)

    title: Mapped[str] = fields.text(_l("Report"), 200, computed=True)
    period: Mapped[str] = fields.text(_l("Period"), 20, computed=True)
    plan_id: Mapped[int | None] = fields.ref(_l("By the plan"), "report_plan", computed=True, ondelete="SET NULL")
    due_at: Mapped[dt.datetime] = fields.datetime(_l("Was to be sent"), computed=True)
    sent_at: Mapped[dt.datetime] = fields.datetime(_l("Sent"), computed=True)
    row_count: Mapped[int] = fields.integer(_l("Number of rows"), computed=True)
    attached: Mapped[bool] = fields.boolean(_l("As a file too"), computed=True, default=False)
    url: Mapped[str] = fields.text(_l("Address"), 500, computed=True)
    guards: Mapped[list[str]] = mapped_column(Json, default=list)
    personal: Mapped[int] = mapped_column(BigInteger, default=0)
    sheets: Mapped[list[Any] | None] = mapped_column(Json, deferred=True)

    register = Register(
        area="platform", label=_l("Report sent"), title="title", subject="period", icon="report", actions=frozenset(),
        list=("title", "period", "sent_at", "owner_id", "row_count", "attached", "plan_id"), search=("title",),
        filters=("sent_at", "plan_id", "owner_id"), order="-sent_at", internal=("url",), log=False,
        sections=(Section(_l("Report sent"), ("title", "period", "sent_at", "due_at", "row_count", "attached",
                                              "plan_id", "owner_id", "unit_id")),),
    )  # fmt: skip
