"""Drafts of forms: kept as somebody types, thrown away when he says so. Everybody has his own alone."""

from __future__ import annotations

from flask import flash, jsonify, redirect, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core import clock, drafts
from app.core.screen import Screen


class DraftsView(Screen):
    """What the forms call; a browser without scripts too, by buttons of the form."""

    route_base = "/drafts"
    everyone = True

    @expose("/keep", methods=["POST"])
    @has_access
    def keep(self) -> Response:
        """Keep the form as it stands; answers when it was kept, or goes back to the form."""
        said = request.form.get(drafts.FIELD, "")
        kept = drafts.keep(said, request.form)
        if request.form.get("by") == "script":
            return jsonify({"at": clock.to_local(kept.at).strftime("%H:%M")})
        flash(_("The draft is kept. Files are not part of it."), "success")
        return redirect(drafts.address(said))

    @expose("/discard", methods=["POST"])
    @has_access
    def discard(self) -> Response:
        """Throw the draft away and open the form anew."""
        said = request.form.get(drafts.FIELD, "")
        drafts.forget(said)
        return redirect(drafts.address(said))
