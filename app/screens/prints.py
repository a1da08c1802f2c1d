"""Rows picked in a list, as one PDF."""

from __future__ import annotations

import io

from flask import request, send_file
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from werkzeug.wrappers import Response

from app.core import access, clock, reading
from app.core.screen import Screen
from app.engines.documents import annexes, batches


class PrintsView(Screen):
    """Whoever may read and print each of the rows may print them at once."""

    route_base = "/prints"
    everyone = True

    @expose("/<slug>", methods=["POST"])
    @has_access
    def batch(self, slug: str) -> Response:
        """One PDF with every copy of every row."""
        register = annexes.printable(slug)
        access.require(register.guarded_by, "read")
        content = batches.printed(register, reading.numbers(request.form.getlist("id")))
        name = f"{register.label}-{clock.to_local(clock.now()):%Y%m%d-%H%M}.pdf"
        return send_file(io.BytesIO(content), mimetype="application/pdf", download_name=name, max_age=0)
