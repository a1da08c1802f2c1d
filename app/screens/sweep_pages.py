"""What the console of the sweeps shows: the table, a run with its findings, a slip, earlier runs, what went wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from app.core import access, clock, forms, pages, printing, values, words
from app.core.db import session
from app.core.errors import NotFound, Problem
from app.core.register import registers
from app.engines.calendar.operations import calendar_for
from app.engines.deadlines import pages as clocks
from app.engines.deadlines.slip import ANSWERED, KINDS, LIFE, PROPOSED, UrgeSlip
from app.engines.sweeps import operations
from app.engines.sweeps.models import FAILED, LOST, STATUSES, SweepJob, SweepRun
from app.engines.sweeps.operations import Outcome
from app.engines.sweeps.registry import get
from app.engines.sweeps.words import in_words
from app.screens.sweep_acts import ISSUED
from app.screens.sweep_words import Findings, badge, count_word, facts_of, in_order, when

OPENED = "deadlines.due"
RUNS, FEW = 8, 3
CHART_DAYS = 14
WAITING = dt.timedelta(minutes=10)
NEVER = dt.timedelta(days=3650)


class Console:
    """One look at the console: a sweep with a run of it, a trial, or what was refused."""

    def __init__(
        self, name: str = "", *, run: SweepRun | None = None, trial: Outcome | None = None, ask: bool = False,
        at: str = "", before: int | None = None, slip: str = "", problems: Sequence[Problem] = (),
        typed: Mapping[str, str] | None = None,
    ) -> None:
        self.jobs = operations.jobs_with_last_run()
        self.name = name or self._first()
        self.job, self.last = self._chosen()
        self.run, self.trial, self.ask, self.at = run or self.last, trial, ask, at
        self.before, self.slip_no, self.problems, self.typed = before, slip, problems, typed or {}

    def _first(self) -> str:
        names = [job.name for job, _last in self.jobs]
        return OPENED if OPENED in names else next(iter(names), "")

    def _chosen(self) -> tuple[SweepJob | None, SweepRun | None]:
        if self.name:
            get(self.name)
        found = next(((job, last) for job, last in self.jobs if job.name == self.name), None)
        if found is None and self.name:
            raise NotFound()
        return found or (None, None)

    def page(self, may_run: bool) -> dict[str, Any]:
        """Everything that the template shows."""
        return {
            "title": _("Sweeps"),
            "subtitle": _("What runs by itself: it finds what is due and acts, once for each row."),
            "sweeps": [self._line(job, last, may_run) for job, last in self.jobs],
            "clauses": any(get(job.name).clauses for job, _last in self.jobs),
            "form": self._form() if may_run and self.job and not self.ask else None,
            "ask": self._question() if self.ask and self.trial else None,
            "problems": list(self.problems), "run": self._run(), "chart": _chart() if self._issues() else [],
            "slip": self._slip(), "plan": self._plan() if may_run and self.job else None, **self._runs(),
            "notes": self._notes(),
        }

    # -- the table ---------------------------------------------------------------------------------------------------

    def _line(self, job: SweepJob, last: SweepRun | None, may_run: bool) -> dict[str, Any]:
        counts, picked = last.counts if last else {}, job.name == self.name
        return {
            "key": job.name, "label": get(job.name).title, "url": url_for(".show", name=job.name),
            "clause": _clauses(job.name, whole=picked),
            "schedule": in_words(job.schedule), "schedule_text": job.schedule,
            "last": when(last.started_at) if last else "", "checked": counts.get("checked"), "hit": counts.get("hit"),
            "sent": counts.get(ISSUED, counts.get("sent")), "state": badge(last) if last else None,
            "next": _next(job), "enabled": job.enabled, "picked": picked,
            "toggle_url": url_for(".switch", name=job.name, on="no" if job.enabled else "yes") if may_run else "",
            "toggle_confirm": _("Switch off “%(name)s”? Nothing is watched by it until it is on again.",
                                name=str(get(job.name).title)) if job.enabled else "",
        }

    # -- running it --------------------------------------------------------------------------------------------------

    def _form(self) -> dict[str, Any]:
        return {
            "try_url": url_for(".try_out", name=self.name), "run_url": url_for(".run", name=self.name), "at": self.at,
            "error": self._error("at"),
        }

    def _error(self, field: str) -> str:
        return next((str(problem.message) for problem in self.problems if problem.field == field), "")

    def _question(self) -> dict[str, Any]:
        assert self.trial is not None
        counts = self.trial.counts
        text = _(
            "Running “%(name)s” for %(when)s now acts on %(hit)s, issues %(slips)s slips and sends %(sent)s notices.",
            name=str(get(self.name).title), when=when(self.trial.for_at), hit=counts.get("hit", 0),
            slips=counts.get(ISSUED, 0), sent=counts.get("sent", 0),
        )
        return {"text": text, "run_url": url_for(".run", name=self.name), "at": self.at,
                "cancel_url": url_for(".show", name=self.name)}

    def _plan(self) -> dict[str, Any]:
        assert self.job is not None
        shipped = get(self.name).schedule
        return {
            "action": url_for(".schedule", name=self.name), "value": self.typed.get("schedule", self.job.schedule),
            "error": self._error("schedule"), "words": in_words(self.job.schedule),
            "shipped": shipped if shipped != self.job.schedule else "",
        }

    # -- a run -------------------------------------------------------------------------------------------------------

    def _run(self) -> dict[str, Any] | None:
        if self.job is None:
            return None
        title = get(self.name).title
        if self.trial is not None:
            facts = _("Trial for %(when)s · nothing is saved", when=when(self.trial.for_at))
            return self._found(title, facts, self.trial.counts, self.trial.findings, None)
        if self.run is None:
            nothing: dict[str, Any] = {"counts": [], "columns": [], "rows": [], "state": None}
            return nothing | {"title": title, "facts": _("has not run yet")}
        return self._found(title, facts_of(self.run), self.run.counts, self.run.findings, self.run)

    def _found(
        self, title: Any, facts: str, counts: Mapping[str, int], findings: Sequence[Mapping[str, Any]],
        run: SweepRun | None,
    ) -> dict[str, Any]:
        columns, rows = Findings(findings, self._here).table()
        return {
            "title": title, "facts": facts,
            "counts": [{"label": count_word(key), "value": counts[key]} for key in in_order(counts)],
            "columns": columns, "rows": rows, "state": badge(run) if run else {"label": _("Trial"), "tone": "hold"},
            "error": run.error if run else self.trial.error if self.trial else None,
            "more": counts.get("hit", 0) > len(rows) > 0 and _("Only the first %(n)s are kept.", n=len(rows)),
        }

    def _here(self, **asked: Any) -> str:
        kept: dict[str, Any] = {"run": self.run.id} if self.run is not None and self.trial is None else {}
        return url_for(".show", name=self.name, **kept, **asked)

    def _runs(self) -> dict[str, Any]:
        """The runs before, with the way to older ones."""
        if self.job is None:
            return {"runs": [], "older_url": ""}
        found = operations.runs_of(self.name, RUNS + 1, self.before)
        shown = found[:RUNS]
        older = url_for(".show", name=self.name, before=shown[-1].id) if len(found) > RUNS else ""
        newest = url_for(".show", name=self.name) if self.before else ""
        return {"runs": [self._run_line(run) for run in shown], "older_url": older, "newest_url": newest}

    def _run_line(self, run: SweepRun) -> dict[str, Any]:
        chosen = self.run is not None and run.id == self.run.id and self.trial is None
        counts = " · ".join(f"{count_word(key)} {run.counts[key]}" for key in in_order(run.counts) if run.counts[key])
        by = _("by hand") if run.by_hand else _("by schedule")
        return {
            "when": when(run.started_at), "state": badge(run), "active": chosen,
            "facts": " · ".join(filter(None, (by, counts or _("nothing due")))),
            "url": url_for(".show", name=self.name, run=run.id, before=self.before),
        }

    # -- slips and trouble -------------------------------------------------------------------------------------------

    def _issues(self) -> bool:
        return self.name == OPENED and access.current().can("urge_slip", "read")

    def _slip(self) -> dict[str, Any] | None:
        """The slip asked for, else the first that the run issued; only one in the person's reach."""
        numbers = [found["slip"] for found in (self.run.findings if self.run else []) if found.get("slip")]
        wanted = self.slip_no or next(iter(numbers), "")
        if not wanted or self.trial is not None or not access.current().can("urge_slip", "read"):
            return None
        query = sa.select(UrgeSlip).where(UrgeSlip.slip_no == wanted, access.rows(registers()["urge_slip"]))
        slip = session.scalars(query.order_by(UrgeSlip.id.desc())).first()
        return _slip_card(slip) if slip else None

    def _notes(self) -> list[dict[str, str]]:
        found = []
        for job, last in self.jobs:
            name = str(get(job.name).title)
            if last is not None and last.status in (FAILED, LOST):
                why = (last.error or str(STATUSES[last.status])).splitlines()[0][:200]
                found.append({"tone": "late", "text": _("“%(name)s” broke off: %(why)s", name=name, why=why)})
            if not job.enabled:
                found.append({"tone": "warn", "text": _("“%(name)s” is switched off.", name=name)})
            elif clock.now() - job.next_run_at > WAITING:
                text = _("“%(name)s” has waited since %(when)s; no scheduler seems to run.", name=name,
                         when=when(job.next_run_at))
                found.append({"tone": "late", "text": text})
        return found


# -- words -------------------------------------------------------------------------------------------------------------


def _next(job: SweepJob) -> str:
    if not job.enabled or job.next_run_at - clock.now() > NEVER:
        return ""
    return when(job.next_run_at)


def _clauses(name: str, *, whole: bool) -> Markup:
    """The clauses behind a sweep: all of them where it is looked at, in the list the first ones and how many more."""
    found = get(name).clauses
    links = [link for policy, clause in (found() if found else ()) if (link := forms.clause_link(policy, clause))]
    shown = links if whole else links[:FEW]
    rest = _("and %(n)s more", n=len(links) - len(shown)) if links[len(shown):] else ""
    return Markup(" ").join(shown) + Markup(' <span class="kz-xs">{}</span>').format(rest)


def _slip_card(slip: UrgeSlip) -> dict[str, Any]:
    names = values.names_of([("org_unit", slip.unit_id), ("employee", slip.owner_id)])
    unit, who = names.get(("org_unit", slip.unit_id or 0), ""), names.get(("employee", slip.owner_id or 0), "")
    register = registers()[slip.of_register]
    case: Any = slip.case_title
    if access.current().can(register.guarded_by, "read"):
        case = pages.link(slip.of_register, slip.record_id, slip.case_title)
    late = clocks.late_by(slip.due_at, slip.due_at + dt.timedelta(minutes=slip.overdue_minutes), calendar_for())
    facts = [
        (_("Case"), case), (_("To"), " ".join(filter(None, (unit, who)))),
        (_("Post"), words.post_label(slip.post or "")), (_("Was due at"), values.short(slip.due_at)), (_("Late"), late),
        (_("Issued at"), values.short(slip.issued_at) if slip.issued_at else ""),
        (_("Answered at"), values.short(slip.replied_at) if slip.replied_at else ""),
    ]
    mine = registers()["urge_slip"]
    return {
        "title": f"{KINDS[slip.kind]} {slip.slip_no}", "text": slip.reply or "",
        "state": {"label": LIFE.states[slip.status].label, "tone": LIFE.states[slip.status].tone},
        "facts": [{"label": label, "value": value} for label, value in facts if value],
        "actions": [
            {"label": _("Open the slip"), "url": pages.url(mine, "show", pk=slip.id), "icon": "eye"},
            *([{"label": _("Print"), "url": pages.url(mine, "print", pk=slip.id), "icon": "printer"}]
              if printing.may(slip) else []),
        ],
    }


def _chart() -> list[dict[str, Any]]:
    """Slips issued on each of the last working days, and how many of them are not answered."""
    calendar, today = calendar_for(), clock.today()
    days = [today - dt.timedelta(days=n) for n in range(3 * CHART_DAYS)]
    shown = [day for day in days if calendar.is_working(day)][:CHART_DAYS][::-1]
    starts = [clock.from_local(dt.datetime.combine(day, dt.time())) for day in shown]
    day = sa.case(*((UrgeSlip.issued_at >= start, at) for at, start in reversed(list(enumerate(starts)))))
    waits = sa.func.sum(sa.case((UrgeSlip.status != ANSWERED, 1), else_=0))
    issued = (UrgeSlip.issued_at >= starts[0], UrgeSlip.status != PROPOSED, access.rows(registers()["urge_slip"]))
    query = sa.select(day, sa.func.count(), waits).where(*issued).group_by(day)
    found = {at: (number, late) for at, number, late in session.execute(query)}
    bars = [(day_.strftime("%m-%d"), *found.get(at, (0, 0))) for at, day_ in enumerate(shown)]
    return [{"label": label, "count": number, "late": late} for label, number, late in bars] if found else []
