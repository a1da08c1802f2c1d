"""Help: what a screen is for, the pages of the documentation, and the short tour with what is remembered of it."""

from __future__ import annotations

from typing import Any

from flask import Response, g, jsonify, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from app.core import access, accounts, clock
from app.core.errors import NotFound
from app.core.screen import Screen
from app.screens import help_texts, markdown


class HelpView(Screen):
    """The question mark of the top bar leads here."""

    route_base = "/help"
    default_view = "show"
    everyone = True

    @expose("/")
    @has_access
    def show(self) -> str:
        """The help of the screen named by ``at``; with ``part=1`` without the frame."""
        page = help_texts.help_for(request.args.get("at", "")[:120])
        template = "help/_help.html" if request.args.get("part") == "1" else "help/show.html"
        return render_template(template, page=page)

    @expose("/page")
    @has_access
    def page(self) -> str:
        """A page of the documentation."""
        name = request.args.get("name", "index")
        text = help_texts.page_text(name)
        if text is None:
            raise NotFound()
        return render_template("help/page.html", page={
            "title": text.partition("\n")[0].strip("# "), "body": markdown.html(text),
            "index_url": url_for(".page") if name != "index" else "",
        })  # fmt: skip

    @expose("/tour")
    @has_access
    def tour(self) -> Response:
        """The stops of the tour for the person."""
        stops = help_texts.tours()[help_texts.tour_of(access.current())]
        words = {"next": _("Go on"), "back": _("Back"), "end": _("End the tour"), "done": _("Finish the tour")}
        found: list[dict[str, Any]] = [
            {"at": stop.at, "title": str(stop.title), "text": str(stop.text)} for stop in stops
        ]
        return jsonify({"stops": found, "words": words})

    @expose("/toured", methods=["POST"])
    @has_access
    def toured(self) -> Answer:
        """Remember that the person took the tour or does not want it."""
        accounts.state_of(g.account.user.id).toured_at = clock.now()
        return redirect(f"{request.script_root}/")
