"""The generated screens of a register: list, show, add, edit, delete, move, print, reveal, attachments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, jsonify, redirect, render_template, request
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core import (
    access,
    attachments,
    conflicts,
    drafts,
    drawing,
    forms,
    inlining,
    moves,
    offering,
    pages,
    query,
    reading,
    saving,
    starting,
    stating,
)
from app.core.db import session, writes
from app.core.errors import Forbidden, NotFound, Problem, Refusal
from app.core.past_views import PastViews
from app.core.register import Register
from app.core.whole import Whole

READ = ("list", "show", "file", "history")
WRITE = ("add", "edit", "delete", "preview", "preview_edit", "restore")
CONTROL = frozenset({"csrf_token", "row_version", "reason", "policy"})


class RegisterView(PastViews, BaseView):
    """One register's screens. Rows outside the person's scope are 404 on every route."""

    described: Register
    default_view = "list"
    method_permission_name = {
        **dict.fromkeys(READ, "read"),
        **dict.fromkeys(WRITE, "write"),
        "move": "move",
        "reveal": "reveal",
        "print": "print",
    }

    @expose("/")
    @has_access
    def list(self) -> str | Response:
        """The list, filtered, ordered and paged by the query string, else as the person has arranged it."""
        asked = pages.arranged(self.described, request.args)
        if isinstance(asked, str):
            return redirect(asked)
        criteria = query.read_criteria(self.described, asked)
        wanted = query.shown(self.described, criteria)
        page = query.fetch(self.described, criteria, pages.list_columns(self.described, wanted))
        return render_template("register/list.html", page=pages.list_page(self.described, criteria, page))

    @expose("/<int:pk>")
    @has_access
    def show(self, pk: int) -> str:
        """One record with its clocks, history and next steps."""
        page = pages.show_page(query.find(self.described, pk))
        return render_template(page.template, page=page)

    @expose("/<int:pk>/print")
    @writes
    @has_access
    def print(self, pk: int) -> str | Response:
        """The record as a page for paper."""
        from app.core import printing

        if self.described.sealed:
            raise NotFound()
        return printing.answer(query.find(self.described, pk), request.args)

    @expose("/add", methods=["GET", "POST"])
    @has_access
    def add(self) -> str | Response:
        """A new record; a refused form keeps everything typed."""
        self._offers("add")
        policy, fixed = request.values.get("policy") or None, self._parent()
        whole, life = starting.start(self.described, policy)
        whole.update(fixed)
        specs = {n: s for n, s in offering.offered(whole, saving.editable(whole, life)).items() if n not in fixed}
        if request.method == "GET":
            return drawing.add_form(whole, specs, request.args)
        typed = forms.typed(request.form, specs)
        if drawing.MORE in request.form:
            return drawing.add_form(whole, specs, typed)
        try:
            saved = saving.create(self.described, typed, policy=policy, fixed=fixed)
            inlining.save(saved, request.form)
            self._keep_files(saved, specs)
            self._sent()
        except Refusal as error:
            return self._refused(error, lambda refusal: drawing.add_form(*self._fresh(policy, fixed), typed, refusal))
        flash(_("Saved."), "success")
        return redirect(pages.home(saved) if fixed else pages.url(self.described, "show", pk=saved.record.id))

    def _fresh(self, policy: str | None, fixed: Mapping[str, Any]) -> tuple[Whole, dict[str, Any]]:
        whole, life = starting.start(self.described, policy)
        whole.update(fixed)
        offered = offering.offered(whole, saving.editable(whole, life))
        return whole, {n: s for n, s in offered.items() if n not in fixed}

    @expose("/<int:pk>/edit", methods=["GET", "POST"])
    @has_access
    def edit(self, pk: int) -> str | Response:
        """An edit; when the record changed meanwhile, a page says what each made of every field and lets one choose."""
        self._offers("edit")
        record = query.find(self.described, pk, "write")
        life = moves.lifecycle_of(record)
        if not saving.may_edit(record, life):
            raise Forbidden(_("This record cannot be changed by you in its present state."))
        whole = moves.whole_of(record)
        specs = offering.offered(whole, saving.editable(whole, life))
        if request.method == "GET":
            return drawing.edit_form(record, {}, None)
        typed = forms.typed(request.form, specs)
        if drawing.MORE in request.form:
            return drawing.edit_form(record, typed, None)
        try:
            whole = saving.update(record, typed, self._version(), conflicts.posted())
            inlining.save(whole, request.form)
            self._keep_files(whole, specs)
            self._sent()
        except Refusal as error:
            return self._refused(error, lambda refusal: drawing.edit_form(self._mine(pk), typed, refusal))
        flash(_("Saved."), "success")
        return redirect(pages.url(self.described, "show", pk=pk))

    @expose("/<int:pk>/delete", methods=["POST"])
    @has_access
    def delete(self, pk: int) -> Response:
        """Delete a record that its register lets go of."""
        self._offers("delete")
        saving.delete(query.find(self.described, pk, "write"))
        flash(_("Deleted."), "success")
        return redirect(pages.url(self.described, "list"))

    @expose("/<int:pk>/move/<key>", methods=["GET", "POST"])
    @has_access
    def move(self, pk: int, key: str) -> str | Response:
        """A step of the lifecycle, with the fields it writes."""
        record = query.find(self.described, pk)
        whole = moves.whole_of(record)
        step = next((m for m in moves.available(record, whole) if m.key == key), None)
        if request.method == "GET":
            if step is None:
                moves.explain_refusal(record, key)
            return drawing.move_form(whole, step, {}, None)
        life = moves.lifecycle_of(record)
        if life is None or key not in life.moves:
            raise NotFound()
        step = step or life.moves[key]
        specs = moves.fields_of_move(whole, step)
        typed = forms.typed(request.form, specs)
        try:
            self._carry_out(record, key, specs, typed)
            self._sent()
        except Refusal as error:
            if error.status == 403:
                raise
            return self._refused(error, lambda refusal: drawing.move_form(self._whole(pk), step, typed, refusal))
        flash(_("“%(move)s” is done.", move=step.label), "success")
        return redirect(pages.url(self.described, "show", pk=pk))

    def _whole(self, pk: int) -> Whole:
        return moves.whole_of(query.find(self.described, pk))

    def _carry_out(self, record: Any, key: str, specs: Mapping[str, Any], typed: Mapping[str, Any]) -> None:
        values, problems = saving.read_values(specs, typed)
        whole = moves.whole_of(record)
        values = conflicts.settle(whole, specs, values, self._version(), conflicts.posted())
        problems += saving.judge_move(whole, specs, values)
        life = moves.lifecycle_of(record)
        Refusal.when(stating.stated(whole, problems, life.moves[key].clause if life else ""))
        moves.move(record, key, values=values, reason=request.form.get("reason", ""))
        self._keep_files(whole, specs)

    @expose("/preview", methods=["POST"])
    @has_access
    def preview(self) -> str:
        """The right rail of a form for what is typed so far; saves nothing."""
        self._offers("add")
        whole, specs = self._fresh(request.form.get("policy") or None, self._parent())
        return drawing.rail(whole, specs, forms.typed(request.form, specs))

    @expose("/<int:pk>/preview", methods=["POST"])
    @has_access
    def preview_edit(self, pk: int) -> str:
        """The right rail of an edit for what is typed so far; saves nothing."""
        self._offers("edit")
        record = query.find(self.described, pk, "write")
        whole, life = moves.whole_of(record), moves.lifecycle_of(record)
        if not saving.may_edit(record, life):
            raise Forbidden(_("This record cannot be changed by you in its present state."))
        specs = offering.offered(whole, saving.editable(whole, life))
        return drawing.rail(whole, specs, forms.typed(request.form, specs))

    @expose("/<int:pk>/reveal/<field>", methods=["POST"])
    @has_access
    def reveal(self, pk: int, field: str) -> Response:
        """Personal data in clear, for a reason that is kept."""
        from app.core import revealing

        reason = request.form.get("reason", "")
        record = revealing.find(self.described, pk, field, reason)
        return jsonify({"value": revealing.reveal(record, field, reason)})

    @expose("/<int:pk>/file/<int:attachment_id>")
    @has_access
    def file(self, pk: int, attachment_id: int) -> Response:
        """An attachment; who may see the record may see it."""
        record = query.find(self.described, pk)
        return attachments.download(self.described.slug, record.id, attachment_id)

    # -- forms -------------------------------------------------------------------------------------------------------

    def _offers(self, action: str) -> None:
        if action not in self.described.actions:
            raise NotFound()

    def _parent(self) -> dict[str, int]:
        """The parent row of a line, taken from the address; it must be in reach."""
        name = self.described.parent
        raw = request.values.get(name, "") if name else ""
        key = reading.number(raw)
        if key is None:
            return {}
        query.find(access.parent_of(self.described)[1], key)
        return {name: key}

    def _version(self) -> int | None:
        return reading.number(request.form.get("row_version", ""))

    def _refused(self, error: Refusal, draw: Callable[[Refusal], str]) -> Response:
        session.rollback()
        return Response(draw(error), status=error.status, mimetype="text/html")

    def _sent(self) -> None:
        drafts.forget(drafts.place())

    def _mine(self, pk: int) -> Any:
        return query.find(self.described, pk, "write")

    def _keep_files(self, whole: Whole, specs: Mapping[str, Any]) -> None:
        for name, spec in specs.items():
            if spec.kind.name == "files":
                attachments.receive(whole.register.slug, whole.record.id, name, request.files.getlist(name))
                attachments.drop(whole.register.slug, whole.record.id, request.form.getlist(f"{name}__drop"))


class Lookup(BaseView):
    """Paged look-up of rows to refer to; only rows that the person may use."""

    route_base = "/lookup"
    default_view = "look"
    class_permission_name = "lookup"

    @expose("/<slug>")
    @has_access
    def look(self, slug: str) -> Response:
        """Rows whose title or number begins with, or whose title holds, the text."""
        from app.core.lookups import look_up

        place, past = reading.query_text("for", 60), request.args.get("past") == "yes"
        return jsonify(look_up(slug, reading.query_text("q"), request.args.get("page", "1"), place, past=past))


def view_for(register: Register) -> type[RegisterView]:
    """The view class of a register; FAB keys blueprints by class name."""
    name = f"{register.model.__name__}View"
    return type(
        name,
        (RegisterView,),
        {
            "described": register,
            "class_permission_name": register.guarded_by,
            "route_base": f"/{register.slug}",
            "method_permission_name": dict(RegisterView.method_permission_name),
            "__module__": __name__,
        },
    )


__all__ = ["Lookup", "Problem", "RegisterView", "view_for"]
