"""The customer in one view: what each area knows of a customer, figures first, then cards, then lists as tabs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.customers.customer import CREDIT_CLASSES, Customer
from app.core import access, pages, query, values
from app.core.db import session
from app.core.pages import ShowPage, list_columns
from app.core.pages.lists import lives_of, references
from app.core.register import Register, registers
from app.core.together import Names, Rows, Talk, joined

SHOWN = 20
TONES = {"active": "ok", "new": "info", "prospect": "info", "silent": "warn", "frozen": "late", "leaving": "warn"}
GRADES = {"a": "ok", "b": "info", "c": "warn"}
NOT_HERE = frozenset({"customer", "customer_merge"})
KEEPERS = ("owner_id", "backup_id", "regional_manager_id", "unit_id")
REACHED = ("contact_name", "position", "contact_phone", "other_phone", "contact_email", "channels", "preferred_time",
           "address")  # fmt: skip


@dataclass
class Overview:
    """What areas put together: figures ``{label, value, unit, hint, tone, url}`` and cards on both sides.

    A card is ``{title, clause, aside, html}``; ``letter`` and ``tone`` stand before the name.
    """

    page: ShowPage
    customer: Any
    figures: list[dict[str, Any]] = field(default_factory=list)
    main: list[dict[str, Any]] = field(default_factory=list)
    side: list[dict[str, Any]] = field(default_factory=list)
    letter: str = ""
    tone: str = "mute"
    letter_title: str = ""

    def figure(self, label: Any, value: Any, **more: Any) -> None:
        """Add a figure; ``more`` are unit, hint, tone and url."""
        self.figures.append({"label": label, "value": value, "unit": "", "hint": "", "tone": "", "url": ""} | more)


Contributor = Callable[[Overview], Any]
_contributors: list[tuple[int, Contributor]] = []


def on_customer(function: Contributor, order: int = 50) -> Contributor:
    """Let ``function`` add figures, cards and tabs to the page of every customer; the same statements for any.

    One that asks for rows of columns or for names is a generator, so that all ask together: see ``core/together.py``.
    """
    if all(known is not function for _order, known in _contributors):
        _contributors.append((order, function))
        _contributors.sort(key=lambda entry: entry[0])
    return function


def show(page: ShowPage) -> Talk:
    """Lay the page of a customer out as one view."""
    if page.whole.register.slug != "customer":
        return
    built = Overview(page, page.record)
    yield from joined((_headed, *(contribute for _order, contribute in _contributors)), built)
    page.template, page.overview = "customers/show.html", built


def _headed(built: Overview) -> None:
    row: Any = built.customer
    spec = built.page.whole.fields["standing"]
    if row.merged_into_id is not None:
        built.page.header["state"] = {"label": _("Merged"), "tone": "mute"}
    elif row.standing and not built.page.header["state"]:
        tone = TONES.get(row.standing, "mute")
        built.page.header["state"] = {"label": values.text(spec, row.standing, {}), "tone": tone}
    if row.credit_class in GRADES:
        built.letter, built.tone = str(CREDIT_CLASSES[row.credit_class]), GRADES[row.credit_class]
        built.letter_title = _("Credit class %(letter)s", letter=built.letter)
    else:
        built.letter = (row.short_name or row.name)[:1]


# -- what the file itself says -----------------------------------------------------------------------------------------


def who_to_reach(built: Overview) -> None:
    """How the customer is reached, and who keeps it."""
    built.side.append(_card(built, _("How to reach them"), REACHED))
    built.side.append(_card(built, _("Who keeps the file"), KEEPERS))


def _card(built: Overview, title: str, names: tuple[str, ...]) -> dict[str, Any]:
    """A card of fields that the page shows anyway; empty ones are left out."""
    shown = [built.page.field(name) for name in names]
    filled = [one for one in shown if one is not None and one["value"] not in (values.DASH, "", None)]
    return {"title": title, "clause": "", "aside": "", "fields": filled, "blank": _("Nothing filled in yet")}


# -- lists of what names the customer ----------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _naming() -> tuple[tuple[str, str], ...]:
    """The registers whose rows are about a customer, each with the field that says so; lines have their tabs."""
    lines = {entry.partition(".")[0] for entry in Customer.register.lines}
    found = []
    for register in registers().values():
        specs = register.fields.items()
        name = next((name for name, spec in specs if spec.target == "customer" and spec.kind.name == "ref"), "")
        if name and register.slug not in NOT_HERE | lines and not (register.detail_of or register.sealed):
            found.append((register.slug, name))
    return tuple(found)


def lists(page: ShowPage) -> Talk:
    """A tab per register with rows about the customer that the person may see, the newest first."""
    if page.whole.register.slug != "customer":
        return
    counted = _counted(page.record.id)
    found = yield Rows([query.first_of(register, name, page.record.id, SHOWN, list_columns(register))
                        for register, name, _count in counted])  # fmt: skip
    parts = [(*one, rows) for one, rows in zip(counted, found, strict=True)]
    names = yield Names([pair for register, _name, _count, rows in parts for pair in references(register, rows)])
    page.tabs += [_tab(page, *part, names) for part in parts]


def _counted(customer_id: int) -> list[tuple[Register, str, int]]:
    """How many rows each register has of the customer, within reach; one statement, registers without any left out."""
    person = access.current()
    known = [(registers()[slug], name) for slug, name in _naming()]
    read = [(register, name) for register, name in known if person.can(register.guarded_by, "read")]
    counts = []
    for number, (register, name) in enumerate(read):
        table = register.model.__table__
        mine = sa.select(table.c.id).where(table.c[name] == customer_id, access.rows(register)).subquery()
        counts.append(sa.select(sa.literal(number), sa.func.count()).select_from(mine))
    found = session.execute(sa.union_all(*counts)).all() if counts else []
    return [(*read[number], count) for number, count in found if count]


def _tab(
    page: ShowPage, register: Register, name: str, count: int, rows: list[Any], names: values.Names
) -> dict[str, Any]:
    lives = lives_of(register, rows)
    columns = [column for column in register.list if column != name]
    cells = [
        [values.html(register.fields[column], getattr(row, column), names, lives.get(row.id)) for column in columns]
        for row in rows
    ]
    for row, line in zip(rows, cells, strict=True):
        line[0] = pages.link(register.slug, row.id, line[0] if line[0] != values.DASH else f"#{row.id}")
    specs = [register.fields[column] for column in columns]
    heads = [{"label": spec.label, "align": spec.kind.align} for spec in specs]
    more = name in query.filterable(register) and count > len(rows)
    address = pages.url(register, "list", **{name: page.record.id}) if more else ""
    table = {"columns": heads, "rows": [{"cells": line} for line in cells]}
    return {"key": register.slug, "label": register.label, "count": count, "table": table, "all": address}


on_customer(who_to_reach, order=10)
pages.on_show(lists, order=40)
pages.on_show(show, order=99)
