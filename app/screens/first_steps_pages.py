"""What the pages of the first steps show: the frame, units, people, calendar, sweeps, the last check."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core import clock, words
from app.core.db import session
from app.core.installation import DEMO, Fact
from app.core.wording import listed
from app.engines.calendar import operations as calendars
from app.engines.calendar.models import FIRM
from app.engines.exchange import plan
from app.engines.exchange.models import ADD
from app.engines.founding import checking, newcomers
from app.engines.founding import operations as founding
from app.engines.founding.models import CHECK, DONE, PEOPLE, STEPS, Newcomer
from app.engines.founding.units import Planned
from app.engines.people.models import KINDS, Employee, OrgUnit
from app.engines.sweeps import operations as sweeps
from app.engines.sweeps.registry import sweeps as known_sweeps
from app.engines.sweeps.words import in_words

VIEW = "FirstStepsView"
SHOWN, MANY = 300, 300
HINTS = {
    "units": _l("Type the company and what lies below it, or paste it out of Excel."),
    "people": _l("Fill in the table: number, name and unit of each person are enough."),
    "policies": _l("Choose the written policies that the company works by."),
    "posts": _l("Each policy names posts; say who holds them."),
    "calendar": _l("Time limits count working days: look at the years ahead."),
    "sweeps": _l("They warn, urge and remind by themselves."),
    "check": _l("What would stop a first case."),
}


def url_of(step: str) -> str:
    """The page of a step."""
    return url_for(f"{VIEW}.{step}")


def next_url(step: str) -> str:
    """The page after a step."""
    keys = list(STEPS)
    return url_of(keys[min(keys.index(step) + 1, len(keys) - 1)])


def steps(now: str = "") -> list[dict[str, Any]]:
    """Every step with its state."""
    made = founding.progress()
    return [
        {"key": key, "label": label, "hint": HINTS[key], "url": url_of(key), "done": made[key], "now": key == now,
         "status": "now" if key == now else "done" if made[key] else "todo"}
        for key, label in STEPS.items()
    ]  # fmt: skip


def frame(step: str) -> dict[str, Any]:
    """What stands around every step."""
    known, keys = steps(step), list(STEPS)
    at, made = keys.index(step), sum(one["done"] for one in known)
    ended = founding.marks().get(CHECK)
    return {
        "title": STEPS[step], "hint": HINTS[step], "steps": known, "number": at + 1, "done": known[at]["done"],
        "progress": _("%(done)s of %(total)s done", done=made, total=len(keys)), "share": 100 * made // len(keys),
        "back_url": url_of(keys[at - 1]) if at else "", "next": known[at + 1] if at + 1 < len(keys) else None,
        "later_url": "" if ended else url_for(f"{VIEW}.later"),
        "again_url": url_for(f"{VIEW}.again") if ended and ended != DONE else "",
    }


def workbench_card() -> dict[str, Any] | None:
    """The first steps on the workbench, for who may take them, until they are finished or put away."""
    if not founding.offered():
        return None
    known = steps()
    made = sum(one["done"] for one in known)
    return {
        "title": _("First steps: %(done)s of %(total)s", done=made, total=len(known)), "steps": known,
        "share": 100 * made // len(known), "url": url_for(f"{VIEW}.list"), "later_url": url_for(f"{VIEW}.later"),
    }


# -- units -------------------------------------------------------------------------------------------------------------


def units_page(text: str = "", planned: Sequence[Planned] = ()) -> dict[str, Any]:
    """The text, what it will become, and the units that are there."""
    count = _people_by_unit()
    rows = [
        {"name": unit.name, "code": unit.code, "kind": KINDS[unit.kind], "depth": unit.path.count("/") - 2,
         "people": count.get(unit.id, 0), "url": url_for("OrgUnitView.edit", pk=unit.id)}
        for unit in all_units()
    ]  # fmt: skip
    new = [one for one in planned if one.unit_id is None]
    return {
        "tree": text, "units": rows, "add_url": url_for("OrgUnitView.add"), "list_url": url_for("OrgUnitView.list"),
        "planned": [
            {"name": one.node.name, "code": one.code, "kind": KINDS[one.node.kind], "depth": one.node.depth,
             "state": {"tone": "info", "label": _("Not made yet")} if one.unit_id is None else
             {"tone": "mute", "label": _("There already")}}
            for one in planned
        ],
        "confirm": _("Make %(count)s units", count=len(new)) if new else "",
        "kinds": listed(label for label in KINDS.values()),
    }  # fmt: skip


def all_units() -> Sequence[OrgUnit]:
    """The units, each below the one that it belongs to."""
    found = list(session.scalars(sa.select(OrgUnit).order_by(OrgUnit.code).limit(MANY)))
    place = {unit.id: unit.code for unit in found}
    return sorted(found, key=lambda unit: [place.get(int(part), "") for part in unit.path.strip("/").split("/")])


def choices(units: Iterable[OrgUnit]) -> list[dict[str, Any]]:
    """Units to choose from, each set in as deep as it lies."""
    return [{"id": str(unit.id), "label": "\u3000" * (unit.path.count("/") - 2) + unit.name} for unit in units]


def _people_by_unit() -> dict[int, int]:
    query = sa.select(Employee.unit_id, sa.func.count()).where(Employee.active).group_by(Employee.unit_id)
    return {unit: number for unit, number in session.execute(query)}  # noqa: C416 -- rows are no pairs to mypy


def unit_names(keys: Iterable[int]) -> dict[int, str]:
    """What units are called."""
    query = sa.select(OrgUnit.id, OrgUnit.name).where(OrgUnit.id.in_(set(keys)))
    return {row.id: row.name for row in session.execute(query)}


# -- people ------------------------------------------------------------------------------------------------------------


def people_page() -> dict[str, Any]:
    """The template, the upload, who was taken in, and whose account waits."""
    rows = list(session.scalars(sa.select(Newcomer).order_by(Newcomer.number).limit(SHOWN)))
    names = unit_names(row.unit_id for row in rows)
    waiting, unused = {row.id for row in newcomers.waiting()}, {row.id for row in newcomers.unused()}
    imports = plan.may_import(Newcomer.register)
    return {
        "rows": [
            {"name": row.name, "number": row.number, "unit": names.get(row.unit_id, ""), "username": row.username or "",
             "posts": _posts(row.posts), "url": url_for("PeopleView.show", pk=row.employee_id),
             "state": _account_state(row, waiting, unused)}
            for row in rows
        ],
        "units": session.scalar(sa.select(OrgUnit.id).limit(1)) is not None, "imports": imports, "mode": ADD,
        "template_url": url_for("ImportsView.template", slug="newcomer", mode=ADD),
        "upload_url": url_for("ImportsView.upload", slug="newcomer"), "one_url": url_for("NewcomerView.add"),
        "list_url": url_for("PeopleView.list"),
        "waiting": len(waiting), "unused": len(unused) if newcomers.may_hand_out() else 0,
        "open_url": url_for(f"{VIEW}.accounts") if waiting and newcomers.may_hand_out() else "",
        "renew_url": url_for(f"{VIEW}.renew"),
    }  # fmt: skip


def links_page(handed: Sequence[newcomers.Handed]) -> str:
    """The sheet to print: read once, then cut into strips; who is reached by mail is only named."""
    names = unit_names(row.unit_id for row, _given in handed)
    root = request.url_root.rstrip("/")
    return render_template("start/links.html", page={
        "title": _("First links"), "back": {"label": _("Back to the first steps"), "url": url_of(PEOPLE)},
        "until": clock.to_local(handed[0][1].until).strftime("%Y-%m-%d %H:%M"),
        "mailed": [{"name": row.name} for row, given in handed if given.address],
        "rows": [{"number": row.number, "name": row.name, "unit": names.get(row.unit_id, ""),
                  "username": given.username, "address": f"{root}{given.path}"}
                 for row, given in handed if not given.address],
    })  # fmt: skip


def _account_state(row: Newcomer, waiting: set[int], unused: set[int]) -> dict[str, Any]:
    if row.id in waiting:
        return {"tone": "warn", "label": _("Waits for an account")}
    if row.id in unused:
        return {"tone": "info", "label": _("Not signed in yet")}
    return {"tone": "ok", "label": _("Open")} if row.username else {"tone": "mute", "label": _("No account")}


# -- calendar, sweeps, check -------------------------------------------------------------------------------------------


def calendar_page() -> dict[str, Any]:
    """The years that count now, and whether they are announced."""
    code = calendars.DEFAULT
    return {
        "years": [
            {"year": row.year, "source": row.source, "url": url_for("CalendarsView.year", code=code, year=row.year),
             "state": {"tone": "ok", "label": _("Announced")} if row.status == FIRM else
             {"tone": "warn", "label": _("Provisional")}, "firm": row.status == FIRM}
            for row in checking.years()
        ],
        "calendar_url": url_for("CalendarsView.list"),
    }  # fmt: skip


def _posts(written: str | None) -> str:
    """The posts of a row as people call them."""
    return " · ".join(words.post_label(text.strip()) for text in newcomers.SPLIT.split(written or "") if text.strip())


def sweeps_page() -> dict[str, Any]:
    """How many sweeps run, and which are off."""
    jobs, titles = sweeps.jobs_with_last_run(), known_sweeps()
    return {
        "total": len(jobs), "on": sum(job.enabled for job, _last in jobs), "console_url": url_for("SweepsView.list"),
        "rows": [
            {"title": str(titles[job.name].title), "schedule": in_words(job.schedule),
             "url": url_for("SweepsView.show", name=job.name),
             "state": {"tone": "ok", "label": _("On")} if job.enabled else {"tone": "late", "label": _("Off")}}
            for job, _last in sorted(jobs, key=lambda pair: pair[0].enabled)
        ],
    }  # fmt: skip


def check_page() -> dict[str, Any]:
    """What would stop a first case, what is only worth knowing, and what to do about the demo."""
    found = checking.findings()
    demo = session.scalar(sa.select(Fact.value).where(Fact.name == DEMO))
    return {
        "blocking": [_finding(one) for one in found if one.blocks],
        "other": [_finding(one) for one in found if not one.blocks],
        "demo": bool((demo or {}).get("seeded")),
        "finished": founding.marks().get(CHECK) == DONE,
    }


def _finding(one: checking.Finding) -> dict[str, Any]:
    person = url_for("PeopleView.show", pk=one.person_id) if one.person_id else ""
    return {"text": one.text, "step": STEPS[one.step], "url": person or url_of(one.step)}
