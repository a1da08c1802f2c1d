"""Contact window (联系时段规则): when a customer asked to be contacted, or when nobody is called."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from app.core import access, clock, fields
from app.core.errors import Problem
from app.core.register import Record, Register, Section
from app.core.saving import Draft, before_create, check
from app.core.scope import Owned
from app.core.whole import Whole

WEEKDAYS = {
    "1": _l("Monday"), "2": _l("Tuesday"), "3": _l("Wednesday"), "4": _l("Thursday"), "5": _l("Friday"),
    "6": _l("Saturday"), "7": _l("Sunday"),
}  # fmt: skip
DAY_TYPES = {"workday": _l("Working day"), "weekend": _l("Weekend"), "holiday": _l("Holiday")}
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class ContactWindow(Owned, Record):
    """From one time of the day to another, on a day or on some weekdays, for one case or one customer."""

    __table_args__: Any = (CheckConstraint("from_time <> to_time", name="window_has_length"),)

    complaint_id: Mapped[int | None] = fields.ref(_l("Complaint"), "complaint")
    customer_id: Mapped[int | None] = fields.ref(_l("Customer"), "customer")
    rule_name: Mapped[str | None] = fields.text(_l("Name of the rule"), 60)
    day_type: Mapped[str | None] = fields.choice(_l("Kind of day"), DAY_TYPES)
    on_date: Mapped[dt.date | None] = fields.date(
        _l("On the day"), help=_l("Leave it empty for weekdays, or for every day.")
    )
    weekdays: Mapped[list[str] | None] = fields.choices(_l("On weekdays"), WEEKDAYS)
    from_time: Mapped[str] = fields.text(_l("From"), 5, help=_l("As 12:15"))
    to_time: Mapped[str] = fields.text(_l("Until"), 5, help=_l("As 12:45"))
    active: Mapped[bool] = fields.boolean(_l("In use"), default=True)
    recorded_by_id: Mapped[int | None] = fields.ref(_l("Recorded by"), "employee", computed=True)
    recorded_at: Mapped[dt.datetime | None] = fields.datetime(_l("Recorded at"), computed=True)

    register = Register(
        area="customers", label=_l("Contact window"), title="from_time", icon="clock", order="-recorded_at",
        list=("complaint_id", "customer_id", "on_date", "weekdays", "from_time", "to_time", "active", "recorded_by_id"),
        filters=("complaint_id", "customer_id", "on_date", "active", "owner_id", "recorded_at"),
        actions=frozenset({"add", "edit"}),
        sections=(
            Section(_l("For whom"), ("complaint_id", "customer_id", "rule_name", "day_type")),
            Section(_l("When"), ("on_date", "weekdays", "from_time", "to_time", "active")),
            Section(_l("Entry"), ("recorded_by_id", "recorded_at", "unit_id", "owner_id")),
        ),
    )  # fmt: skip


@check("contact_window")
def window_is_a_time(draft: Draft) -> Iterable[Problem]:
    """Both ends are times of the day, the end comes after the start, and it is a day or weekdays, not both."""
    wrong = [name for name in ("from_time", "to_time") if (text := draft.get(name)) and not TIME.fullmatch(text)]
    for name in wrong:
        label = draft.whole.fields[name].label
        yield Problem(_("%(field)s: a time of the day is written as 08:30", field=label), name, "time")
    start, end = draft.get("from_time"), draft.get("to_time")
    if not wrong and start and end and start >= end and not draft.get("day_type"):
        yield Problem(_("The window ends after it begins."), "to_time", "after")
    if draft.get("on_date") and draft.get("weekdays"):
        yield Problem(_("Write a day, or weekdays, not both."), "weekdays", "one_of")


@before_create("contact_window")
def recorded(whole: Whole) -> None:
    """Who wrote down what the customer asked for, and when."""
    whole.update({"recorded_by_id": access.current().employee_id, "recorded_at": clock.now()})
