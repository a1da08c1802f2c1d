"""Reports that policies ask for: opened by their audience, for a month and a unit, on screen, on paper and by REST."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar

import sqlalchemy as sa
from flask import jsonify, render_template, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.api import expose as expose_api
from flask_appbuilder.api import protect
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response

from app.core import access, clock, forms
from app.core.db import session
from app.core.lifecycle import Lifecycle
from app.core.register import registers
from app.core.screen import Screen, ScreenApi
from app.core.words import post_label
from app.engines.deadlines import periods
from app.engines.people.models import OrgUnit
from app.engines.policy import operations as policy
from app.engines.reports import catalogue, lines, operations, periods_of, showing, snapshots, tables, wording
from app.engines.reports.catalogue import Choice, Report
from app.engines.reports.counting import Extent
from app.engines.reports.leading import list_of
from app.engines.reports.showing import Shown

GUARD = "report_snapshot"
FILTERS, PERIODS = ("month", "period", "unit", "post"), 12


class ReportsView(Screen):
    """The reports of the policies in use."""

    route_base = "/reports"
    default_view = "list"
    class_permission_name = GUARD
    method_permission_name: ClassVar = {"list": "read", "show": "read", "print": "print"}
    menu_area, menu_label, menu_icon, menu_order = "complaints", _l("Reports"), "report-analytics", 60

    @expose("/")
    @has_access
    def list(self) -> str:
        """Every report that the person may open, with its clause and what was kept of it."""
        kept = _kept()
        rows = [
            {
                "url": url_for(".show", key=report.key),
                "title": str(report.written.label),
                "policy": report.pack.code,
                "clause": forms.clause_link(report.pack.code, report.written.clause),
                "contents": str(report.written.contents),
                "due": str(report.written.due),
                "audience": _(", ").join(map(post_label, report.audience)),
                "kept": [(key, kept[key]) for key in report.kept_as if key in kept],
            }
            for report in catalogue.open_to(access.current())
        ]
        return render_template("reports/list.html", page={"rows": rows})

    @expose("/<key>")
    @has_access
    def show(self, key: str) -> str:
        """One report for the chosen month, unit and post."""
        report = catalogue.find(key)
        choice = catalogue.read_choice(request.args, report.written.period)
        figures = _figures(report, choice)
        page: dict[str, Any] = _page(report, choice) | {"lines": None, "groups": None, "more": False}
        if report.lists:
            listing = operations.read(report, choice, access.current())
            page |= {"lines": tables.lines(listing, wording.html), "more": listing.more}
            page["groups"] = None if figures and figures.tables else tables.groups(listing)
        return render_template("reports/show.html", page=page | {"figures": figures})

    @expose("/<key>/print")
    @has_access
    def print(self, key: str) -> str:
        """The same on paper."""
        report = catalogue.find(key)
        choice = catalogue.read_choice(request.args, report.written.period)
        counted = _figures(report, choice, _nowhere)
        found: list[Any] = _on_paper(counted) if counted else []
        if report.lists:
            listing = operations.read(report, choice, access.current())
            found += [None if counted else tables.groups(listing), tables.lines(listing, wording.text)]
        return render_template("register/print.html", page=_paper(report, choice, found))


def _on_paper(counted: Shown) -> list[dict[str, Any]]:
    return [showing.compared(counted.measures, {}), *map(showing.bare, counted.tables)]


def _kept() -> dict[str, int]:
    """How many rows of each kept report the person may read: one statement."""
    register = registers()[GUARD]
    table = register.model.__table__
    seen = sa.select(table.c.report, sa.func.count()).where(access.rows(register)).group_by(table.c.report)
    return {row[0]: row[1] for row in session.execute(seen)}


def _figures(report: Report, choice: Choice, url: showing.Url | None = None) -> Shown | None:
    """What the report counts of the rows in the person's reach; without a period in the present one."""
    if report.written.figures is None:
        return None
    found = _counted(report, choice)
    words, url = showing.Words(report, _life(report)), url or _leads(report, choice, found)
    counted = showing.measures(words, found["measures"], {}, url, found.get("lines"))
    return Shown(counted, tables=showing.tables(words, found, url))


def _extent(report: Report, choice: Choice) -> Extent:
    period = choice.period or periods.present(report.written.period, clock.to_local(choice.now).date())
    return snapshots.extent_of(report, replace(choice, period=period), access.current(), None)


def _counted(report: Report, choice: Choice) -> dict[str, Any]:
    """The same in plain values; nothing for a report that only lists."""
    if report.written.figures is None:
        return {}
    return lines.counted(report.written.figures, _extent(report, choice))


def _life(report: Report) -> Lifecycle | None:
    version = policy.current_version(report.pack.code, clock.today())
    return policy.bare_lifecycle(version.id, report.slug) if version and report.slug in report.pack.cases else None


def _nowhere(_measure: str, _table: int | None, _group: int | None) -> str:
    """Nothing leads on from paper."""
    return ""


def _leads(report: Report, choice: Choice, found: dict[str, Any]) -> showing.Url:
    """What is counted while one looks leads to the list of these rows, where the list can be narrowed to them."""
    extent, figures = _extent(report, choice), report.written.figures

    def url(measure: str, table: int | None, group: int | None) -> str:
        if figures is None:
            return ""
        shown = None if table is None or group is None else found["tables"][table]
        names = shown["by"] if shown else []
        values = shown["rows"][group]["values"] if shown and group is not None else []
        return list_of(figures, extent, measure, dict(zip(names, values, strict=True)))

    return url


def _page(report: Report, choice: Choice) -> dict[str, Any]:
    kept: dict[str, Any] = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    written = report.written
    return {
        "title": str(written.label),
        "subtitle": str(written.contents),
        "breadcrumbs": [{"label": _("Reports"), "url": url_for("ReportsView.list")}],
        "clause": forms.clause_link(report.pack.code, written.clause),
        "said": _said(report, choice),
        "month": choice.period.name if choice.period else "",
        "periods": _periods(report, choice),
        "period": choice.period.name if choice.period else "",
        "units": _units() if report.lists else [],
        "unit": choice.unit_id,
        "posts": [(code, post_label(code)) for code in _posts(report)],
        "post": choice.post,
        "kept": bool(kept),
        "here": url_for("ReportsView.show", key=report.key),
        "actions": list(_acts(report, kept)),
    }


def _acts(report: Report, kept: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if access.current().can(GUARD, "print"):
        yield {"label": _("Print"), "url": url_for("ReportsView.print", key=report.key, **kept), "icon": "printer"}


def _units() -> list[tuple[int, str]]:
    query = sa.select(OrgUnit.id, OrgUnit.name).order_by(OrgUnit.path)
    return [(row.id, row.name) for row in session.execute(query)]


def _posts(report: Report) -> list[str]:
    """The posts that are responsible for the clocks of a report of late steps."""
    if not report.lists or report.shows.kind != "late":
        return []
    named = (report.pack.clocks[key].responsible for key in report.shows.clocks)
    return [f"{report.pack.code}.{post}" for post in dict.fromkeys(named)]


def _periods(report: Report, choice: Choice) -> list[str]:
    """The latest periods of a report that returns by something else than months or days."""
    kind = report.written.period
    if kind in ("day", "month"):
        return []
    here = periods.present(kind, clock.to_local(choice.now).date())
    return [here.name, *periods_of.names_before(kind, here, PERIODS)]


def _said(report: Report, choice: Choice) -> str:
    """Which rows the report lists, in words."""
    month = choice.period.name if choice.period else f"{clock.to_local(choice.now):%Y-%m}"
    if report.lists and operations.shown_by_period(report):
        here = periods.present(report.written.period, clock.to_local(choice.now).date())
        month = (choice.period or here).name
    if not report.lists:
        return choice.period.name if choice.period else str(_("The present period."))
    if report.shows.kind == "closed":
        return _("Closed in %(month)s.", month=month)
    if report.shows.kind == "late":
        words = _("Due in %(month)s.", month=month)
        return words if choice.period else _("Late now, and finished late in %(month)s.", month=month)
    if report.shows.kind == "owed":
        return _("Not done as often as asked in %(period)s.", period=month)
    return _("All of %(month)s.", month=month) if choice.period else _("Everything that is under way.")


def _paper(report: Report, choice: Choice, found: list[Any]) -> dict[str, Any]:
    stamp = clock.to_local(choice.now).strftime("%Y-%m-%d %H:%M")
    unit = dict(_units()).get(choice.unit_id or 0, "")
    return {
        "title": str(report.written.label),
        "number": "",
        "form_no": " ".join(part for part in (_said(report, choice), unit) if part),
        "company": "",
        "copy": "",
        "copies": [],
        "opinions": [],
        "wide": True,
        "sections": [{"title": "", "table": table} for table in found if table],
        "remarks": [f"{report.pack.code} {report.written.clause}"],
        "watermark": f"{current_user.username} {stamp}",
        "printed": _("Printed by %(who)s at %(when)s", who=current_user.username, when=stamp),
    }


class ReportApi(ScreenApi):
    """Reports for programs."""

    resource_name = "report"
    class_permission_name = GUARD
    method_permission_name = {"get_list": "read", "get": "read"}

    @expose_api("/", methods=["GET"])
    @protect()
    def get_list(self) -> Response:
        """The reports that the caller may open."""
        found = [
            {
                "key": report.key,
                "label": {"zh": report.written.label.zh, "en": report.written.label.en},
                "clause": report.written.clause,
                "audience": report.audience,
            }
            for report in catalogue.open_to(access.current())
        ]
        return jsonify({"count": len(found), "result": found})

    @expose_api("/<key>", methods=["GET"])
    @protect()
    def get(self, key: str) -> Response:
        """One report; ``month`` or ``period``, ``unit`` and ``post`` choose its lines."""
        report = catalogue.find(key)
        choice = catalogue.read_choice(request.args, report.written.period)
        facts = tables.facts(operations.read(report, choice, access.current())) if report.lists else {}
        return jsonify(facts | ({"figures": figures} if (figures := _counted(report, choice)) else {}))


__all__ = ["ReportApi", "ReportsView"]
