"""The generated REST resource of a register: the same checks, scope and sentences as its screens."""

from __future__ import annotations

from typing import Any

from flask import jsonify, request
from flask_appbuilder.api import expose, protect
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core import (
    attachments,
    conflicts,
    explaining,
    looking,
    masking,
    moves,
    openapi,
    pages,
    query,
    reading,
    revealing,
    saving,
    stamps,
    stating,
    values,
)
from app.core.errors import BadRequest, Forbidden, NotFound, Refusal
from app.core.past_views import PastCalls
from app.core.register import Register
from app.core.remarks import remarks
from app.core.screen import DescribedApi
from app.core.whole import Whole
from app.core.words import forbidden

CASE_COLUMNS = ("status", "policy", "pack_version_id", "adopter_id")


class RegisterApi(PastCalls, DescribedApi):
    """``/api/v1/<slug>/``: rows, moves and explanations."""

    described: Register
    allow_browser_login = True
    csrf_exempt = False
    method_permission_name = {
        **dict.fromkeys(("get_list", "get", "explain", "file", "history"), "read"),
        **dict.fromkeys(("post", "put", "remove", "attach", "detach", "restore"), "write"),
        "move": "move",
        "reveal": "reveal",
    }

    @expose("/", methods=["GET"])
    @protect()
    def get_list(self) -> Response:
        """Rows in reach, filtered by ``field__op=value``, ordered and paged."""
        criteria = query.read_criteria(self.described, request.args)
        stored = [name for name, spec in self.described.fields.items() if spec.stored]
        page = query.fetch(self.described, criteria, [*stored, "row_version", *pages.list_columns(self.described)])
        looking.seen(self.described, page.rows)
        rows = [self._plain(self.described.fields, row._mapping) for row in page.rows]
        self._label(rows, page.rows)
        return jsonify({"count": page.total, "exact": page.exact, "more": page.more, "result": rows})

    @expose("/<int:pk>", methods=["GET"])
    @protect()
    def get(self, pk: int) -> Response:
        """One row with the fields of its detail register and the moves open to the caller; the ETag is its version."""
        return self._answered(query.find(self.described, pk))

    @expose("/", methods=["POST"])
    @protect()
    def post(self) -> tuple[Response, int]:
        """A new row; ``policy`` in the query string chooses among several adopted ones."""
        whole = saving.create(self.described, self._body(), policy=request.args.get("policy"))
        return jsonify(self._shown(whole.record)), 201

    @expose("/<int:pk>", methods=["PUT"])
    @protect()
    def put(self, pk: int) -> Response:
        """Change the given fields; send ``row_version`` or If-Match to be told of another's change, field by field."""
        body = self._body()
        version = stamps.version(body)
        whole = saving.update(query.find(self.described, pk, "write"), body, version)
        return self._answered(whole.record)

    @expose("/<int:pk>", methods=["DELETE"])
    @protect()
    def remove(self, pk: int) -> Response:
        """Delete a row that its register lets go of."""
        saving.delete(query.find(self.described, pk, "write"))
        return jsonify({"message": _("Deleted.")})

    @expose("/<int:pk>/move/<key>", methods=["POST"])
    @protect()
    def move(self, pk: int, key: str) -> Response:
        """Take a step: ``{"values": {…}, "reason": "…"}``, with ``row_version`` or If-Match as for a change."""
        record, body = query.find(self.described, pk), self._body() if request.data else {}
        life = moves.lifecycle_of(record)
        if life is None or key not in life.moves:
            raise NotFound()
        raw, reason = body.get("values", {}), body.get("reason", "")
        if not isinstance(raw, dict) or not isinstance(reason, str):
            raise BadRequest(_("“values” is an object and “reason” a text."))
        whole = moves.whole_of(record)
        specs = moves.fields_of_move(whole, life.moves[key])
        typed, problems = saving.read_values(specs, raw)
        problems += [*saving.strangers(specs, raw), *saving.judge_move(whole, specs, typed)]
        moves.allow(record, key)
        conflicts.settle(whole, specs, typed, stamps.version(body), None)
        Refusal.when(stating.stated(whole, problems, life.moves[key].clause))
        moves.move(record, key, values=typed, reason=reason)
        return self._answered(record)

    @expose("/<int:pk>/explain", methods=["GET"])
    @protect()
    def explain(self, pk: int) -> Response:
        """The clauses and facts behind clocks, authority, class and amounts."""
        return jsonify(explaining.explain(moves.whole_of(query.find(self.described, pk))))

    @expose("/<int:pk>/reveal/<field>", methods=["POST"])
    @protect()
    def reveal(self, pk: int, field: str) -> Response:
        """Personal data in clear, for a reason that is kept."""
        reason = self._body().get("reason", "")
        if not isinstance(reason, str):
            raise BadRequest(_("“%(key)s” is a text.", key="reason"))
        record = revealing.find(self.described, pk, field, reason)
        return jsonify({"value": revealing.reveal(record, field, reason)})

    # -- attachments -------------------------------------------------------------------------------------------------

    @expose("/<int:pk>/file/<int:attachment_id>", methods=["GET"])
    @protect()
    def file(self, pk: int, attachment_id: int) -> Response:
        """An attachment; who may see the row may see it."""
        return attachments.download(self.described.slug, query.find(self.described, pk).id, attachment_id)

    @expose("/<int:pk>/files/<field>", methods=["POST"])
    @protect()
    def attach(self, pk: int, field: str) -> tuple[Response, int]:
        """Keep the uploaded ``file`` (one or several) in a field of the row."""
        record = self._holding_files(pk, field)
        uploads = request.files.getlist("file")
        if not any(upload.filename for upload in uploads):
            raise BadRequest(_("A file to keep is expected as “file”."))
        attachments.receive(self.described.slug, record.id, field, uploads)
        return jsonify(attachments.listed(self.described.slug, record.id, field)), 201

    @expose("/<int:pk>/files/<field>/<int:attachment_id>", methods=["DELETE"])
    @protect()
    def detach(self, pk: int, field: str, attachment_id: int) -> Response:
        """Take an attachment off the row."""
        record = self._holding_files(pk, field)
        if attachment_id not in [found["id"] for found in attachments.listed(self.described.slug, record.id, field)]:
            raise NotFound()
        attachments.drop(self.described.slug, record.id, [attachment_id])
        return jsonify({"message": _("Deleted.")})

    def _holding_files(self, pk: int, field: str) -> Any:
        record = query.find(self.described, pk, "write")
        life, whole = moves.lifecycle_of(record), moves.whole_of(record)
        if field not in whole.fields or whole.fields[field].kind.name != "files":
            raise NotFound()
        if not saving.may_edit(record, life) or field not in saving.editable(whole, life):
            raise Forbidden(_("This record cannot be changed by you in its present state."))
        return record

    # -- shapes ------------------------------------------------------------------------------------------------------

    def _answered(self, record: Any) -> Response:
        return stamps.stamped(jsonify(self._shown(record)), record)

    def _body(self) -> dict[str, Any]:
        return reading.json_object()

    def _plain(self, specs: Any, row: Any) -> dict[str, Any]:
        found: dict[str, Any] = {"id": row["id"], "row_version": row["row_version"]}
        for name, spec in specs.items():
            if spec.stored:
                value = row[name]
                hidden = spec.kind.name == "personal" and value
                found[name] = masking.mask(spec.mask, value) if hidden else spec.kind.plain(value)
        return found

    def _label(self, plain: list[dict[str, Any]], rows: list[Any]) -> None:
        specs = {
            n: s
            for n, s in self.described.fields.items()
            if s.stored and (s.target or s.choices or s.words or s.kind.name == "post")
        }
        names = values.names_of(p for row in rows for p in values.wanted_names(specs.values(), row._mapping.get))
        for built, row in zip(plain, rows, strict=True):
            built["_labels"] = {n: values.text(s, row._mapping[n], names) for n, s in specs.items()}

    def _shown(self, record: Any) -> dict[str, Any]:
        whole: Whole = moves.whole_of(record)
        life = moves.lifecycle_of(record)
        read = {name: whole.get(name) for name in whole.fields} | {"id": record.id, "row_version": record.row_version}
        found = self._plain(whole.fields, read)
        specs = {
            n: s
            for n, s in whole.fields.items()
            if s.stored and (s.target or s.choices or s.words or s.kind.name in ("state", "post"))
        }
        names = values.names_of(values.wanted_names(specs.values(), whole.get))
        found["_labels"] = {n: values.text(s, whole.get(n), names, life) for n, s in specs.items()}
        found["_remarks"] = {name: str(text) for name, text in remarks(life, whole.get).items()}
        found["_moves"] = [move.key for move in moves.available(record, whole)]
        slots = [name for name, spec in whole.fields.items() if spec.kind.name == "files"]
        found["_files"] = attachments.by_field(self.described.slug, record.id, slots) if slots else {}
        return found

    def response_403(self) -> Response:
        """Which of the register's actions the person's roles do not give."""
        action = self.method_permission_name.get(str(request.endpoint).rpartition(".")[2], "read")
        raise Forbidden(forbidden(self.described.guarded_by, action))

    def operation_helper(
        self, path: str = "", operations: Any = None, methods: Any = (), func: Any = None, **_k: Any
    ) -> None:
        """Describe one route for OpenAPI."""
        for method in methods:
            summary = (func.__doc__ or "").splitlines()[0]
            operations[method.lower()] = openapi.operation(self.described, func.__name__, path, summary)


def left_out(register: Register) -> set[str]:
    """The calls that make no sense for a register: they do not exist rather than refuse."""
    fields = openapi.fields_of(register).values()
    offered = {
        "post": "add" in register.actions,
        "put": "edit" in register.actions,
        "history": register.log,
        "restore": register.log and "edit" in register.actions,
        "remove": "delete" in register.actions and not register.from_pack,
        "move": register.from_pack or register.lifecycle is not None,
        "reveal": bool(register.personal),
    }
    holds_files = any(spec.kind.name == "files" for spec in fields)
    offered |= {"file": holds_files} | dict.fromkeys(("attach", "detach"), holds_files and offered["put"])
    return {name for name, there in offered.items() if not there}


def api_for(register: Register) -> type[RegisterApi]:
    """The REST class of a register."""
    return type(
        f"{register.model.__name__}Api",
        (RegisterApi,),
        {
            "described": register,
            "class_permission_name": register.guarded_by,
            "resource_name": register.slug,
            "method_permission_name": dict(RegisterApi.method_permission_name),
            "exclude_route_methods": left_out(register),
            "openapi_spec_tag": register.slug,
            "__module__": __name__,
        },
    )
