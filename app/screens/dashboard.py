"""The dashboards: charts over the rows in one's reach, each of which leads to exactly its rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import jsonify, render_template, request, stream_with_context, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response

from app.core import access, clock
from app.core.access import Access
from app.core.db import writes
from app.core.errors import Forbidden, NotFound, Problem
from app.core.screen import Screen
from app.engines.exchange import xlsx
from app.engines.privacy import operations as privacy
from app.screens import dashboard_asked as asking
from app.screens.dashboard_asked import Asked
from app.screens.dashboard_boards import BOARDS, Board, heads_of, sheet_of
from app.screens.dashboard_charts import Chart, Figure, Line


class DashboardView(Screen):
    """Charts over complaints, credit and losses, for whoever reads more than his own."""

    route_base = "/dashboard"
    everyone = True
    menu_label, menu_icon, menu_order = _l("Dashboard"), "chart-bar", 1

    @classmethod
    def meant_for(cls, person: Access) -> bool:
        """Who reads rows of more than himself in any of the boards."""
        return any(board.open_to(person) for board in BOARDS.values())

    @expose("/")
    @has_access
    def index(self) -> str:
        """The page without any figure: each chart asks for its own."""
        asked = _asked()
        return render_template("dashboard.html", page=_page(asked))

    @expose("/data/<chart>")
    @has_access
    def data(self, chart: str) -> Response:
        """The figures of one chart."""
        asked, found = _asked(), _chart(chart)
        return jsonify(_facts(found, asked, found.count(asked)))

    @expose("/print")
    @has_access
    def print(self) -> str:
        """One chart as a table on paper, or all of them, each of which the page asks for by itself."""
        asked, charts = _asked(), _chosen()
        if not _may(charts, "print"):
            raise Forbidden()
        told = _counted if request.args.get("chart") else _to_count
        return render_template("register/print.html", page=_paper(asked, [told(chart, asked) for chart in charts]))

    @expose("/export")
    @has_access
    @writes
    def export(self) -> Response:
        """The same figures as a workbook; the export stays in the access log."""
        asked, charts = _asked(), _chosen()
        if not _may(charts, "export"):
            raise Forbidden()
        sheets = [sheet_of(chart, asked) for chart in charts]
        facts = {"dashboard": [chart.key for chart in charts], "filters": dict(asked.kept)}
        rows = sum(len(sheet.rows) for sheet in sheets if isinstance(sheet.rows, list))
        privacy.log_export(charts[0].slug, rows, reason=_("Figures of the dashboard"), facts=facts, figures=True)
        name = f"dashboard-{asked.months[0].name}-{asked.months[-1].name}.xlsx"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(stream_with_context(xlsx.stream(sheets)), mimetype=xlsx.MIME, headers=headers)


def _boards() -> dict[str, Board]:
    return {key: board for key, board in BOARDS.items() if board.open_to(access.current())}


def _board() -> Board:
    """The board that the address names, that of its chart, or the first one that is open to the person."""
    key, chart = request.args.get("board", ""), _chart_asked()
    if key and key not in BOARDS:
        raise NotFound()
    named = [board for board in BOARDS.values() if board.key == key or (not key and chart in board.charts)]
    if not (open_ := _boards()) or (named and named[0].key not in open_):
        raise Forbidden(Problem(_("The dashboard is for those who read cases of more than themselves.")))
    return named[0] if named else next(iter(open_.values()))


def _chart_asked() -> str:
    return str((request.view_args or {}).get("chart") or request.args.get("chart", ""))


def _asked() -> Asked:
    """The checked question; refuses who reads but his own rows."""
    return asking.read(request.args, _board().policies())


def _chart(key: str) -> Chart:
    found = _board().charts.get(key)
    if found is None or not access.current().can(found.slug, "read"):
        raise NotFound()
    return found


def _shown() -> list[Chart]:
    return _board().shown_to(access.current())


def _chosen() -> list[Chart]:
    """The chart that the address names, or all that the person may see."""
    key = request.args.get("chart", "")
    return [_chart(key)] if key else _shown()


# -- the page ----------------------------------------------------------------------------------------------------------


def _page(asked: Asked) -> dict[str, Any]:
    return {
        "title": _("Dashboard"),
        "subtitle": _period(asked),
        "actions": _acts(asked),
        "filtered": any(name != "board" for name, _value in asked.kept),
        "from": asked.months[0].name, "to": asked.months[-1].name,
        "units": asking.units(), "unit": asked.unit_id,
        "board": _board().key, "tabs": _tabs(asked),
        "policies": [(code, f"{code} {pack.title}") for code, pack in sorted(_board().policies().items())],
        "policy": asked.policy.code if asked.policy else "",
        "charts": [_card(chart, asked) for chart in _shown()],
    }  # fmt: skip


def _tabs(asked: Asked) -> list[dict[str, Any]]:
    """The boards, when the person may open several."""
    open_ = _boards()
    kept: dict[str, Any] = {name: value for name, value in asked.kept if name in ("from", "to", "unit")}
    return [
        {"label": board.label, "active": board is _board(), "count": None,
         "url": url_for("DashboardView.index", board=board.key, **kept)}
        for board in open_.values() if len(open_) > 1
    ]  # fmt: skip


def _period(asked: Asked) -> str:
    return _("Rows of %(first)s to %(last)s in your reach", first=asked.months[0].name, last=asked.months[-1].name)


def _card(chart: Chart, asked: Asked) -> dict[str, Any]:
    kept: dict[str, Any] = dict(asked.kept)
    return {
        "key": chart.key, "title": chart.title(asked), "shape": chart.shape, "wide": chart.wide,
        "hint": _("now") if chart.now else _("in the period"),
        "data": url_for("DashboardView.data", chart=chart.key, **kept),
        "more": _acts(asked, chart=chart.key),
    }  # fmt: skip


def _may(charts: Sequence[Chart], action: str) -> bool:
    return all(access.current().can(chart.slug, action) for chart in charts)


def _acts(asked: Asked, **chosen: str) -> list[dict[str, Any]]:
    """Print and export, each for those who may."""
    kept: dict[str, Any] = {**dict(asked.kept), **chosen}
    charts, found = [_chart(chosen["chart"])] if chosen else _shown(), []
    if _may(charts, "print"):
        found.append({"label": _("Print"), "url": url_for("DashboardView.print", **kept), "icon": "printer"})
    if _may(charts, "export"):
        url = url_for("DashboardView.export", **kept)
        found.append({"label": _("Export to Excel"), "url": url, "icon": "download"})
    return found


# -- figures -----------------------------------------------------------------------------------------------------------


def _facts(chart: Chart, asked: Asked, lines: Sequence[Line]) -> dict[str, Any]:
    """A chart for the script that draws it; ``empty`` when it would draw nothing but noughts."""
    drawn = [place for place, series in enumerate(chart.series) if not series.aside]
    return {
        "title": chart.title(asked),
        "shape": chart.shape,
        "by": str(chart.by),
        "series": [{"label": str(s.label), "tone": s.tone, "aside": s.aside} for s in chart.series],
        "lines": [{"label": line.label, "figures": [_fact(figure) for figure in line.figures]} for line in lines],
        "empty": not any(line.figures[place].value for line in lines for place in drawn),
    }


def _fact(figure: Figure) -> dict[str, Any]:
    value = figure.value
    return {"value": None if value is None else float(value), "text": _text(figure),
            "url": figure.url if value else ""}  # fmt: skip


def _text(figure: Figure) -> str:
    return "—" if figure.value is None else f"{figure.value:,}"


def _counted(chart: Chart, asked: Asked) -> dict[str, Any]:
    return {"title": chart.title(asked), "table": _table(chart, chart.count(asked))}


def _to_count(chart: Chart, asked: Asked) -> dict[str, Any]:
    kept: dict[str, Any] = {**dict(asked.kept), "chart": chart.key}
    return {"title": chart.title(asked), "part": url_for("DashboardView.print", **kept)}


def _table(chart: Chart, lines: Sequence[Line]) -> dict[str, Any]:
    columns = [{"label": label, "align": "end" if place else ""} for place, label in enumerate(heads_of(chart))]
    return {"columns": columns, "rows": [{"cells": [line.label, *map(_text, line.figures)]} for line in lines]}


def _paper(asked: Asked, sections: list[dict[str, Any]]) -> dict[str, Any]:
    stamp = clock.to_local(clock.now()).strftime("%Y-%m-%d %H:%M")
    unit = dict(asking.units()).get(asked.unit_id or 0, "").strip()
    policy = f"{asked.policy.code} {asked.policy.title}" if asked.policy else ""
    return {
        "title": _("Dashboard"), "number": "", "company": "", "copy": "", "copies": [], "opinions": [],
        "form_no": " ".join(part for part in (_period(asked), unit, policy) if part),
        "sections": sections,
        "remarks": [],
        "watermark": f"{current_user.username} {stamp}",
        "printed": _("Printed by %(who)s at %(when)s", who=current_user.username, when=stamp),
    }  # fmt: skip


__all__ = ["DashboardView"]
