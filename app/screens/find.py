"""Find by number, name, initials and last digits across all registers a person may read."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _

from app.core import pages, reading
from app.core.menu import AREAS
from app.core.screen import Screen
from app.engines.search import everywhere
from app.engines.search.everywhere import Found

HITS = 8


class FindView(Screen):
    """The field of the top bar leads here."""

    route_base = "/find"
    default_view = "find"
    everyone = True

    @expose("", methods=["GET"])
    @expose("/", methods=["GET"])
    @has_access
    def find(self) -> str:
        """Rows by any part of a name, its initials, a number, or the last digits of a telephone; by register."""
        text = reading.query_text("q")
        hint = _("Numbers, names, pinyin initials and the last four digits of telephones, within what you may see.")
        found = sorted(everywhere.find(text, HITS), key=_place) if text else []
        return render_template("find.html", page={
            "query": text, "groups": [_group(one, text) for one in found], "hint": hint,
        })  # fmt: skip


def _place(found: Found) -> tuple[bool, int]:
    """As the menu has them; what is in no menu comes last."""
    register = found.register
    return not register.menu, list(AREAS).index(register.area) if register.area in AREAS else len(AREAS)


def _group(found: Found, text: str) -> dict[str, Any]:
    register = found.register
    rows = [
        {
            "url": pages.url(register, "show", pk=hit.id), "sub": "", "state": None,
            "id": hit.title or f"#{hit.id}", "title": " · ".join(filter(None, (hit.about, hit.party))),
        }
        for hit in found.hits
    ]  # fmt: skip
    more = pages.url(register, "list", q=text) if found.more else None
    return {"label": register.label, "rows": rows, "more_url": more}
