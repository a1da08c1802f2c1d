"""Policies: what the program does of each, their versions as tables, and changing them by drafts that are approved."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.core import access, clock
from app.core.db import session
from app.core.errors import NotFound, Problem, Refusal
from app.core.screen import Screen
from app.engines.policy import catalogue, drafting, moving, versions
from app.engines.policy.catalogue import Policy
from app.engines.policy.models import APPROVED, DRAFT, PackVersion
from app.screens import policy_changes, policy_list, policy_pages, policy_text

READ = ("list", "show", "version", "compare", "approve")
WRITE = ("values", "text", "discard", "cases")


class PolicyView(Screen):
    """The written policies and their versions; whoever may read policies sees them."""

    route_base = "/policy"
    class_permission_name = "pack_version"
    method_permission_name = {**dict.fromkeys(READ, "read"), **dict.fromkeys(WRITE, "write")}
    default_view = "list"
    menu_area, menu_label, menu_icon, menu_order = "policies", _l("Policies"), "book-2", 10

    @expose("/")
    @has_access
    def list(self) -> str:
        """Every policy, with its versions and who works by it."""
        return render_template("policy/list.html", page=policy_list.list_page())

    @expose("/<code>")
    @has_access
    def show(self, code: str) -> str:
        """The version in force, else the newest, else only what the policy asks for."""
        one = _policy(code)
        return _sheet(one, one.in_force(clock.today()) or one.newest)

    @expose("/<code>/<int:version>")
    @has_access
    def version(self, code: str, version: int) -> str:
        """One version as tables."""
        one = _policy(code)
        return _sheet(one, _version(one, version))

    @expose("/<code>/compare")
    @has_access
    def compare(self, code: str) -> str:
        """Two versions side by side."""
        one = _policy(code)
        old, new = _chosen(one)
        return render_template("policy/compare.html", page=policy_changes.compare_page(one, old, new))

    # -- changing ------------------------------------------------------------------------------------------------------

    @expose("/<code>/<int:version>/values", methods=["GET", "POST"])
    @has_access
    def values(self, code: str, version: int) -> Any:
        """Other numbers than a version has, as a draft."""
        one = _policy(code)
        base, problems = _version(one, version), []
        if request.method == "POST":
            try:
                return _drafted(drafting.draft_values(base, request.form, request.form.get("reason", "")))
            except Refusal as refusal:
                problems = _kept(refusal)
        page = policy_changes.values_page(one, base, request.form, problems)
        return render_template("register/form.html", page=page), 422 if problems else 200

    @expose("/<code>/<int:version>/text", methods=["GET", "POST"])
    @has_access
    def text(self, code: str, version: int) -> Any:
        """The whole text of a version, to be changed into a draft."""
        one = _policy(code)
        base, problems = _version(one, version), []
        if request.method == "POST" and not request.form.get("whole"):
            try:
                written = policy_text.written(base, request.form)
                return _drafted(drafting.draft_text(base, written, request.form.get("reason", "")))
            except Refusal as refusal:
                problems = _kept(refusal)
        page = policy_changes.text_page(one, base, request.values, problems)
        return render_template("policy/text.html", page=page), 422 if problems else 200

    @expose("/<code>/<int:version>/approve", methods=["POST"])
    @has_access
    def approve(self, code: str, version: int) -> Any:
        """Put a draft into force from a day on; the policy names who may."""
        one = _policy(code)
        draft = _version(one, version)
        try:
            versions.approve(draft, _day(request.form.get("effective_from", "")))
        except Refusal as refusal:
            problems = _kept(refusal)
            one = _policy(code)
            draft = _version(one, version)
            typed = request.form.get("effective_from", "")
            page = policy_changes.compare_page(one, _before(one, draft), draft, problems, typed)
            return render_template("policy/compare.html", page=page), refusal.status
        flash(_("Version %(version)s is approved.", version=version), "success")
        return redirect(url_for(".version", code=code, version=version))

    @expose("/<code>/<int:version>/discard", methods=["GET", "POST"])
    @has_access
    def discard(self, code: str, version: int) -> Any:
        """Give up a draft."""
        one = _policy(code)
        draft, problems = _version(one, version), []
        if request.method == "POST":
            try:
                drafting.discard(draft, request.form.get("reason", ""))
                flash(_("The draft is given up."), "success")
                return redirect(url_for(".version", code=code, version=version))
            except Refusal as refusal:
                problems = _kept(refusal)
        page = policy_changes.discard_page(one, draft, request.form, problems)
        return render_template("register/form.html", page=page), 422 if problems else 200

    @expose("/<code>/<int:version>/cases", methods=["GET", "POST"])
    @has_access
    def cases(self, code: str, version: int) -> Any:
        """What would become of running cases under a version in force, and letting them go over."""
        one = _policy(code)
        target, problems = _version(one, version), []
        if request.method == "POST":
            try:
                count = moving.move_over(target, request.form.get("reason", ""))
                flash(_("%(count)s cases go on under version %(version)s.", count=count, version=version), "success")
                return redirect(url_for(".version", code=code, version=version))
            except Refusal as refusal:
                if refusal.status == 403:
                    raise
                problems = _kept(refusal)
        page = policy_changes.cases_page(one, target, request.args.get("page", "1"), request.form, problems)
        return render_template("policy/cases.html", page=page), 422 if problems else 200


def _policy(code: str) -> Policy:
    found = catalogue.policies(code)
    if code not in found:
        raise NotFound()
    return found[code]


def _version(one: Policy, number: int) -> PackVersion:
    found = one.version(number)
    if found is None:
        raise NotFound()
    return found


def _chosen(one: Policy) -> tuple[PackVersion, PackVersion]:
    """The versions to compare: those named, else the newest with what it would replace; one alone with itself."""
    if not one.versions:
        raise NotFound()
    asked = [request.args.get(name, "") for name in ("old", "new")]
    new = _version(one, int(asked[1])) if _number(asked[1]) else one.versions[-1]
    old = _version(one, int(asked[0])) if _number(asked[0]) else _before(one, new)
    return old, new


def _number(text: str) -> bool:
    return text.isdecimal() and len(text) < 9


def _before(one: Policy, version: PackVersion) -> PackVersion:
    """What a version would replace: the one in force, else its neighbour."""
    in_force = one.in_force(clock.today())
    if in_force is not None and in_force.id != version.id:
        return in_force
    others = [row for row in one.versions if row.id != version.id]
    return next((row for row in reversed(others) if row.version < version.version), others[0] if others else version)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise Refusal(Problem(_("A date such as 2025-09-30 is expected."), "effective_from", "date")) from None


def _kept(refusal: Refusal) -> list[Problem]:
    """The problems of a refusal; nothing half-done stays."""
    session.rollback()
    return refusal.problems


def _drafted(draft: PackVersion) -> Response:
    flash(_("Kept as draft version %(version)s; somebody else approves it.", version=draft.version), "success")
    return redirect(url_for(".compare", code=draft.code, new=draft.version))


def _sheet(one: Policy, version: PackVersion | None) -> str:
    page = policy_pages.show_page(one, version)
    page["actions"], page["more"] = _ways_on(one, version)
    return render_template("policy/show.html", page=page)


def _ways_on(one: Policy, version: PackVersion | None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What can be done with a version: compare it, change it, let cases go over, adopt the policy."""
    person, actions, more = access.current(), [], []
    if version is None:
        return [], []
    here: dict[str, Any] = {"code": one.code, "version": version.version}
    writes = person.can("pack_version", "write")
    if len(one.versions) > 1:
        target = url_for(".compare", code=one.code, old=_before(one, version).version, new=version.version)
        actions.append({"label": _("Compare"), "url": target, "icon": "git-compare"})
    if person.can("policy_adoption", "read"):
        more.append({"label": _("Who works by it"), "url": url_for("AdoptionView.list", q=one.code), "icon": "sitemap"})
    if writes:
        more.append({"label": _("Edit as text"), "url": url_for(".text", **here), "icon": "file-text"})
        values = {"label": _("Edit values"), "url": url_for(".values", **here), "icon": "pencil"}
        actions.append(values | {"primary": True})
    if writes and version.status == DRAFT:
        more.append({"label": _("Give up the draft"), "url": url_for(".discard", **here), "icon": "trash"})
    if writes and version.status == APPROVED and version is one.in_force(clock.today()) and len(one.versions) > 1:
        more.append({"label": _("Running cases"), "url": url_for(".cases", **here), "icon": "arrow-right"})
    return actions, more
