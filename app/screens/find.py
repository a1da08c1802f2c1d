"""Find by number and name across the registers a person may read."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _

from app.core import access, pages, query, reading, values
from app.core.query import Criteria
from app.core.register import Register, registers
from app.core.screen import Screen

HITS = 8
PLACES = ("complaint", "customer", "urgent_visit", "anomaly_slip", "written_report", "petition")


class FindView(Screen):
    """The field of the top bar leads here."""

    route_base = "/find"
    default_view = "find"
    everyone = True

    @expose("", methods=["GET"])
    @expose("/", methods=["GET"])
    @has_access
    def find(self) -> str:
        """Rows whose number, name or customer begins with the text."""
        text = reading.query_text("q")
        person = access.current()
        places = [registers()[slug] for slug in PLACES if slug in registers() and person.can(slug, "read")]
        groups = [group for place in places if text and (group := _group(place, text))]
        hint = _("Numbers, names and pinyin initials are searched, within what you may see.")
        return render_template("find.html", page={"query": text, "groups": groups, "hint": hint})


def _group(register: Register, text: str) -> dict[str, Any] | None:
    columns = list(
        dict.fromkeys((register.title, *(name for name in register.search if not register.fields[name].target)))
    )
    page = query.fetch(register, Criteria(q=text, order=register.order, size=HITS), columns)
    rows = [
        {
            "url": pages.url(register, "show", pk=row.id),
            "sub": "",
            "state": None,
            "id": values.title_text(register.slug, getattr(row, register.title)) or f"#{row.id}",
            "title": " · ".join(str(getattr(row, name) or "") for name in columns if name != register.title),
        }
        for row in page.rows
    ]
    more = pages.url(register, "list", q=text) if page.more else None
    return {"label": register.label, "rows": rows, "more_url": more} if rows else None
