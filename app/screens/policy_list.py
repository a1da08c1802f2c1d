"""The list of every policy: what the program does of it, its version, who works by it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from app.core import access, clock
from app.core.wording import listed
from app.engines.policy import catalogue, moving
from app.engines.policy.catalogue import Policy
from app.engines.policy.coverage import State
from app.engines.policy.models import DRAFT
from app.screens.policy_words import FEW, done, missing, program_state, version_state


def list_page() -> dict[str, Any]:
    """Every policy that the search and the chosen view leave."""
    found, today, text = catalogue.policies(), clock.today(), request.args.get("q", "").strip()[:80]
    view = request.args.get("state", "")
    running = moving.running() if access.current().can("pack_version", "write") else None
    shown = [one for one in found.values() if _fits(one, text) and view in ("", *_view(one))]
    shown.sort(key=lambda one: ("used" not in _view(one), one.code))
    rows = [_line(one, today, running) for one in shown]
    return {
        "q": text, "rows": rows, "views": _views(found, view), "counted": running is not None,
        "subtitle": _("%(count)s written policies, and how much of each the program does.", count=len(found)),
        "actions": _list_actions(), "empty": _none(text, view),
    }


def _view(one: Policy) -> tuple[str, ...]:
    """The views of the list that a policy stands in."""
    used = any(item.on(clock.today()) for item in one.adoptions)
    return (str(one.coverage.state), "used") if used else (str(one.coverage.state),)


def _fits(one: Policy, text: str) -> bool:
    known = (one.code, one.coverage.title.zh, one.coverage.title.en, one.coverage.slug)
    return any(text.lower() in part.lower() for part in known)


def _views(found: Mapping[str, Policy], chosen: str) -> list[dict[str, Any]]:
    labels = {"": _("All"), State.RUNS: _("Runs"), State.PARTLY: _("Partly"), State.NOT_YET: _("Not yet"),
              "used": _("In use")}
    counts = [key for one in found.values() for key in ("", *_view(one))]
    kept = request.args.get("q") or None
    return [
        {"label": label, "count": counts.count(str(key)), "active": chosen == str(key),
         "url": url_for("PolicyView.list", state=str(key) or None, q=kept)}
        for key, label in labels.items()
    ]


def _list_actions() -> list[dict[str, Any]]:
    if not access.current().can("policy_adoption", "read"):
        return []
    return [{"label": _("Who works by which policy"), "url": url_for("AdoptionView.list"), "icon": "sitemap"}]


def _none(text: str, view: str) -> dict[str, Any]:
    way_out = {"label": _("Show all policies"), "url": url_for("PolicyView.list")}
    title = _("No policy is called “%(text)s” here", text=text) if text else _("No policy stands so")
    return {"title": title, "text": _("Search by code or title, in Chinese or English."), "action": way_out}


def _line(one: Policy, today: Any, running: Mapping[int, int] | None) -> dict[str, Any]:
    version = one.in_force(today) or one.newest
    stated, assumed = catalogue.basis_counts(version) if version else (None, None)
    drafts = sum(row.status == DRAFT for row in one.versions)
    using = listed(used.unit for used in catalogue.users(one)["now"])
    return {
        "url": url_for("PolicyView.show", code=one.code), "code": one.code, "title": str(one.coverage.title),
        "program": program_state(one.coverage.state), "done": done(one.coverage),
        "missing": missing(one.coverage, FEW), "version": f"v{version.version}" if version else "",
        "effective": version.effective_from if version else "",
        "state": version_state(version, one.in_force(today)) if version else None, "drafts": drafts,
        "stated": stated, "assumed": assumed, "units": using,
        "open_cases": sum(running.get(row.id, 0) for row in one.versions) if running is not None else None,
    }
