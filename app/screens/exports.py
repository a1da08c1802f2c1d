"""Taking rows out of a list: which columns, in which form, what for; then the file, as it is written."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import quote, urlencode

from flask import Response as Streamed
from flask import flash, make_response, redirect, render_template, request, stream_with_context, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.http import dump_options_header
from werkzeug.wrappers import Response

from app.core import access, clock, narrowing, pages, query, values
from app.core.db import only_read, session, writes
from app.core.errors import NotFound, Problem, Refusal
from app.core.pages import ShowPage
from app.core.query import Criteria
from app.core.register import Register, registers
from app.core.screen import Screen
from app.core.wording import listed, phrases
from app.core.words import state_label
from app.engines.exchange import asking, exporting
from app.engines.exchange.asked_models import ExportRequest
from app.engines.privacy import operations as privacy

OWN = ("columns", "page", "after", "before", "end", "size", "view", "_l_")


class ExportsView(Screen):
    """Lists as files. The register's right to export is asked for by the view itself."""

    route_base = "/exports"
    everyone = True

    @expose("/<slug>")
    @has_access
    def ask(self, slug: str) -> str:
        """How many rows there are, and what the file shall hold."""
        register, criteria = asked(slug)
        return _page(register, criteria, [])

    @expose("/<slug>", methods=["POST"])
    @has_access
    def take(self, slug: str) -> Response:
        """The file; who took what out, and what for, stays in the access log."""
        register, criteria = asked(slug)
        wanted, reason = request.form.getlist("column"), request.form.get("reason", "")
        form = request.form.get("format", "xlsx")
        columns, rows = exporting.columns_of(register, wanted), exporting.count(register, criteria)
        try:
            Refusal.when(unknown(form))
            if asking.needed(rows, len(asking.personal_of(columns))):
                return _ask(register, criteria, columns, form, rows)
            privacy.log_export(slug, rows, reason=reason, facts=facts(columns, form))
        except Refusal as error:
            session.rollback()
            return make_response(_page(register, criteria, error.problems, reason, wanted), error.status)
        return file_of(register, criteria, columns, form)


class ExportRequestsView(Screen):
    """Exports that had to be allowed: taken by whoever asked for them. The rights are asked for by the view itself."""

    route_base = "/export_requests"
    class_permission_name = asking.SLUG
    method_permission_name: ClassVar = {"file": "read"}

    @expose("/<int:pk>/file")
    @has_access
    @writes
    def file(self, pk: int) -> Response:
        """The file as it was allowed; the access log keeps each time that it is taken."""
        request_, allowed = asking.take(pk)
        rows = exporting.count(allowed.register, allowed.criteria)
        kept = {"columns": list(allowed.columns), "format": allowed.form, "request": request_.id,
                "filters": request_.asked["args"]}  # fmt: skip
        privacy.log_export(allowed.register.slug, rows, reason=request_.reason, facts=kept)
        return file_of(allowed.register, allowed.criteria, allowed.columns, allowed.form)


def ask_for(register: Register, criteria: Criteria, columns: Any, form: str, rows: int, reason: str) -> ExportRequest:
    """Ask for the export that the address and the form describe."""
    args = {key: value for key, value in request.args.items() if key not in OWN}
    narrowed = phrases(f"{label} {words}" for label, words in _chips(register, criteria))
    return asking.ask(register, columns, form, args, rows, reason, narrowed)


def _ask(register: Register, criteria: Criteria, columns: Any, form: str, rows: int) -> Response:
    made = ask_for(register, criteria, columns, form, rows, request.form.get("reason", ""))
    flash(_("So many rows, or personal columns, have to be allowed first; whoever decides has been told."), "info")
    return redirect(pages.url(registers()[asking.SLUG], "show", pk=made.id))


def offer(page: ShowPage) -> None:
    """The file on the page of an own request that was allowed."""
    if page.whole.register.slug == asking.SLUG and asking.may_take(page.record):
        there = url_for("ExportRequestsView.file", pk=page.record.id)
        entry = {"label": _("Take the file"), "url": there, "icon": "download", "primary": True}
        page.header["actions"].insert(0, entry)


pages.on_show(offer, order=70)


def unknown(form: str) -> list[Problem]:
    """What is wrong with the form of file that was asked for."""
    text = _("“%(value)s” is not one of the choices.", value=form[:20])
    return [] if form in exporting.FORMATS else [Problem(text, "format", "choice")]


def file_of(register: Register, criteria: Criteria, columns: Any, form: str) -> Response:
    """The rows as a file that is written while it is sent."""
    export = exporting.prepare(register, criteria, columns)
    session.commit()
    only_read()
    write = exporting.workbook if form == "xlsx" else exporting.text
    name = f"{register.label}-{clock.to_local(clock.now()):%Y%m%d-%H%M}.{form}"
    answer = Streamed(stream_with_context(write(export)), mimetype=None)
    answer.headers["Content-Type"] = exporting.FORMATS[form]
    answer.headers["Content-Disposition"] = attachment(name)
    return answer


def attachment(name: str) -> str:
    """The header that names a file, in any script (RFC 6266)."""
    plain = "".join(sign if sign.isascii() and sign.isprintable() else "_" for sign in name)
    return dump_options_header("attachment", {"filename": plain, "filename*": f"UTF-8''{quote(name, safe='')}"})


def asked(slug: str) -> tuple[Register, Criteria]:
    """The register and the rows that the address asks for; raises ``Forbidden`` and ``NotFound``."""
    register = registers().get(slug)
    if register is None or register.detail_of or register.sealed:
        raise NotFound()
    access.require(slug, "read")
    access.require(slug, "export")
    args = MultiDict((key, value) for key, value in request.args.items(multi=True) if key not in OWN)
    return register, exporting.reachable(register, query.read_criteria(register, args))


def facts(columns: Any, form: str) -> dict[str, Any]:
    """What the access log keeps of an export."""
    narrowed = {key: value for key, value in request.args.items() if key not in OWN}
    return {"columns": list(columns), "format": form, "filters": narrowed}


def _page(register: Register, criteria: Criteria, problems: Any, reason: str = "", wanted: Any = ()) -> str:
    chosen = list(exporting.columns_of(register, wanted or request.args.get("columns", "").split(",")))
    known = query.listable(register)
    return render_template("exchange/export.html", page={
        "title": _("Export %(register)s", register=register.label),
        "breadcrumbs": [{"label": register.label, "url": pages.url(register, "list")}],
        "count": exporting.count(register, criteria), "problems": problems, "reason": reason,
        "needs_reason": bool(register.personal), "rule": asking.rule(), "chips": list(_chips(register, criteria)),
        "columns": [{"name": n, "label": s.label, "on": n in chosen} for n, s in
                    ((name, known[name]) for name in dict.fromkeys((*chosen, *known)))],
        "action": f"{url_for('.take', slug=register.slug)}?{urlencode(_passed_on())}",
        "cancel_url": pages.url(register, "list"),
    })  # fmt: skip


def _passed_on() -> list[tuple[str, str]]:
    return [(key, value) for key, value in request.args.items(multi=True) if key != "columns"]


def _chips(register: Register, criteria: Criteria) -> Any:
    if criteria.q:
        yield _("Search"), criteria.q
    for item in criteria.filters:
        spec = register.fields[item.name]
        several = item.value if isinstance(item.value, list) else [item.value]
        names = values.names_of((spec.target, key) for key in several) if spec.target else {}
        state = spec.kind.name == "state"
        words = (state_label(register, value) if state else values.text(spec, value, names) for value in several)
        yield spec.label, item.raw if spec.kind.name == "personal" or item.op == "empty" else listed(words)
    yield from ((narrowing.label(way), way.words) for way in criteria.narrowed)
