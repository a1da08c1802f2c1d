"""Charts of money: what customers are granted, owe and pay, and what complaints cost; lists share the filters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core import clock, query, values
from app.core.db import session
from app.core.register import registers
from app.engines.deadlines.narrowing import end_of_day
from app.screens.dashboard_asked import Asked, span
from app.screens.dashboard_charts import BARS, COLUMNS, Chart, Figure, Line, Series, titled

LATE_DAYS = (0, 30, 60, 90)
MOST = 20
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Added:
    """What a series adds up: rows of a register by filters of its list; without ``amount`` the rows are counted.

    Of several fields the later ones are taken from the first.
    """

    slug: str
    at: str
    amount: tuple[str, ...] = ()
    only: Mapping[str, str] = field(default_factory=dict)

    @property
    def column(self) -> Any:
        """The day or instant that puts a row into a month or a band."""
        return self.of(self.at)

    def of(self, name: str) -> Any:
        """A column of the register."""
        return registers()[self.slug].model.__table__.c[name]

    @property
    def dated(self) -> bool:
        """Whether ``at`` is a day and no instant."""
        return isinstance(self.column.type, sa.Date)

    def total(self) -> Any:
        """The sum, or how many rows."""
        if not self.amount:
            return sa.func.count()
        first, *less = (sa.func.coalesce(self.of(name), 0) for name in self.amount)
        return sa.func.sum(sum((-one for one in less), first))

    def grouped(self, asked: Asked, by: Any, more: Mapping[str, str]) -> dict[Any, Decimal | int]:
        """The totals by an expression, of the rows that the list shows under the same filters."""
        register = registers()[self.slug]
        criteria = query.read_criteria(register, {**asked.narrow_of(self.slug), **self.only, **more})
        key = by.label("key")
        rows = sa.select(key, self.total()).where(asked.reached(self.slug), *query.conditions(register, criteria))
        return dict(session.execute(rows.group_by(key)).all())

    def figure(self, asked: Asked, total: Decimal | int | None, more: Mapping[str, str]) -> Figure:
        """A total with its list."""
        return Figure(total or (NOTHING if self.amount else 0), asked.list(self.slug, {**self.only, **more}))

    def edge(self, day: dt.date) -> Any:
        """The last moment of a day, as ``at`` is kept."""
        return day if self.dated else end_of_day(day)


def monthly(*added: Added) -> Callable[[Asked], list[Line]]:
    """A line for each month, a figure for each series: one statement each."""

    def count(asked: Asked) -> list[Line]:
        found = [one.grouped(asked, _month(asked, one), asked.span(one.at)) for one in added]
        return [
            Line(month.name, [one.figure(asked, sums.get(place), month.args(one.at))
                              for one, sums in zip(added, found, strict=True)])
            for place, month in enumerate(asked.months)
        ]  # fmt: skip

    return count


def _month(asked: Asked, added: Added) -> Any:
    return sa.case(*((added.column <= added.edge(month.last), place) for place, month in enumerate(asked.months)))


def overdue(*added: Added) -> Callable[[Asked], list[Line]]:
    """What is owed today by the days that have passed since it was due."""

    def count(asked: Asked) -> list[Line]:
        today = clock.today()
        edges = [today - dt.timedelta(days=days + 1) for days in LATE_DAYS]
        found = [one.grouped(asked, _age(one, edges), {f"{one.at}__empty": "false"}) for one in added]
        bands = zip([*(edge + dt.timedelta(days=1) for edge in edges), None], [None, *edges], strict=True)
        return [
            Line(_band(place), [one.figure(asked, sums.get(place), span(one.at, first, last))
                                for one, sums in zip(added, found, strict=True)])
            for place, (first, last) in enumerate(bands)
        ]  # fmt: skip

    return count


def _age(added: Added, edges: list[dt.date]) -> Any:
    later = ((added.column > added.edge(edge), place) for place, edge in enumerate(edges))
    return sa.case(*later, else_=len(edges))


def _band(place: int) -> str:
    if place == 0:
        return _("Not due yet")
    if place == len(LATE_DAYS):
        return f"> {LATE_DAYS[-1]}"
    return f"{LATE_DAYS[place - 1] + 1}–{LATE_DAYS[place]}"


def by(name: str, *added: Added, during: bool = False) -> Callable[[Asked], list[Line]]:
    """A line for each value of a field, the largest first; with ``during`` of the asked months alone."""

    def count(asked: Asked) -> list[Line]:
        spans = [asked.span(one.at) if during else {} for one in added]
        found = [one.grouped(asked, one.of(name), more) for one, more in zip(added, spans, strict=True)]
        keys = sorted({*found[0]}, key=lambda key: (-(found[0][key] or 0), str(key)))[:MOST]
        labels = _labels(added[0].slug, name, keys)
        return [
            Line(labels[key], [one.figure(asked, sums.get(key), {**more, **_chosen(name, key)})
                               for one, sums, more in zip(added, found, spans, strict=True)])
            for key in keys
        ]  # fmt: skip

    return count


def _chosen(name: str, key: Any) -> dict[str, str]:
    return {f"{name}__empty": "true"} if key is None else {name: str(key)}


def _labels(slug: str, name: str, keys: Iterable[Any]) -> dict[Any, str]:
    spec = registers()[slug].fields[name]
    target = spec.target or ""
    names = values.names_of((target, key) for key in keys if key and target)
    known = {key: names.get((target, key), "") if target else str(spec.choices.get(key, key)) for key in keys if key}
    return {key: known.get(key) or _("Not named yet") for key in keys}


DEALS = Added("credit_deal", "due_at", ("amount", "settled_amount"), {"status__in": "open,overdue"})
UNPAID = Added("shipment", "due_on", ("amount", "returned_amount", "paid_amount"),
               {"status__in": "released,shipped,overdue"})  # fmt: skip
LINES = Added("credit_request", "valid_from", ("approved_limit",), {"status": "active"})
GONE = {"status__in": "delivered,released,shipped,overdue,settled"}
SHEETS = Added("loss_sheet", "approved_at", ("loss_total",), {"status": "approved"})
FINES = {"status__in": "confirmed,approved,executed"}
PENALTIES = {"status__in": "approved,announced,decided"}
COUNTED = Series(_l("Number"), aside=True)

CREDIT = (
    Chart("owed", titled(_l("Owed on credit, by days past due")), COLUMNS,
          (Series(_l("Credit deals, yuan")), Series(_l("Shipments, yuan"), "warn")), _l("Days past due"),
          overdue(DEALS, UNPAID), now=True, slug="credit_deal"),
    Chart("moved", titled(_l("Shipments and receipts")), COLUMNS,
          (Series(_l("Shipped, yuan")), Series(_l("Received, yuan"), "ok")), _l("Month"),
          monthly(Added("shipment", "invoice_date", ("amount",), GONE),
                  Added("receipt", "received_on", ("amount",), {"status": "confirmed"})), slug="receipt"),
    Chart("granted", titled(_l("Limits in force by class")), BARS,
          (Series(_l("Limits, yuan")), COUNTED), _l("Credit class"),
          by("credit_class", LINES, Added("credit_request", "valid_from", (), LINES.only)), now=True,
          slug="credit_request"),
    Chart("debtors", titled(_l("Customers who use most credit")), BARS,
          (Series(_l("Credit deals, yuan")),), _l("Customer"), by("customer_id", DEALS), now=True, slug="credit_deal"),
    Chart("unpaid", titled(_l("Customers with most unpaid shipments")), BARS,
          (Series(_l("Shipments, yuan"), "warn"),), _l("Customer"), by("customer_id", UNPAID), now=True,
          slug="shipment"),
    Chart("above", titled(_l("Cases above the limit")), COLUMNS, (Series(_l("Begun"), "late"),), _l("Month"),
          monthly(Added("over_limit_case", "opened_on")), slug="over_limit_case"),
)  # fmt: skip
LOSSES = (
    Chart("losses", titled(_l("Losses of approved sheets")), COLUMNS,
          (Series(_l("Losses, yuan"), "late"), COUNTED), _l("Month"),
          monthly(SHEETS, Added("loss_sheet", "approved_at", (), SHEETS.only)), slug="loss_sheet", wide=True),
    Chart("losses_by_unit", titled(_l("Losses by responsible department")), BARS,
          (Series(_l("Losses, yuan"), "late"), COUNTED), _l("Responsible department"),
          by("responsible_unit_id", SHEETS, Added("loss_sheet", "approved_at", (), SHEETS.only), during=True),
          slug="loss_sheet"),
    Chart("sanctions", titled(_l("Sanctions by grade")), BARS, (Series(_l("Sanctions")),), _l("Grade"),
          by("grade", Added("sanction", "approved_at", (), PENALTIES), during=True), slug="sanction"),
    Chart("fines", titled(_l("Fines")), COLUMNS, (Series(_l("Fines, yuan"), "warn"), COUNTED), _l("Month"),
          monthly(Added("penalty_notice", "approved_at", ("amount",), FINES),
                  Added("penalty_notice", "approved_at", (), FINES)), slug="penalty_notice"),
)  # fmt: skip
