"""Customer financials (客户资信资料): figures of a customer per period, and what was learnt of it, with the channel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from app.core import clock, fields
from app.core.errors import Problem
from app.core.register import Record, Register, Section
from app.core.saving import Draft, check
from app.core.scope import Owned

CHANNELS = {
    "partner": _l("The customer itself"),
    "observation": _l("Contact and observation"),
    "authority": _l("Business register, tax office or bank"),
    "own_files": _l("Own files and dealings"),
    "agency": _l("Commissioned agency"),
    "other": _l("Other channel"),
}
SOURCES, FIGURES = "第9条", "第8条4; 第8条5"


class CustomerFinancial(Owned, Record):
    """A year or a month in figures, or a piece of information; the same period from two channels is two rows."""

    __table_args__: Any = (
        CheckConstraint("month IS NULL OR (month >= 1 AND month <= 12)", name="a_month_of_the_year"),
        CheckConstraint("year IS NOT NULL OR content IS NOT NULL", name="figures_or_information"),
    )

    customer_id: Mapped[int] = fields.ref(_l("Customer"), "customer")
    channel: Mapped[str] = fields.choice(_l("Channel"), CHANNELS, default="partner")
    obtained_on: Mapped[dt.date] = fields.date(_l("Obtained on"))
    agency: Mapped[str | None] = fields.text(_l("Agency"), 120)
    year: Mapped[int | None] = fields.integer(_l("Year"), minimum=1980, maximum=2100)
    month: Mapped[int | None] = fields.integer(_l("Month"), minimum=1, maximum=12, help=_l("Empty: the whole year."))
    revenue: Mapped[Decimal | None] = fields.money(_l("Turnover"), unit=_l("yuan"))
    net_profit: Mapped[Decimal | None] = fields.money(_l("Net profit"), unit=_l("yuan"), minimum=None)
    total_assets: Mapped[Decimal | None] = fields.money(_l("Total assets"), unit=_l("yuan"))
    total_liabilities: Mapped[Decimal | None] = fields.money(_l("Total liabilities"), unit=_l("yuan"))
    current_assets: Mapped[Decimal | None] = fields.money(_l("Current assets"), unit=_l("yuan"))
    current_liabilities: Mapped[Decimal | None] = fields.money(_l("Current liabilities"), unit=_l("yuan"))
    staff: Mapped[int | None] = fields.integer(_l("Number of staff"), minimum=0)
    content: Mapped[str | None] = fields.longtext(_l("What was learnt"))
    statement = fields.files(_l("Statements and papers"))

    register = Register(
        area="credit", label=_l("Customer financials"), title="customer_id", subject="channel", party="customer_id",
        icon="report-money", order="-id",
        list=("customer_id", "year", "month", "revenue", "net_profit", "channel", "obtained_on"),
        filters=("customer_id", "year", "channel", "obtained_on", "owner_id", "unit_id"),
        sections=(
            Section(_l("Source"), ("customer_id", "channel", "obtained_on", "agency", "unit_id", "owner_id"),
                    clause="第9条"),
            Section(_l("Figures"), ("year", "month", "revenue", "net_profit", "total_assets", "total_liabilities",
                                    "current_assets", "current_liabilities", "staff"), clause="第8条4; 第8条5"),
            Section(_l("Information"), ("content", "statement"), clause="第9条"),
        ),
    )  # fmt: skip


@check("customer_financial")
def figures_or_information(draft: Draft) -> Iterable[Problem]:
    """A row holds the figures of a period with turnover and profit, or says what was learnt."""
    if draft.get("year") is None and not draft.get("content"):
        yield Problem(_("Write the year of the figures, or what was learnt."), "year", "required", FIGURES)
    if draft.get("year") is not None:
        for name in ("revenue", "net_profit"):
            if draft.get(name) is None:
                label = draft.whole.fields[name].label
                yield Problem(_("“%(field)s” is needed beside a year.", field=label), name, "required", FIGURES)
    elif draft.get("month") is not None:
        yield Problem(_("A month needs its year."), "year", "required", FIGURES)
    if draft.get("channel") == "agency" and not draft.get("agency"):
        yield Problem(_("Name the agency that was commissioned."), "agency", "required", SOURCES)


@check("customer_financial")
def has_been_obtained(draft: Draft) -> Iterable[Problem]:
    """What was obtained lies in the past, and a period does not begin after it."""
    day, year = draft.get("obtained_on"), draft.get("year")
    if day and day > clock.today():
        yield Problem(_("The day lies in the future."), "obtained_on", "not_future", SOURCES)
    if day and year and (year, draft.get("month") or 1) > (day.year, day.month):
        yield Problem(_("The period begins after these figures were obtained."), "year", "not_future", FIGURES)
