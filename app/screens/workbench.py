"""What waits, what is late, what is due and what is mine, over every register of cases: one page to start the day."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import g, redirect, render_template, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response

from app.core import access, clock, pages, values
from app.core.access import Access
from app.core.errors import NotFound
from app.core.forms import clause_link
from app.core.lifecycle import Lifecycle
from app.core.pages import steps_of
from app.core.register import Register, registers
from app.core.screen import Screen
from app.engines.calendar.calc import WorkCalendar
from app.engines.calendar.operations import calendar_for
from app.engines.deadlines import narrowing as by_clock
from app.engines.deadlines import pages as clocks
from app.engines.notifications import operations as notifications
from app.engines.policy import stages
from app.engines.watching.operations import ME as WATCHED_BY_ME
from app.screens import workload
from app.screens.approval_pane import waiting_card
from app.screens.case_views import cases
from app.screens.first_steps_pages import workbench_card
from app.screens.workload import Case, Due

ROWS = 8
DAYS_AHEAD = 10
STEPS_SHOWN = 12


class WorkbenchView(Screen):
    """The first page after signing in."""

    route_base = ""
    default_view = "index"
    endpoint = "IndexView"
    everyone = True
    menu_label, menu_icon, menu_order = _l("Workbench"), "layout-dashboard", 0

    @expose("/")
    def index(self) -> str | Response:
        """The workbench; visitors sign in first."""
        if not current_user.is_authenticated:
            return redirect(url_for("LoginView.login"))
        return render_template("workbench.html", page=_page(access.current()))


def _page(person: Access) -> dict[str, Any]:
    known, calendar = cases(person), _calendar()
    last, used = _last_day(calendar), workload.in_use(known)
    due = workload.due(used, last)
    counts, mine = workload.mine(used, ROWS)
    urgent, watched = workload.urgent(used, ROWS), workload.watched(used, ROWS)
    lines = _Lines([*urgent, *mine, *watched])
    approvals, beginning = waiting_card(person, ROWS), workbench_card()
    return {
        "subtitle": _subtitle(calendar), "first_steps": beginning,
        "tour": not g.account.toured,
        "actions": [] if beginning else _actions(known, person, counts, lines.of(mine)[:1]),
        "tiles": [*_waiting_tile(approvals), *_tiles(known, due, counts)] if known or approvals else [],
        "approvals": approvals,
        "late": {"url": _list(known, clock=by_clock.LATE), "rows": lines.of(urgent)} if known else None,
        "mine": {"total_text": "", "url": _list(known, stage=stages.MINE), "rows": lines.of(mine)} if known else None,
        "watched": _watched(known, lines, watched),
        "due": _bars(known, due, calendar, last) if known else [],
        "holders": _where(used, due),
        "notices": _notices(person),
    }


def _watched(known: Sequence[Register], lines: _Lines, found: Sequence[Case]) -> dict[str, Any] | None:
    """What the person watches; nothing for who watches nothing."""
    if not found:
        return None
    numbers = Counter(case.slug for case in found)
    return {"total_text": "", "url": _list(known, numbers, watched=WATCHED_BY_ME), "rows": lines.of(found)}


# -- head and tiles ----------------------------------------------------------------------------------------------------


def _calendar() -> WorkCalendar | None:
    try:
        return calendar_for()
    except NotFound:
        return None


def _last_day(calendar: WorkCalendar | None) -> dt.date:
    """The last day of the bars, no earlier than the end of the week that the tile counts."""
    week = clock.today() + dt.timedelta(days=by_clock.WEEK_DAYS)
    return max(week, calendar.add_working_days(clock.today(), DAYS_AHEAD - 1)) if calendar else week


def _subtitle(calendar: WorkCalendar | None) -> str:
    if calendar is None:
        return ""
    today = clock.today()
    number = calendar.count_working_days(today.replace(day=1), today + dt.timedelta(days=1))
    if not calendar.is_working(today):
        following = calendar.add_working_days(today, 1).isoformat()
        return _("Rest day · %(number)s working days so far this month · next on %(day)s", number=number, day=following)
    return _("Working day %(number)s of this month", number=number)


def _list(known: Sequence[Register], numbers: Mapping[str, int] | None = None, **asked: str) -> str:
    """The list with the counted rows: of the register that has the most of them."""
    if not known:
        return ""
    chosen = max(known, key=lambda register: (numbers or {}).get(register.slug, 0))
    return f"{pages.url(chosen, 'list')}?{urlencode(asked)}"


def _waiting_tile(approvals: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    if approvals is None:
        return []
    return [_tile(_("Waiting for my decision"), approvals["total"], "", approvals["url"])]


def _tiles(known: Sequence[Register], due: Due, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    today, week = due.days.get(clock.today(), {}), due.until(clock.today() + dt.timedelta(days=by_clock.WEEK_DAYS))
    since = _("since %(when)s", when=values.short(due.oldest)) if due.oldest else ""
    return [
        *_split(known, _("Late"), due.late, "late", since, clock=by_clock.LATE),
        *_split(known, _("Due today"), today, "warn", "", clock=by_clock.TODAY),
        *_split(known, _("Due within seven days"), week, "", "", clock=by_clock.WEEK),
        *_split(known, _("My cases"), counts, "", "", stage=stages.MINE),
    ]


def _split(
    known: Sequence[Register], label: str, numbers: Mapping[str, int], tone: str, sub: str, **asked: str
) -> list[dict[str, Any]]:
    """One tile over all registers; it leads to the list of the fullest and names the others with theirs."""
    total = sum(numbers.values())
    having = [register for register in known if numbers.get(register.slug)]
    tile = _tile(label, total, tone if total else "", _list(known, numbers, **asked))
    parts = [{"label": str(r.label), "count": numbers[r.slug], "url": _list([r], None, **asked)} for r in having]
    return [tile | {"sub": sub, "parts": parts if len(having) > 1 else []}]


def _tile(label: str, count: int, tone: str, url: str) -> dict[str, Any]:
    return {"label": label, "value": count, "unit": "", "tone": tone, "sub": "", "url": url, "parts": []}


def _actions(
    known: Sequence[Register], person: Access, counts: Mapping[str, int], next_: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """A new case, for who opens those that he has in hand; for others the next of their cases."""
    opened = [register for register in known if _begins_here(register, person)]
    opened.sort(key=lambda register: -counts.get(register.slug, 0))
    if next_ and not (opened and counts.get(opened[0].slug)):
        label = _("Next: %(case)s · %(step)s", case=next_[0]["id"], step=next_[0]["step"])
        return [{"label": label, "url": next_[0]["url"], "icon": "arrow-right", "primary": True}]
    return [
        {"label": _("Add %(register)s", register=register.label), "url": pages.url(register, "add"), "icon": "plus",
         "primary": True}
        for register in opened[:1]
    ]  # fmt: skip


def _begins_here(register: Register, person: Access) -> bool:
    """Whether the person opens cases of a register out of nothing: one that follows another is opened from that."""
    if "add" not in register.actions or not person.can(register.slug, "write") or not stages.may_open(register):
        return False
    targets = [registers().get(spec.target or "") for spec in register.writable.values() if spec.required]
    return not any(target is not None and target.from_pack for target in targets)


# -- rows --------------------------------------------------------------------------------------------------------------


class _Lines:
    """Rows of several registers, with everything they need looked up once for all."""

    def __init__(self, wanted: Sequence[Case]) -> None:
        some = list(dict.fromkeys(wanted))
        self.records = workload.records(some)
        self.clocks, (self.urged, self.late) = workload.ending(some), workload.behind(some)
        rows = ((case, row) for case, (row, _life) in self.records.items())
        self.names = values.names_of(pair for case, row in rows for pair in _references(case, row))

    def of(self, wanted: Sequence[Case]) -> list[dict[str, Any]]:
        """The rows in the given order."""
        return [self._line(case, *self.records[case]) for case in wanted if case in self.records]

    def _line(self, case: Case, row: Any, life: Lifecycle | None) -> dict[str, Any]:
        register = registers()[case.slug]
        label = life.states[row.status].label if life else row.status
        late = self.late.get(case, set())
        steps = steps_of(life, row.status) if life else []
        done = sum(step["status"] == "done" for step in steps)
        number = self.urged.get(case, 0)
        return {
            "id": values.title_text(register.slug, getattr(row, register.title)) or f"#{row.id}",
            "url": pages.url(register, "show", pk=row.id),
            "kind": register.label, "who": self._text(register, register.party, row),
            "what": self._text(register, register.subject, row) or register.label, "step": label,
            "now": f"{label} {min(done + 1, len(steps))} / {len(steps)}" if steps else label,
            "holder": self.names.get(("org_unit", row.holder_unit_id or 0), ""),
            "clock": clocks.cell(self.clocks.get(case)), "urged": _("%(number)s sent", number=number) if number else "",
            "steps": [step | {"late": late & set(step["states"])} for step in steps],
        }

    def _text(self, register: Register, name: str, row: Any) -> str:
        return values.text(register.fields[name], getattr(row, name), self.names) if name else ""


def _references(case: Case, row: Any) -> list[tuple[str, int]]:
    register = registers()[case.slug]
    wanted = [register.fields[name] for name in (register.party, register.subject, "holder_unit_id") if name]
    return list(values.wanted_names(wanted, lambda name: getattr(row, name)))


# -- charts ------------------------------------------------------------------------------------------------------------


def _bars(
    known: Sequence[Register], due: Due, calendar: WorkCalendar | None, last: dt.date
) -> list[dict[str, Any]]:
    """A bar per working day; a rest day only when something is due on it."""
    today = clock.today()
    days = [today + dt.timedelta(days=n) for n in range((last - today).days + 1)]
    shown = [day for day in days if due.days.get(day) or calendar is None or calendar.is_working(day)]
    return [_bar(known, day, due.days.get(day, {}), day == today) for day in shown]


def _bar(known: Sequence[Register], day: dt.date, numbers: Mapping[str, int], now: bool) -> dict[str, Any]:
    total = sum(numbers.values())
    title = _("%(day)s: %(number)s due", day=day.isoformat(), number=total)
    asked = by_clock.TODAY if now else day.isoformat()
    return {"label": str(day.day), "count": total, "tone": "warn" if now else "info", "title": title,
            "url": _list(known, numbers, clock=asked)}


def _where(known: Sequence[Register], due: Due) -> dict[str, Any] | None:
    """Open cases by station; a station leads to its rows."""
    lines: dict[tuple[str, str], dict[str, Any]] = {}
    found = workload.standing(known)
    several = len({line.slug for line in found}) > 1
    for line in found:
        station, states = _station(line)
        label = f"{registers()[line.slug].label} · {station}" if several else station
        kept = lines.setdefault((line.slug, station), {"label": label, "count": 0, "late": 0, "states": set()})
        kept["count"] += line.total
        kept["late"] += due.stations.get(line[:3], 0)
        kept["states"] |= states
    if not lines:
        return None
    fullest = sorted(lines.items(), key=lambda item: -item[1]["count"])[:STEPS_SHOWN]
    kept_keys = {key for key, _line in fullest}
    rows = [
        line | {"url": _list([registers()[slug]], status__in=",".join(sorted(line["states"])), stage=stages.OPEN)}
        for (slug, station), line in _in_order(lines, known) if (slug, station) in kept_keys
    ]
    return {"total_text": _("%(number)s in all", number=sum(line["count"] for line in lines.values())), "rows": rows}


def _in_order(lines: Mapping[tuple[str, str], Any], known: Sequence[Register]) -> list[tuple[tuple[str, str], Any]]:
    """Stations in the order of the menu and of the way a case takes."""
    order: dict[tuple[str, str], int] = {}
    for register in known:
        for life in stages.lifecycles(register.slug).values():
            for step in life.steps:
                order.setdefault((register.slug, str(step.label)), len(order))
    return sorted(lines.items(), key=lambda item: order.get(item[0], len(order)))


def _station(line: workload.Standing) -> tuple[str, set[str]]:
    life = stages.lifecycles(line.slug)[line.version_id]
    step = next((step for step in life.steps if line.status in step.states), None)
    if step is None:
        return str(life.states[line.status].label), {line.status}
    return str(step.label), set(step.states)


def _notices(person: Access) -> list[dict[str, Any]]:
    if person.employee_id is None:
        return []
    return [
        {
            "tone": "mute" if notice.read else "info", "when": values.short(notice.at), "what": notice.sentence,
            "url": url_for("NoticesView.open", notice_id=notice.id) if notice.url else "",
            "clause": clause_link("", notice.clause or ""),
        }
        for notice in notifications.notices(person.employee_id, limit=ROWS)
    ]
