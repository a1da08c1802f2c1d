"""The generated REST resource of a register: the same checks, scope and sentences as its screens."""

from __future__ import annotations

from typing import Any

from flask import jsonify, request
from flask_appbuilder.api import BaseApi, expose, protect
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core import explaining, masking, moves, openapi, pages, query, saving, values
from app.core.errors import BadRequest, NotFound, Refusal
from app.core.register import Register
from app.core.whole import Whole

CASE_COLUMNS = ("status", "policy", "pack_version_id", "adopter_id")


class RegisterApi(BaseApi):
    """``/api/v1/<slug>/``: rows, moves and explanations."""

    described: Register
    allow_browser_login = True
    csrf_exempt = False
    method_permission_name = {
        **dict.fromkeys(("get_list", "get", "explain"), "read"),
        **dict.fromkeys(("post", "put", "remove"), "write"),
        "move": "move",
    }

    @expose("/", methods=["GET"])
    @protect()
    def get_list(self) -> Response:
        """Rows in reach, filtered by ``field__op=value``, ordered and paged."""
        criteria = query.read_criteria(self.described, request.args)
        stored = [name for name, spec in self.described.fields.items() if spec.stored]
        page = query.fetch(self.described, criteria, [*stored, "row_version", *pages.list_columns(self.described)])
        rows = [self._plain(self.described.fields, row._mapping) for row in page.rows]
        self._label(rows, page.rows)
        return jsonify({"count": page.total, "exact": page.exact, "more": page.more, "result": rows})

    @expose("/<int:pk>", methods=["GET"])
    @protect()
    def get(self, pk: int) -> Response:
        """One row with the fields of its detail register and the moves open to the caller."""
        return jsonify(self._shown(query.find(self.described, pk)))

    @expose("/", methods=["POST"])
    @protect()
    def post(self) -> tuple[Response, int]:
        """A new row; ``policy`` in the query string chooses among several adopted ones."""
        if "add" not in self.described.actions:
            raise NotFound()
        whole = saving.create(self.described, self._body(), policy=request.args.get("policy"))
        return jsonify(self._shown(whole.record)), 201

    @expose("/<int:pk>", methods=["PUT"])
    @protect()
    def put(self, pk: int) -> Response:
        """Change the given fields; send ``row_version`` to be told of another's change."""
        body = self._body()
        version = body.pop("row_version", None)
        if version is not None and (isinstance(version, bool) or not isinstance(version, int)):
            raise BadRequest(_("“%(key)s” must be a whole number.", key="row_version"))
        whole = saving.update(query.find(self.described, pk, "write"), body, version)
        return jsonify(self._shown(whole.record))

    @expose("/<int:pk>", methods=["DELETE"])
    @protect()
    def remove(self, pk: int) -> Response:
        """Delete a row that its register lets go of."""
        saving.delete(query.find(self.described, pk, "write"))
        return jsonify({"message": _("Deleted.")})

    @expose("/<int:pk>/move/<key>", methods=["POST"])
    @protect()
    def move(self, pk: int, key: str) -> Response:
        """Take a step: ``{"values": {…}, "reason": "…"}``."""
        record, body = query.find(self.described, pk), self._body()
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
        Refusal.when(problems)
        moves.move(record, key, values=typed, reason=reason)
        return jsonify(self._shown(record))

    @expose("/<int:pk>/explain", methods=["GET"])
    @protect()
    def explain(self, pk: int) -> Response:
        """The clauses and facts behind clocks, authority, class and amounts."""
        return jsonify(explaining.explain(moves.whole_of(query.find(self.described, pk))))

    # -- shapes ------------------------------------------------------------------------------------------------------

    def _body(self) -> dict[str, Any]:
        body = request.get_json(silent=True)
        if not isinstance(body, dict):
            raise BadRequest(_("A JSON object is expected."))
        return dict(body)

    def _plain(self, specs: Any, row: Any) -> dict[str, Any]:
        found: dict[str, Any] = {"id": row["id"], "row_version": row["row_version"]}
        for name, spec in specs.items():
            if spec.stored:
                value = row[name]
                hidden = spec.kind.name == "personal" and value
                found[name] = masking.mask(spec.mask, value) if hidden else spec.kind.plain(value)
        return found

    def _label(self, plain: list[dict[str, Any]], rows: list[Any]) -> None:
        specs = {n: s for n, s in self.described.fields.items() if s.stored and (s.target or s.choices or s.words)}
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
            if s.stored and (s.target or s.choices or s.words or s.kind.name == "state")
        }
        names = values.names_of(values.wanted_names(specs.values(), whole.get))
        found["_labels"] = {n: values.text(s, whole.get(n), names, life) for n, s in specs.items()}
        found["_moves"] = [move.key for move in moves.available(record, whole)]
        return found

    def operation_helper(
        self, path: str = "", operations: Any = None, methods: Any = (), func: Any = None, **_k: Any
    ) -> None:
        """Describe one route for OpenAPI."""
        for method in methods:
            summary = (func.__doc__ or "").splitlines()[0]
            operations[method.lower()] = openapi.operation(self.described, func.__name__, path, method.lower(), summary)


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
            "openapi_spec_tag": register.slug,
            "__module__": __name__,
        },
    )
