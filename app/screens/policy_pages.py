"""The page of a policy: one version as tables with clauses, its assumptions, its coverage."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.core import access, clock, forms, reading, values
from app.core.register import registers
from app.core.wording import listed
from app.engines.audit import operations as audit
from app.engines.policy import catalogue, moving, versions
from app.engines.policy.catalogue import Policy
from app.engines.policy.coverage import Coverage, Item, coverages
from app.engines.policy.models import PackVersion
from app.engines.policy.reading.tables import Reading, Row, Section, Table, lines
from app.engines.policy.reading.whole import read
from app.screens import policy_parts, policy_sources
from app.screens.calculator_asked import Trials
from app.screens.policy_words import KINDS, done, missing, named, program_state, version_state, work

PARTS = re.compile(r"[;；]")


# -- one policy ------------------------------------------------------------------------------------------------------


def show_page(one: Policy, version: PackVersion | None) -> dict[str, Any]:
    """A version as tables, with its assumptions, its coverage and who works by it; coverage alone without a version.

    ``?at=`` names the place that is looked for; a long version is shown in parts.
    """
    whole = read(versions.pack_for(version.id), named) if version else None
    part = policy_parts.shown(_sections(one, version, whole), reading.query_text("at", 200))
    title = str(one.coverage.title)
    return {
        "title": f"{one.code} {title}", "code": one.code,
        "breadcrumbs": [{"label": _("Policies"), "url": url_for("PolicyView.list")}],
        "state": version_state(version, one.in_force(clock.today())) if version else program_state(one.coverage.state),
        "program": program_state(one.coverage.state), "done": done(one.coverage), "missing": missing(one.coverage),
        "versions": strip(one, version), "stated": whole.stated if whole else 0,
        "assumed": whole.assumed if whole else 0, "facts": _facts(one, version) if part["first"] else [],
        "course": _course(version) if version and part["first"] else [], **part,
    }


def _sections(one: Policy, version: PackVersion | None, whole: Reading | None) -> list[dict[str, Any]]:
    sections: list[dict[str, Any]] = []
    used: set[str] = set()
    if whole is not None:
        trials = Trials(version) if version else None
        sections += [_section(whole, section, used, trials) for section in whole.sections]
        sections += [_assumptions(whole)] if whole.assumptions else []
    sections += policy_sources.sections(one)
    return [*sections, _coverage(one.coverage, _places(whole))]


def strip(one: Policy, version: PackVersion | None) -> list[dict[str, Any]]:
    """Every version, in order, with its state and the cases that run under it."""
    today, in_force = clock.today(), one.in_force(clock.today())
    running = moving.running([one.code]) if one.versions and access.current().can("pack_version", "write") else {}
    return [
        {"label": f"v{row.version}", "state": version_state(row, in_force, today), "sub": _sub(row, running),
         "url": url_for("PolicyView.version", code=one.code, version=row.version),
         "active": version is not None and row.id == version.id}
        for row in one.versions
    ]


def _sub(row: PackVersion, running: Mapping[int, int]) -> str:
    since = _("from %(day)s", day=row.effective_from)
    count = running.get(row.id, 0)
    return " · ".join([since, _("%(count)s running", count=count)]) if count else since


def _facts(one: Policy, version: PackVersion | None) -> list[dict[str, Any]]:
    using = listed(used.unit for used in catalogue.users(one)["now"])
    found = [{"label": _("Works by it"), "value": using or _("no unit yet")}]
    if version is not None:
        pack = versions.pack_for(version.id)
        found += [{"label": _("Organisation"), "value": str(pack.organisation), "width": 2},
                  {"label": _("In short"), "value": str(pack.summary), "wide": True},
                  {"label": _("Source"), "value": pack.source, "wide": True}]
    return found + policy_sources.facts(one)


def _course(version: PackVersion) -> list[dict[str, Any]]:
    """What happened to a version, the newest first."""
    entries = [entry for entry in audit.history("pack_version", version.id) if entry.sentence or entry.kind == "update"]
    return [
        {"tone": "info", "when": values.short(entry.at), "what": f"{entry.who or _('the system')} · {_said(entry)}",
         "when_exact": clock.to_local(entry.at).strftime("%Y-%m-%d %H:%M:%S"), "sub": "", "quote": ""}
        for entry in reversed(entries)
    ]


def _said(entry: Any) -> str:
    if entry.sentence:
        return str(entry.sentence)
    new = entry.changes.get("status", ["", ""])[1]
    return _("approved") if new == "approved" else _("retired") if new == "retired" else _("Changed")


# -- tables ----------------------------------------------------------------------------------------------------------


def _section(reading: Reading, section: Section, used: set[str], trials: Trials | None) -> dict[str, Any]:
    tables = [_table(reading, table, used, trials) for table in section.tables]
    return {
        "key": section.key, "title": section.title, "hint": section.hint, "half": section.half, "tables": tables,
        "count": sum(len(table["rows"]) for table in tables),
    }


def _table(reading: Reading, table: Table, used: set[str], trials: Trials | None) -> dict[str, Any]:
    return {
        "title": table.title, "id": table.path, "basis": True, "try_url": trials.url(table.path) if trials else "",
        "columns": [{"label": column.label, "align": "end" if column.end else ""} for column in table.columns],
        "rows": [
            _row(reading, row, used) | {"try_url": trials.url(row.path) if trials and not table.path else ""}
            for row in table.rows
        ],
    }


def _row(reading: Reading, row: Row, used: set[str]) -> dict[str, Any]:
    refs, assumed = reading.refs(row), row.basis == "assumed"
    marked = set(row.marks if assumed else ()) | ({row.given} if refs and row.settings else set())
    return {
        "id": row.path, "anchors": list(_anchors(row.clause, used)), "clause": row.clause, "refs": refs,
        "cells": [{"lines": lines(cell), "assumed": place in marked} for place, cell in enumerate(row.cells)],
        "source": "assumed" if assumed else "both" if refs else row.basis,
    }


def _anchors(clause: str, used: set[str]) -> Iterator[str]:
    """The names that links to a clause look for; each stands on the first row that has the clause."""
    for part in (clause, *PARTS.split(clause)):
        anchor = forms.clause_anchor(part)
        if anchor and anchor not in used:
            used.add(anchor)
            yield anchor


def _assumptions(reading: Reading) -> dict[str, Any]:
    heads = (_("No."), _("About"), _("How we read it"), _("Changed in"))
    rows = [
        {
            "id": one.name, "anchors": [], "clause": one.row.clause, "refs": [], "source": "",
            "cells": [
                {"lines": [one.name], "assumed": False},
                {"lines": [one.what, one.section], "assumed": False, "href": f"#{one.row.path}"},
                {"lines": [one.reading], "assumed": True},
                {"lines": [_("the settings of a unit") if one.setting else _("a new version")], "assumed": False},
            ],
        }
        for one in reading.assumptions
    ]
    table = {"title": "", "id": "", "basis": False, "rows": rows, "columns": [{"label": head} for head in heads]}
    hint = _("not written in the policy; somebody should confirm them")
    return {"key": "assumptions", "title": _("Assumptions"), "hint": hint, "tables": [table], "count": len(rows),
            "half": False, "hot": True}


# -- coverage --------------------------------------------------------------------------------------------------------


def _places(reading: Reading | None) -> Mapping[str, str]:
    """Labels by every place of the page that coverage may lead to."""
    found: dict[str, str] = {}
    for section in reading.sections if reading else ():
        found[section.key] = section.title
        for table in section.tables:
            found |= {table.path: table.title} if table.path else {}
            found |= {row.path: " · ".join(lines(row.cells[0])[:1]) for row in table.rows}
    return found


def _coverage(coverage: Coverage, places: Mapping[str, str]) -> dict[str, Any]:
    """Everything that the policy asks for, with its home or the work that it waits for."""
    known = coverages()[coverage.same_as] if coverage.same_as else coverage
    heads = (_("Asked for"), _("Where it is kept"), _("State"))
    by_kind: dict[str, list[Item]] = {}
    for item in known.items:
        by_kind.setdefault(item.kind, []).append(item)
    tables = [
        {"title": f"{KINDS[kind]} {sum(i.home is not None for i in items)} / {len(items)}", "id": f"coverage.{kind}",
         "basis": False, "columns": [{"label": head} for head in heads], "rows": [_item(i, places) for i in items]}
        for kind, items in by_kind.items()
    ]
    hint = _("the same text as %(code)s", code=coverage.same_as) if coverage.same_as else done(coverage)
    return {"key": "coverage", "title": _("Coverage"), "hint": hint, "tables": tables, "half": False,
            "count": len(known.items)}


def _item(item: Item, places: Mapping[str, str]) -> dict[str, Any]:
    label, href = _home(item.home, places) if item.home else ("", "")
    state = {"tone": "ok", "label": _("There")} if item.home else {"tone": "mute", "label": _("Missing")}
    said = [label] if item.home else [_("comes with: %(work)s", work=work(item.issue))]
    return {
        "id": "", "anchors": [], "clause": item.clause or "", "refs": [], "source": "",
        "cells": [
            {"lines": [item.key.replace("_", " ")], "assumed": False},
            {"lines": said, "assumed": False, "href": href},
            {"lines": [], "assumed": False, "state": state},
        ],
    }


def _home(home: str, places: Mapping[str, str]) -> tuple[str, str]:
    """What the home of an item is called and where it is: a place of this page, or a register."""
    if home in registers():
        register = registers()[registers()[home].guarded_by]
        may = access.current().can(register.slug, "read")
        return str(register.label), url_for(f"{register.model.__name__}View.list") if may else ""
    parts = home.split(".")
    for length in range(len(parts), 0, -1):
        if (place := ".".join(parts[:length])) in places:
            return places[place], f"#{place}"
    return home, ""
