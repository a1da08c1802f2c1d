"""What the page of a case, and REST, say of contacts: when the next attempt may be made, and the days without one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from app.core import clock, explaining, forms, pages, saving
from app.core.pages import FormPage, ShowPage
from app.core.register import registers
from app.core.whole import Whole
from app.core.wording import pair, phrases
from app.engines.contacts import calc, operations
from app.engines.contacts.operations import Contacts

WHY = {
    calc.SPACING: _l("so long after the attempt that reached nobody"),
    calc.QUIET: _l("after the quiet hours"),
    calc.WINDOW: _l("the customer asked for this time"),
}
DRAWER = "why-contact"


def show_next(page: ShowPage) -> None:
    """A card with the next allowed time, and a drawer with the way to it and the days owed."""
    found = operations.rules_of(page.whole)
    if found is None or page.record.status not in found.rule.states:
        return
    page.clocks.append(_card(found))
    page.drawers.append({"id": DRAWER, "title": _("Why then, and which days"), "html": _why(found)})


def beside_form(built: FormPage, typed: Mapping[str, Any]) -> None:
    """Beside the form of an attempt: when the next one may be made, of a case within the person's reach."""
    specs = {
        name: spec for name, spec in built.whole.fields.items()
        if name in typed and spec.kind.name == "ref" and spec.target in registers()
    }
    read, _problems = saving.read_values(specs, typed)
    given = {name: key for name, key in read.items() if key and saving.visible_ids(specs[name].target, [key])}
    for found in operations.logged(built.whole.register.slug, lambda name: given.get(name) or built.whole.get(name)):
        card = _card(found)
        why = phrases(_reasons(found))
        line = {"label": card["used"], "value": card["big"], "hint": why, "clause": card["clause"]}
        rail = {"title": card["title"], "clause": "", "lines": [line], "waits": False}
        built.aside.append(Markup(render_template("_rail.html", card=rail)))  # noqa: S704 -- the template escapes


def _card(found: Contacts) -> dict[str, Any]:
    following, kept = found.next(), found.compliance()
    now = operations.local(clock.now())
    open_now = following.at <= now
    tone = "info" if open_now else "hold"
    return {
        "title": _("Next contact"), "clause": forms.clause_link(_page(found), found.rule.clause),
        "big": _("allowed now") if open_now else _("from %(when)s", when=_moment(following.at, now.date())),
        "big_unit": "", "tone": tone, "percent": int(kept.percent),
        "used": _("%(tried)s of %(owed)s days with an attempt", tried=len(kept.tried), owed=len(kept.owed)),
        "due_text": _("window asked for") if found.windows else "", "due_exact": "", "why_id": DRAWER,
    }  # fmt: skip


def _moment(at: dt.datetime, today: dt.date) -> str:
    return f"{at:%H:%M}" if at.date() == today else f"{at:%m-%d %H:%M}"


def _page(found: Contacts) -> str:
    return found.case.policy if isinstance(found.case.policy, str) else ""


def _why(found: Contacts) -> Markup:
    parts = [_para(text) for text in _reasons(found)]
    kept = found.compliance()
    tried: dict[dt.date, list[str]] = {}
    for one in found.attempts:
        tried.setdefault(one.at.date(), []).append(f"{one.at:%H:%M}")
    rows = [_day(day, tried.get(day, [])) for day in kept.owed]
    table = Markup('<table class="table kz-table"><tbody>{}</tbody></table>').format(Markup("").join(rows))
    return Markup('<div class="p-3">{}</div>{}').format(Markup("").join(parts), table if rows else "")


def _reasons(found: Contacts) -> list[str]:
    quiet = _(", ").join(f"{start:%H:%M}–{end:%H:%M}" for start, end in found.rules.quiet)
    said = [_("Never at %(spans)s, unless the customer asked for that time.", spans=quiet)] if quiet else []
    said += [
        _("The customer asked for %(start)s–%(end)s.", start=f"{one.start:%H:%M}", end=f"{one.end:%H:%M}")
        for one in found.windows
    ]
    return said + [pair(f"{at:%m-%d %H:%M}", WHY[key]) for key, at in found.next().steps]


def _para(text: str) -> Markup:
    return Markup('<p class="kz-sub mb-2">{}</p>').format(text)


def _day(day: dt.date, times: list[str]) -> Markup:
    shown = Markup('<span class="kz-num">{}</span>').format(" ".join(times)) if times else Markup(
        '<span class="fg-late">{}</span>'
    ).format(_("no attempt"))
    return Markup('<tr><td class="kz-num">{}</td><td class="text-end">{}</td></tr>').format(f"{day:%m-%d}", shown)


@explaining.explains("contacts")
def contacts(whole: Whole) -> Any:
    """When the next attempt may be made and why, each attempt, and the days owed, covered and missing."""
    found = operations.rules_of(whole)
    if found is None:
        return None
    following, kept = found.next(), found.compliance()
    return {
        "next_at": _zoned(following.at), "clause": found.rule.clause,
        "steps": [{"why": key, "at": _zoned(at)} for key, at in following.steps],
        "attempts": [
            {"at": _zoned(one.at), "outcome": one.outcome, "in_window": calc.in_window(one.at, found.windows)}
            for one in found.attempts
        ],
        "owed": [day.isoformat() for day in kept.owed], "missing": [day.isoformat() for day in kept.missing],
        "percent": str(kept.percent),
    }  # fmt: skip


def _zoned(at: dt.datetime) -> str:
    return clock.to_local(clock.from_local(at)).isoformat()


pages.on_show(show_next, order=12)
pages.on_form(beside_form, order=25)
