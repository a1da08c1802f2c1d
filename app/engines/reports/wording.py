"""Cells of a report in words: on screens, on paper and for programs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup, escape

from app.core import access, clock, pages, values
from app.core.lifecycle import Words
from app.core.register import registers
from app.engines.deadlines.slip import LIFE, UrgeSlip
from app.engines.reports.listing import Column, Line, Listing, SlipLine, Stay
from app.engines.reports.rows import REFERS

SLIP = UrgeSlip.__tablename__
NUMBER = Markup('<span class="kz-num">{}</span>')
LATE = Markup('<span class="kz-num fg-late">{}</span>')
STAY = Markup('<span class="kz-num text-nowrap" title="{}">{} – {}</span>{}')
SLIP_LINK = Markup('<a class="kz-num" href="{}">{}</a> <span class="kz-xs">{}</span>')


def html(listing: Listing, line: Line, column: Column) -> Markup:
    """A cell on a page; the first column leads to the row."""
    value = line.values.get(column.key)
    if column.spec is not None:
        shown = values.html(column.spec, value, listing.names, line.life)
        if column == listing.columns[0]:
            return pages.link(listing.slug, line.id, shown)
        return shown
    if value is None or value == []:
        return values.DASH
    if isinstance(value, Stay):
        return _stay(value)
    if column.key == "slips":
        return Markup("<br>").join(_slip(slip) for slip in value)
    if isinstance(value, dt.datetime):
        return Markup('<span class="kz-num" title="{}">{}</span>').format(_exact(value), values.short(value))
    return (LATE if column.key == "late_days" else NUMBER).format(text(listing, line, column))


def _stay(stay: Stay) -> Markup:
    sent = values.short(stay.sent) if stay.sent else "…"
    remarks = []
    if stay.sent is None:
        remarks.append(Markup('<span class="kz-xs kz-num">{}</span>').format(_due(stay)))
    if stay.late_days is not None:
        remarks.append(LATE.format(_late(stay)))
    if stay.times > 1:
        remarks.append(Markup('<span class="kz-xs">{}</span>').format(_("%(count)s times", count=stay.times)))
    below = Markup("").join(Markup("<br>") + remark for remark in remarks)
    title = _("due %(when)s", when=_exact(stay.due))
    return STAY.format(title, values.short(stay.received), sent, below)


def _due(stay: Stay) -> str:
    return _("due %(when)s", when=values.short(stay.due))


def _late(stay: Stay) -> str:
    """How late, in working days; a limit missed by less than a tenth of one is late all the same."""
    return _("late by %(days)s", days=stay.late_days) if stay.late_days else _("Late")


def _slip(slip: SlipLine) -> Markup:
    state = LIFE.states[slip.status].label
    if not access.current().can(SLIP, "read"):
        return Markup('<span class="kz-num">{}</span> <span class="kz-xs">{}</span>').format(slip.number, state)
    return SLIP_LINK.format(pages.url(registers()[SLIP], "show", pk=slip.id), slip.number, state)


def text(listing: Listing, line: Line, column: Column) -> str:
    """A cell on paper."""
    value = line.values.get(column.key)
    if column.spec is not None:
        return values.text(column.spec, value, listing.names, line.life)
    if value is None or value == []:
        return ""
    if column.key == "slips":
        return "\n".join(f"{slip.number} {LIFE.states[slip.status].label}" for slip in value)
    if column.key in REFERS:
        return listing.names.get((REFERS[column.key], value), str(value))
    return _in_words(value)


def _in_words(value: Any) -> str:
    if isinstance(value, Stay):
        sent = values.short(value.sent) if value.sent else "…"
        said = [f"{values.short(value.received)} – {sent}", _due(value) if value.sent is None else ""]
        said.append(_late(value) if value.late_days is not None else "")
        return "\n".join(part for part in said if part)
    return _exact(value) if isinstance(value, dt.datetime) else str(value)


def cell(listing: Listing, line: Line, column: Column) -> Any:
    """A cell of a workbook: numbers, days and local instants as such, everything else in words."""
    value = line.values.get(column.key)
    if isinstance(value, dt.datetime):
        return clock.to_local(value)
    if isinstance(value, int | Decimal | dt.date) and not (column.spec and column.spec.target):
        return value if column.key not in REFERS and not isinstance(value, bool) else text(listing, line, column)
    return text(listing, line, column)


def plain(line: Line, column: Column) -> Any:
    """A cell for programs."""
    value = line.values.get(column.key)
    if column.spec is not None:
        return column.spec.kind.plain(value)
    if column.key == "slips":
        return [{"id": slip.id, "slip_no": slip.number, "status": slip.status} for slip in value or ()]
    kinds: dict[type, Callable[[Any], Any]] = {
        Stay: _plain_stay,
        dt.datetime: _instant,
        Decimal: str,
        Words: lambda words: {"zh": words.zh, "en": words.en},
    }
    return kinds.get(type(value), lambda given: given)(value)


def _plain_stay(stay: Stay) -> dict[str, Any]:
    return {
        "received": _instant(stay.received),
        "due": _instant(stay.due),
        "sent": _instant(stay.sent) if stay.sent else None,
        "late_days": str(stay.late_days) if stay.late_days is not None else None,
        "times": stay.times,
    }


def _instant(value: dt.datetime) -> str:
    return clock.to_local(value).isoformat()


def _exact(value: dt.datetime) -> str:
    return clock.to_local(value).strftime("%Y-%m-%d %H:%M")


def group_name(listing: Listing, value: Any) -> str:
    """What the lines of one group have in common, in words."""
    if listing.by is None or value is None:
        return _("Not named yet")
    if listing.by.spec is not None:
        return values.text(listing.by.spec, value, listing.names)
    return str(escape(value))
