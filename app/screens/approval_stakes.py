"""What a decision is about, where no amount decides it: what the record's list shows of it, and the credit it uses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.core import values
from app.core.db import session
from app.core.fieldspec import FieldSpec
from app.core.register import registers
from app.core.whole import Whole
from app.engines.approvals.models import ApprovalRequest
from app.engines.policy import operations as policy

KINDS = ("ref", "choice", "money", "text")


def _specs(whole: Whole) -> list[FieldSpec]:
    register, detail = whole.register, whole.detail_register
    names = [*(name for name in register.list if name != register.title), *(detail.list if detail else ())]
    return [spec for name in names if (spec := whole.fields.get(name)) and spec.kind.name in KINDS]


def named(whole: Whole) -> Iterable[tuple[str, int]]:
    """The rows that ``stakes`` wants the names of."""
    return values.wanted_names(_specs(whole), whole.get)


def stakes(whole: Whole, names: values.Names) -> list[dict[str, Any]]:
    """The columns of the lists of the record and of its detail that its policy uses and that are filled."""
    told = ((spec, values.text(spec, whole.get(spec.name), names)) for spec in _specs(whole))
    return [{"label": spec.label, "value": text, "words": spec.kind.name != "money"} for spec, text in told if text]


def amounts(requests: Iterable[ApprovalRequest]) -> dict[int, Decimal]:
    """The amount of each request by its id: the one that decides, else that of the document that asks for credit.

    One statement for each register of such documents.
    """
    found, wanted = {}, defaultdict(list)
    for request in requests:
        if request.amount is not None:
            found[request.id] = request.amount
        elif name := _amount_field(request):
            wanted[request.of_register, name].append(request)
    for (slug, name), asked in wanted.items():
        table = registers()[slug].model.__table__
        rows = sa.select(table.c.id, table.c[name]).where(table.c.id.in_({one.record_id for one in asked}))
        known = dict(session.execute(rows).all())
        found |= {one.id: amount for one in asked if (amount := known.get(one.record_id)) is not None}
    return found


def _amount_field(request: ApprovalRequest) -> str:
    credit = policy.pack_for(request.pack_version_id).credit
    document = credit.documents.get(request.of_register) if credit else None
    name = document.amount_field if document else ""
    return name if name in registers()[request.of_register].model.__table__.c else ""
