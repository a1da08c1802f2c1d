"""The generated screens of a register: list, show, add, edit, delete, move, print, reveal, attachments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, jsonify, redirect, render_template, request
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core import access, attachments, forms, moves, pages, query, saving
from app.core.db import session, writes
from app.core.errors import Conflict, Forbidden, NotFound, Problem, Refusal
from app.core.lifecycle import Move
from app.core.register import Register
from app.core.whole import Whole

READ = ("list", "show", "print", "file")
WRITE = ("add", "edit", "delete", "preview")
CONTROL = frozenset({"csrf_token", "row_version", "reason", "policy"})


class RegisterView(BaseView):
    """One register's screens. Rows outside the person's scope are 404 on every route."""

    described: Register
    default_view = "list"
    method_permission_name = {
        **dict.fromkeys(READ, "read"),
        **dict.fromkeys(WRITE, "write"),
        "move": "move",
        "reveal": "reveal",
    }

    @expose("/")
    @has_access
    def list(self) -> str:
        """The list, filtered, ordered and paged by the query string."""
        criteria = query.read_criteria(self.described, request.args)
        page = query.fetch(self.described, criteria, pages.list_columns(self.described))
        return render_template("register/list.html", page=pages.list_page(self.described, criteria, page))

    @expose("/<int:pk>")
    @has_access
    def show(self, pk: int) -> str:
        """One record with its clocks, history and next steps."""
        return render_template("register/show.html", page=pages.show_page(query.find(self.described, pk)))

    @expose("/<int:pk>/print")
    @writes
    @has_access
    def print(self, pk: int) -> str | Response:
        """The record as a page for paper."""
        from app.core import printing

        return printing.answer(query.find(self.described, pk), request.args)

    @expose("/add", methods=["GET", "POST"])
    @has_access
    def add(self) -> str | Response:
        """A new record; a refused form keeps everything typed."""
        self._offers("add")
        policy, fixed = request.values.get("policy") or None, self._parent()
        whole, life = saving.start(self.described, policy)
        whole.update(fixed)
        specs = {n: s for n, s in saving.editable(whole, life).items() if n not in fixed}
        if request.method == "GET":
            return self._add_form(whole, specs, request.args)
        typed = forms.typed(request.form, specs)
        try:
            saved = saving.create(self.described, typed, policy=policy, fixed=fixed)
            self._keep_files(saved, specs)
        except Refusal as error:
            return self._refused(error, lambda refusal: self._add_form(*self._fresh(policy, fixed), typed, refusal))
        flash(_("Saved."), "success")
        return redirect(pages.url(self.described, "show", pk=saved.record.id))

    def _fresh(self, policy: str | None, fixed: Mapping[str, Any]) -> tuple[Whole, dict[str, Any]]:
        whole, life = saving.start(self.described, policy)
        whole.update(fixed)
        return whole, {n: s for n, s in saving.editable(whole, life).items() if n not in fixed}

    @expose("/<int:pk>/edit", methods=["GET", "POST"])
    @has_access
    def edit(self, pk: int) -> str | Response:
        """An edit; refused with both values when the record changed meanwhile."""
        self._offers("edit")
        record = query.find(self.described, pk, "write")
        life = moves.lifecycle_of(record)
        if not saving.may_edit(record, life):
            raise Forbidden(_("This record cannot be changed by you in its present state."))
        specs = saving.editable(moves.whole_of(record), life)
        if request.method == "GET":
            return self._edit_form(record, {}, None)
        typed = forms.typed(request.form, specs)
        try:
            whole = saving.update(record, typed, self._version())
            self._keep_files(whole, specs)
        except Refusal as error:
            return self._refused(error, lambda refusal: self._edit_form(self._mine(pk), typed, refusal))
        flash(_("Saved."), "success")
        return redirect(pages.url(self.described, "show", pk=pk))

    @expose("/<int:pk>/delete", methods=["POST"])
    @has_access
    def delete(self, pk: int) -> Response:
        """Delete a record that its register lets go of."""
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
            return self._move_form(whole, step, {}, None)
        life = moves.lifecycle_of(record)
        step = step or (life.moves.get(key) if life else None)
        specs = moves.fields_of_move(whole, step) if step else {}
        typed = forms.typed(request.form, specs)
        try:
            self._carry_out(record, key, specs, typed)
        except Refusal as error:
            if step is None or error.status == 403:
                raise
            return self._refused(error, lambda refusal: self._move_form(self._whole(pk), step, typed, refusal))
        flash(_("“%(move)s” is done.", move=step.label if step else key), "success")
        return redirect(pages.url(self.described, "show", pk=pk))

    def _whole(self, pk: int) -> Whole:
        return moves.whole_of(query.find(self.described, pk))

    def _carry_out(self, record: Any, key: str, specs: Mapping[str, Any], typed: Mapping[str, Any]) -> None:
        values, problems = saving.read_values(specs, typed)
        whole = moves.whole_of(record)
        problems += saving.judge_move(whole, specs, values)
        Refusal.when(problems)
        saving.check_version(whole, values, self._version())
        moves.move(record, key, values=values, reason=request.form.get("reason", ""))
        self._keep_files(whole, specs)

    @expose("/preview", methods=["POST"])
    @has_access
    def preview(self) -> str:
        """The right rail of a form for what is typed so far; saves nothing."""
        whole, specs = self._fresh(request.form.get("policy") or None, self._parent())
        built = self._form(whole, {}, "", specs, forms.typed(request.form, specs), None)
        return "".join(str(card) for card in built.aside)

    @expose("/<int:pk>/reveal/<field>", methods=["POST"])
    @has_access
    def reveal(self, pk: int, field: str) -> Response:
        """Personal data in clear, for a reason that is kept."""
        from app.core import revealing

        record = query.find(self.described, pk, "reveal")
        return jsonify({"value": revealing.reveal(record, field, request.form.get("reason", ""))})

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
        if not raw.isdecimal():
            return {}
        query.find(access.parent_of(self.described)[1], int(raw))
        return {name: int(raw)}

    def _version(self) -> int | None:
        raw = request.form.get("row_version", "")
        return int(raw) if raw.isdecimal() else None

    def _refused(self, error: Refusal, draw: Callable[[Refusal], str]) -> Response:
        session.rollback()
        return Response(draw(error), status=error.status, mimetype="text/html")

    def _mine(self, pk: int) -> Any:
        return query.find(self.described, pk, "write")

    def _keep_files(self, whole: Whole, specs: Mapping[str, Any]) -> None:
        for name, spec in specs.items():
            if spec.kind.name == "files":
                attachments.receive(whole.register.slug, whole.record.id, name, request.files.getlist(name))
                attachments.drop(whole.register.slug, whole.record.id, request.form.getlist(f"{name}__drop"))

    def _form(
        self,
        whole: Whole,
        texts: dict[str, Any],
        action: str,
        specs: Mapping[str, Any],
        typed: Mapping[str, Any],
        error: Refusal | None,
        required: tuple[str, ...] = (),
        move: Move | None = None,
    ) -> pages.FormPage:
        life = moves.lifecycle_of(whole.record) if getattr(whole.record, "status", None) else None
        problems = [] if error is None or isinstance(error, Conflict) else error.problems
        builder = forms.FormBuilder(whole, specs, typed, problems, required, life.policy if life else "")
        layout = forms.layout_of(whole.register, whole.detail_register)
        crumbs = [{"label": self.described.label, "url": pages.url(self.described, "list")}]
        built = pages.FormPage(
            whole,
            texts.get("title", ""),
            action,
            texts.get("submit", _("Save")),
            texts.get("cancel", ""),
            builder.sections(layout),
            breadcrumbs=crumbs,
            problems=problems,
            move=move,
        )
        if isinstance(error, Conflict):
            built.conflict = pages.conflict_of(error, whole)
        return pages.form_page(built, typed)

    def _add_form(
        self, whole: Whole, specs: Mapping[str, Any], typed: Mapping[str, Any], error: Refusal | None = None
    ) -> str:
        texts = {
            "title": _("Add %(register)s", register=self.described.label),
            "cancel": pages.url(self.described, "list"),
        }
        built = self._form(whole, texts, pages.url(self.described, "add"), specs, typed, error)
        built.hidden = {
            name: request.values[name] for name in ("policy", self.described.parent) if name in request.values
        }
        built.preview_url, built.draft = pages.url(self.described, "preview") if built.aside else "", True
        return render_template("register/form.html", page=built)

    def _edit_form(self, record: Any, typed: Mapping[str, Any], error: Refusal | None) -> str:
        whole = moves.whole_of(record)
        specs = saving.editable(whole, moves.lifecycle_of(record))
        here = pages.url(self.described, "show", pk=record.id)
        texts = {"title": _("Edit %(register)s", register=self.described.label), "cancel": here}
        built = self._form(whole, texts, pages.url(self.described, "edit", pk=record.id), specs, typed, error)
        built.row_version = record.row_version
        return render_template("register/form.html", page=built)

    def _move_form(self, whole: Whole, move: Move | None, typed: Mapping[str, Any], error: Refusal | None) -> str:
        assert move is not None
        record = whole.record
        texts = {"title": move.label, "submit": move.label, "cancel": pages.url(self.described, "show", pk=record.id)}
        specs = moves.fields_of_move(whole, move)
        action = pages.url(self.described, "move", pk=record.id, key=move.key)
        built = self._form(whole, texts, action, specs, typed, error, move.requires, move)
        built.subtitle, built.row_version, built.danger = move.confirm, record.row_version, move.tone == "late"
        if move.reason:
            built.sections.append(_reason_section(request.form.get("reason", ""), error))
        return render_template("register/form.html", page=built)


def _reason_section(text: str, error: Refusal | None) -> dict[str, Any]:
    said = next((p.message for p in error.problems if p.field == "reason"), None) if error else None
    field = {
        "name": "reason",
        "label": _("Reason"),
        "kind": "longtext",
        "required": True,
        "value": text,
        "error": said,
        "width": 3,
    }
    return {"title": _("Reason"), "hint": "", "clause": None, "fields": [field]}


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

        return jsonify(look_up(slug, request.args.get("q", ""), request.args.get("page", "1")))


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
