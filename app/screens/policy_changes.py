"""Pages on which a policy is changed: values, text, differences with approval, and running cases that go over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.core import access, clock, words
from app.core.errors import Problem
from app.core.wording import listed
from app.engines.audit import operations as audit
from app.engines.deadlines import going_over
from app.engines.deadlines.going_over import Foreseen
from app.engines.policy import drafting, moving, versions
from app.engines.policy.calc import Difference, differences
from app.engines.policy.catalogue import Policy
from app.engines.policy.drafting import Value
from app.engines.policy.models import DRAFT, PackVersion
from app.engines.policy.reading.paths import in_words
from app.screens import case_names, policy_text
from app.screens.policy_words import version_state

PAGE = 50
SHOWN = 500
Typed = Mapping[str, str]
Problems = Sequence[Problem]
WIDGETS = {"money": "money", "percent": "percent", "integer": "integer", "decimal": "percent", "choice": "choice"}


def crumbs(one: Policy, version: PackVersion | None = None) -> list[dict[str, str]]:
    """The way back: the list, the policy, the version."""
    found = [
        {"label": _("Policies"), "url": url_for("PolicyView.list")},
        {"label": one.code, "url": url_for("PolicyView.show", code=one.code)},
    ]
    if version is not None:
        href = url_for("PolicyView.version", code=one.code, version=version.version)
        found.append({"label": f"v{version.version}", "url": href})
    return found


def _form(one: Policy, base: PackVersion, title: str, submit: str, act: str, problems: Problems) -> dict[str, Any]:
    here: dict[str, Any] = {"code": one.code, "version": base.version}
    return {
        "title": title, "breadcrumbs": crumbs(one, base), "action": url_for(f"PolicyView.{act}", **here),
        "submit_label": submit, "cancel_url": url_for("PolicyView.version", **here), "problems": problems,
        "hidden": {}, "aside": [],
    }


def reason_field(typed: Typed, problems: Problems, hint: str = "") -> dict[str, Any]:
    """The field that asks why."""
    said = next((problem.message for problem in problems if problem.field == "reason"), None)
    return {"name": "reason", "label": _("Reason"), "kind": "longtext", "required": True, "width": 3,
            "value": typed.get("reason", ""), "error": said, "help": hint}


# -- values and text -------------------------------------------------------------------------------------------------


def values_page(one: Policy, base: PackVersion, typed: Typed, problems: Problems) -> dict[str, Any]:
    """A form with every single number of a version; what was typed stays."""
    said = {problem.field: problem.message for problem in problems}
    by_section: dict[str, list[dict[str, Any]]] = {}
    for value in drafting.editable(versions.pack_for(base.id)):
        by_section.setdefault(str(value.section), []).append(_value_field(value, typed, said.get(value.name)))
    sections: list[dict[str, Any]] = [
        {"title": title, "hint": "", "clause": None, "fields": fields} for title, fields in by_section.items()
    ]
    hint = _("Whoever approves the draft reads it.")
    sections.append({"title": _("Why"), "hint": "", "clause": None, "fields": [reason_field(typed, problems, hint)]})
    page = _form(one, base, _("Change values of %(code)s", code=one.code), _("Keep as draft"), "values", problems)
    next_one = versions.next_number(one.code)
    subtitle = _("Version %(base)s stays as it is. A draft with number %(next)s is made, for somebody else to approve.",
                 base=base.version, next=next_one)
    return page | {"subtitle": subtitle, "sections": sections}


def _value_field(value: Value, typed: Mapping[str, str], error: Any) -> dict[str, Any]:
    p = value.parameter
    kind = WIDGETS.get(p.type, "text") if p else "percent"
    choices: list[tuple[str, Any]] = list(p.choices.items()) if p else []
    if p is not None and p.type == "flag":
        kind, choices = "choice", [("yes", _("Yes")), ("no", _("No"))]
    now = dict(choices).get(value.text, value.text)
    basis = _("Assumed") if value.basis == "assumed" else _("Stated")
    return {
        "name": value.name, "label": value.label, "kind": kind, "required": True, "choices": choices,
        "unit": value.unit, "value": typed.get(value.name, value.text), "error": error, "width": 1,
        "help": " · ".join(map(str, filter(None, (basis, value.clause, _("now: %(value)s", value=now))))),
    }


def text_page(one: Policy, base: PackVersion, typed: Typed, problems: Problems) -> dict[str, Any]:
    """The text of a version, a long one by chapters, with every fault and its path; what was typed stays."""
    page = _form(one, base, _("Edit %(code)s as text", code=one.code), _("Keep as draft"), "text", problems)
    subtitle = _("For those who know the format. Every fault is listed with its place, and nothing typed is lost.")
    if typed.get("whole"):
        shown = policy_text.parts(base, policy_text.WHOLE) | {"text": policy_text.written(base, typed)}
    else:
        shown = policy_text.parts(base, typed.get("chapter", policy_text.WHOLE if "text" in typed else ""))
        shown |= {"text": typed["text"]} if typed.get("text") else {}
    return page | shown | {"subtitle": subtitle, "reason": reason_field(typed, problems), "faults": problems}


def discard_page(one: Policy, draft: PackVersion, typed: Typed, problems: Problems) -> dict[str, Any]:
    """Why a draft is given up."""
    title = _("Give up draft version %(version)s", version=draft.version)
    page = _form(one, draft, title, _("Give up the draft"), "discard", problems)
    sections = [{"title": title, "hint": "", "clause": None, "fields": [reason_field(typed, problems)]}]
    return page | {"sections": sections, "danger": True}


# -- differences and approval ----------------------------------------------------------------------------------------


def compare_page(
    one: Policy, old: PackVersion, new: PackVersion, problems: Problems = (), typed: str = ""
) -> dict[str, Any]:
    """Every place in which two versions differ, in words and by its path; and the approval of a draft."""
    found = [entry for entry in differences(old.content, new.content) if entry.path != "version"]
    in_force = one.in_force(clock.today())
    return {
        "title": _("%(code)s: version %(old)s and version %(new)s", code=one.code, old=old.version, new=new.version),
        "breadcrumbs": crumbs(one, new), "subtitle": _("%(count)s places differ.", count=len(found)),
        "old": _named(old, in_force), "new": _named(new, in_force),
        "action": url_for("PolicyView.compare", code=one.code),
        "choices": [row.version for row in one.versions], "old_number": old.version, "new_number": new.version,
        "rows": [_difference(entry, old, new) for entry in found[:SHOWN]], "more": max(len(found) - SHOWN, 0),
        "approval": _approval(one, new, problems, typed) if new.status == DRAFT else None,
    }


def _named(version: PackVersion, in_force: PackVersion | None) -> dict[str, Any]:
    return {"label": f"v{version.version}", "state": version_state(version, in_force),
            "url": url_for("PolicyView.version", code=version.code, version=version.version)}


def _difference(entry: Difference, old: PackVersion, new: PackVersion) -> dict[str, Any]:
    holds = new.content if entry.new is not None else old.content
    kind = "late" if entry.new is None else "ok" if entry.old is None else "info"
    label = {"late": _("left out"), "ok": _("added"), "info": _("changed")}[kind]
    return {"words": in_words(holds, entry.path), "path": entry.path, "old": entry.old, "new": entry.new,
            "state": {"tone": kind, "label": label}}


def _approval(one: Policy, draft: PackVersion, problems: Problems, typed: str) -> dict[str, Any]:
    """The form that puts a draft into force, or who may do it."""
    posts, clause = versions.approvers(draft)
    person = access.current()
    mine = drafting.is_mine(draft)
    may = person.holds(posts) is not None and not mine
    named = listed(map(words.post_label, posts)) or "—"
    why = _("Somebody else approves your draft.") if mine else _("A change is approved by: %(posts)s.", posts=named)
    error = next((problem.message for problem in problems if problem.field == "effective_from"), None)
    field = {"name": "effective_from", "label": _("In force from"), "kind": "date", "required": True, "error": error,
             "value": typed or drafting.proposed_day(draft).isoformat(), "help": _("Running cases keep their version.")}
    return {
        "said": [entry.sentence for entry in audit.history("pack_version", draft.id) if entry.sentence],
        "may": may, "why": why, "clause": clause, "field": field, "problems": problems,
        "action": url_for("PolicyView.approve", code=one.code, version=draft.version),
        "confirm": _("New cases from that day on begin under version %(version)s.", version=draft.version),
    }


# -- running cases ---------------------------------------------------------------------------------------------------


def cases_page(
    one: Policy, target: PackVersion, page: str, typed: Typed, problems: Problems
) -> dict[str, Any]:
    """Running cases by register and state, and what would become of each of their open clocks."""
    number = int(page) if page.isdecimal() and 0 < int(page[:6]) < 100_000 else 1
    groups, total = moving.groups(target), going_over.count(target)
    found = going_over.foresee(target, page=number, size=PAGE) if total else []
    named = case_names.names((entry.row.of_register, entry.row.record_id) for entry in found)
    going = sum(group.cases for group in groups if not group.why_not)
    return {
        "title": _("Running cases under version %(version)s", version=target.version),
        "breadcrumbs": crumbs(one, target),
        "subtitle": _("Running cases keep their version unless you ask for it here."),
        "groups": [_group(group) for group in groups], "going": going, "total": total,
        "staying": sum(group.cases for group in groups) - going,
        "rows": [_clock(entry, named) for entry in found], "pager": _pager(one, target, number, len(found), total),
        "problems": problems, "reason": reason_field(typed, problems),
        "action": url_for("PolicyView.cases", code=one.code, version=target.version),
        "confirm": _("%(count)s cases go on under version %(version)s. Their limits are counted anew, and every change "
                     "is kept in their history.", count=going, version=target.version),
        "cancel_url": url_for("PolicyView.version", code=one.code, version=target.version),
    }


def _group(group: moving.Group) -> dict[str, Any]:
    old = versions.pack_for(group.version_id)
    case = old.cases[group.slug]
    return {"register": str(case.label), "version": f"v{old.version}", "state": str(case.states[group.status].label),
            "tone": case.states[group.status].tone, "cases": group.cases, "why_not": group.why_not}


def _clock(entry: Foreseen, named: case_names.Names) -> dict[str, Any]:
    row = entry.row
    change = "ends" if entry.after is None else "same" if entry.after == row.due_at else ""
    tones = {"ends": ("mute", _("ends")), "same": ("mute", _("unchanged"))}
    later = entry.after is not None and entry.after > row.due_at
    tone, label = tones.get(change, ("info", _("later")) if later else ("warn", _("earlier")))
    return {"case": named[row.of_register, row.record_id], "clock": str(row.label), "before": _time(row.due_at),
            "after": _time(entry.after) if entry.after else "", "state": {"tone": tone, "label": label}}


def _time(at: Any) -> str:
    return clock.to_local(at).strftime("%Y-%m-%d %H:%M")


def _pager(one: Policy, target: PackVersion, page: int, got: int, total: int) -> dict[str, Any] | None:
    if total <= PAGE:
        return None

    def href(number: int) -> str:
        return url_for("PolicyView.cases", code=one.code, version=target.version, page=number)

    first = (page - 1) * PAGE
    return {
        "from": first + 1 if got else 0, "to": first + got, "total": total, "pages": [],
        "prev_url": href(page - 1) if page > 1 else None, "next_url": href(page + 1) if first + got < total else None,
    }
