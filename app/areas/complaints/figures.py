"""A kept report on its page and on paper: figures beside earlier periods, groups, and the rows as they were."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from app.areas.complaints import kept
from app.areas.complaints.kept import SLUG, Kept
from app.core import access, clock, pages, printing, values
from app.core.pages import ShowPage
from app.core.printing import PrintPage
from app.core.words import entry_label, post_label
from app.engines.approvals import inbox
from app.engines.approvals.calc import APPROVED
from app.engines.policy import operations as policy
from app.engines.reports import periods_of, showing, tables, wording
from app.engines.reports.showing import Shown

AHEAD = 4


@dataclass(frozen=True)
class Periods:
    """What a kept report is compared with: names of periods, and the editions that stand for them."""

    labels: Mapping[str, str]
    known: Mapping[str, Any]
    names: Mapping[str, str]


def shown_of(found: Kept) -> Shown | None:
    """The counted figures in words, with earlier periods beside them; ``None`` for a report that only lists."""
    if found.figures is None or found.report is None:
        return None
    life = policy.bare_lifecycle(found.row.pack_version_id, found.report.slug) if _has_life(found) else None
    words, beside = showing.Words(found.report, life), _periods(found)
    before = {key: _measures(beside.known.get(name)) for key, name in beside.names.items()}
    measures = showing.measures(words, found.figures["measures"], before, _url(found), found.figures.get("lines"))
    course = [(name, _measures(row), _page(row)) for name, row in sorted(beside.known.items())]
    here = (found.row.period, found.figures["measures"], "")
    return Shown(
        measures,
        [showing.compared(measures, beside.labels)],
        showing.tables(words, found.figures, _url(found)),
        showing.course(words, [*(point for point in course if point[0] < here[0]), here]),
    )


def _has_life(found: Kept) -> bool:
    return found.report is not None and found.report.slug in found.report.pack.cases


def _periods(found: Kept) -> Periods:
    """The period before, the same of the year before, and those of the course; one statement."""
    pack, row = policy.pack_for(found.row.pack_version_id), found.row
    kind = periods_of.kind_of(pack, row.report)
    compared = {key: period.name for key, period in periods_of.compared(kind, found.period).items()}
    titles = {"previous": _("Period before"), "year": _("A year before")}
    names = {*compared.values(), *periods_of.names_before(kind, found.period, showing.MOST_BARS - 1)}
    known = kept.earlier(row, names)
    compared = {key: name for key, name in compared.items() if name in known}
    return Periods({key: f"{titles[key]} {name}" for key, name in compared.items()}, known, compared)


def _measures(row: Any) -> Mapping[str, Any]:
    figures = (row.totals or {}).get("figures") if row is not None else None
    return figures["measures"] if figures else {}


def _page(row: Any) -> str:
    return pages.url(row.register, "show", pk=row.id)


def _url(found: Kept) -> Any:
    def url(measure: str, table: int | None, group: int | None) -> str:
        place: dict[str, Any] = {} if table is None else {"table": table, "group": group}
        return url_for("KeptReportsView.rows", pk=found.row.id, measure=measure, **place)

    return url


# -- on the page -----------------------------------------------------------------------------------------------------


def show_figures(page: ShowPage) -> None:
    """What the period came to at the head, groups and rows on tabs; the task says in words what is to be done."""
    row: Any = page.record
    if page.whole.register.slug != SLUG:
        return
    page.header["title"], page.header["facts"] = f"{entry_label(row.report)} {row.period}", _facts(row)
    found = kept.read(row, access.current())
    if access.current().can(SLUG, "export"):
        entry = {"label": _("Export to Excel"), "url": url_for("KeptReportsView.export", pk=row.id), "icon": "download"}
        page.header["more"].append(entry)
    shown = shown_of(found)
    _show_rows(page, found, groups=not (shown and shown.tables))
    if shown is not None:
        html = Markup(render_template("reports/figures.html", shown=shown, ahead=AHEAD))  # noqa: S704 -- our template
        page.insert(0, _("Figures"), html)
        groups = [{"key": f"group{n}", "label": table["title"], "count": "", "table": table}
                  for n, table in enumerate(shown.tables)]  # fmt: skip
        page.tabs[:0] = groups
    if found.hidden:
        text = _("%(count)s rows are outside your reach and are not shown; the figures count them.", count=found.hidden)
        page.notes.append({"tone": "info", "text": text})


def _show_rows(page: ShowPage, found: Kept, groups: bool) -> None:
    """The rows as they were, and what they come to by group unless counted tables say so."""
    listing = found.listing
    if listing is None:
        return
    if groups and (table := tables.groups(listing)):
        page.tabs.insert(0, {"key": "groups", "label": _("By group"), "count": "", "table": table})
    lines = tables.lines(listing, wording.html) | {"cls": "hov pin"}
    page.tabs.insert(0, {"key": "lines", "label": _("Rows"), "count": len(listing.lines), "table": lines})


def _facts(row: Any) -> list[Any]:
    """The task in words, and which edition this is."""
    task = policy.pack_for(row.pack_version_id).tasks.get(row.report.partition(".")[2])
    said = [str(task.what)] if task else []
    return [*said, _("Edition %(number)s", number=row.edition)] if row.edition > 1 else said


# -- on paper --------------------------------------------------------------------------------------------------------


def print_figures(page: PrintPage) -> None:
    """The same below the form, with whoever signed."""
    row: Any = page.whole.record
    if page.whole.register.slug != SLUG:
        return
    page.title = f"{entry_label(row.report)} {row.period}"
    if row.previous_id is None:
        page.sections = [section for section in page.sections if not _about_correction(section)]
    found = kept.read(row, access.current())
    shown, listing = shown_of(found), found.listing
    if shown is not None:
        page.sections += [{"title": _("Figures"), "table": table} for table in shown.compared]
        page.sections += [{"title": t["title"], "table": showing.bare(t)} for t in shown.tables if t["rows"]]
    if listing is not None:
        page.wide = True
        if not (shown and shown.tables) and (table := tables.groups(listing)):
            page.sections.append({"title": _("By group"), "table": table})
        page.sections.append({"title": _("Rows"), "table": tables.lines(listing, wording.text)})
    page.opinions += _signatures(row)


def _about_correction(section: Mapping[str, Any]) -> bool:
    return any(field["name"] == "previous_id" for field in section.get("fields", ()))


def _signatures(row: Any) -> list[dict[str, Any]]:
    """Who answered the last request about the figures, in which post, when, and with what remark."""
    course = inbox.course(SLUG, row.id)
    last = max((request.id for request, _step in course), default=None)
    steps = [step for request, step in course if request.id == last and step.status == APPROVED]
    names = values.names_of([("employee", step.decided_by_id) for step in steps])
    return [
        {
            "role": post_label(step.decided_as or step.post or ""), "text": step.comment or "",
            "name": names.get(("employee", step.decided_by_id or 0), ""),
            "when": clock.to_local(step.decided_at).strftime("%Y-%m-%d %H:%M") if step.decided_at else "",
        }
        for step in steps
    ]  # fmt: skip


pages.on_show(show_figures, order=12)
printing.on_print(print_figures, order=20)
