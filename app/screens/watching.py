"""Watching a case: a button on its page, a card on the workbench."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core import access, pages, query
from app.core.errors import NotFound
from app.core.pages import ShowPage
from app.core.register import registers
from app.core.screen import Screen
from app.core.together import MY_TURN, Rows, Talk
from app.engines.watching import operations as watching


class WatchView(Screen):
    """Begin to watch a case, or end it."""

    route_base = "/watch"
    everyone = True

    @expose("/<slug>/<int:pk>", methods=["POST"])
    @has_access
    def begin(self, slug: str, pk: int) -> Response:
        """Watch a row that one may read."""
        watching.begin(*_asked(slug, pk))
        flash(_("You are told of every step of this case."), "success")
        return redirect(pages.url(registers()[slug], "show", pk=pk))

    @expose("/<slug>/<int:pk>/end", methods=["POST"])
    @has_access
    def end(self, slug: str, pk: int) -> Response:
        """Watch a row no more."""
        watching.end(*_asked(slug, pk))
        flash(_("You watch this case no more."), "success")
        return redirect(pages.url(registers()[slug], "show", pk=pk))


def _asked(slug: str, pk: int) -> tuple[Any, int]:
    """The row, and who asks; ``NotFound`` for an unknown register and for what he may not read."""
    register, person = registers().get(slug), access.current().employee_id
    if register is None or register.detail_of or person is None or not access.current().can(slug, "read"):
        raise NotFound()
    return query.find(register, pk), person


def offer(page: ShowPage) -> Talk:
    """The button among the further acts of a case."""
    register, person = page.whole.register, access.current().employee_id
    if person is None or not watching.watchable(register):
        return
    [seen] = yield Rows([watching.watching(page.record, person)])
    yield MY_TURN
    act, label = ("end", _("Watch no more")) if seen else ("begin", _("Watch this case"))
    url = url_for(f"WatchView.{act}", slug=register.slug, pk=page.record.id)
    page.header["more"].append({"label": label, "url": url, "method": "post", "icon": "eye"})


pages.on_show(offer, order=80)
