"""The counts in the menu and above lists: asked for by the page once it stands, since no list should wait for them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, ClassVar

import sqlalchemy as sa
from flask import Response, jsonify
from flask_appbuilder.api import expose, protect
from sqlalchemy.sql import ColumnElement

from app.core import access, openapi
from app.core.access import Access
from app.core.db import session
from app.core.errors import NotFound
from app.core.register import registers
from app.core.screen import ScreenApi
from app.engines.deadlines import narrowing as by_clock
from app.engines.policy import stages
from app.screens import case_views, workload
from app.screens.case_views import NOW, cases, shown, stop_at

LIMIT = 99
COUNT = {"type": "object", "properties": {"count": {"type": "string"}, "late": {"type": "boolean"}}}


class MenuApi(ScreenApi):
    """What the menu says beside its entries."""

    resource_name = "menu"
    openapi_spec_tag = "menu"
    everyone = True
    keys_need: ClassVar = {"counts": None, "views": None}

    @expose("/counts", methods=["GET"])
    @protect()
    @openapi.describes({"type": "object", "additionalProperties": COUNT})
    def counts(self) -> Response:
        """How many cases each register has in hand with the person who asks, and whether one of them is late."""
        return jsonify(counts(access.current()))

    @expose("/counts/<slug>", methods=["GET"])
    @protect()
    @openapi.describes({"type": "object", "additionalProperties": {"type": "string"}})
    def views(self, slug: str) -> Response:
        """How many rows each fixed view of a register's list has for the person who asks, such as `stage=open`."""
        register = registers().get(slug)
        if register is None or register.detail_of or not case_views.has_views(register):
            raise NotFound()
        access.require(register.guarded_by, "read")
        return jsonify(case_views.counts(register))


def counts(person: Access) -> dict[str, dict[str, Any]]:
    """By the register's key, where it is not nought; one statement, after one that leaves out empty registers."""
    known = workload.in_use([register for register in cases(person) if register.menu])
    if not known:
        return {}
    asked = tuple((register.model, access.rows(register), stages.mine(register)) for register in known)
    numbers = iter(session.execute(_query(asked), {"now": by_clock.just_past()}).one())
    found = zip(known, zip(numbers, numbers, strict=True), strict=True)
    return {one.slug: {"count": str(shown(mine, LIMIT)), "late": bool(late)} for one, (mine, late) in found if mine}


@lru_cache(maxsize=512)
def _query(asked: tuple[tuple[Any, ColumnElement[bool], ColumnElement[bool]], ...]) -> sa.Select[Any]:
    columns = []
    for model, *mine in asked:
        ids = sa.select(model.__table__.c.id).where(*mine)
        columns += [stop_at(LIMIT, ids), stop_at(0, ids.where(by_clock.of_each(model.register, None, NOW)))]
    return sa.select(*columns)
