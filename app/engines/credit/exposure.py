"""What a customer uses: summed from the documents each time, by part; there is no second ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.core.db import session
from app.core.register import registers
from app.engines.credit.calc import NOTHING, Part

if TYPE_CHECKING:
    from app.packs.credit import Credit, Document, UsedPart


def open_amount(document: Document, table: Any) -> Any:
    """What is not yet settled of a document."""
    amount: Any = _known(table.c[document.amount_field])
    for name in document.less_fields:
        amount = amount - _known(table.c[name])
    return sa.type_coerce(amount, table.c[document.amount_field].type)


def _known(column: Any) -> Any:
    return sa.func.coalesce(column, 0) if column.nullable else column


def counted(part: UsedPart, table: Any) -> Any:
    """Whether a row belongs to a part."""
    narrowed = (table.c[name].in_(wanted) for name, wanted in part.when.items())
    return sa.and_(table.c.status.in_(part.states), *narrowed)


def states_of(document: Document) -> list[str]:
    """The states in which a document counts as used."""
    return list(dict.fromkeys(state for part in document.parts.values() for state in part.states))


def used_by(
    credit: Credit, adopter_id: int, parties: Sequence[int], *, without: tuple[str, int] | None = None
) -> tuple[Part, ...]:
    """The parts of what some customers use together; ``without`` leaves one document (register, id) out."""
    session.flush()
    found: dict[str, Part] = {}
    for slug, document in credit.documents.items():
        left_out = without[1] if without and without[0] == slug else None
        told = {"parties": list(parties), "adopter": adopter_id, "without": left_out}
        rows = session.connection().execute(_sums(slug, document, left_out is not None), told).all()
        for key, part in document.parts.items():
            known = found.get(key)
            amount = sum((row.open_ or NOTHING for row in rows if _belongs(part, row)), NOTHING)
            found[key] = Part(key, part.label, amount + (known.amount if known else NOTHING))
    return tuple(found.values())


def _belongs(part: UsedPart, row: Any) -> bool:
    return row.status in part.states and all(getattr(row, name) in wanted for name, wanted in part.when.items())


KEPT = 128
_statements: dict[tuple[str, int, bool], tuple[Document, Any]] = {}


def _sums(slug: str, document: Document, but_one: bool) -> Any:
    """One pass over the documents of some customers, added up by state; built once for a version of a policy."""
    place = (slug, id(document), but_one)
    if place not in _statements:
        if len(_statements) >= KEPT:
            _statements.clear()
        _statements[place] = (document, _built(slug, document, but_one))
    return _statements[place][1]


def _built(slug: str, document: Document, but_one: bool) -> Any:
    table = registers()[slug].model.__table__
    names = dict.fromkeys(name for part in document.parts.values() for name in part.when)
    by = [table.c.status, *(table.c[name] for name in names)]
    query = sa.select(*by, sa.func.sum(open_amount(document, table)).label("open_")).where(
        table.c[document.customer_field].in_(sa.bindparam("parties", expanding=True)),
        table.c.status.in_(states_of(document)), table.c.adopter_id == sa.bindparam("adopter"),
    )  # fmt: skip
    return (query.where(table.c.id != sa.bindparam("without")) if but_one else query).group_by(*by)


def used_by_all(credit: Credit, adopter_id: int) -> dict[int, Decimal]:
    """What each customer of an adopting unit uses: a statement for each register of documents."""
    found: dict[int, Decimal] = defaultdict(lambda: NOTHING)
    for slug, document in credit.documents.items():
        table = registers()[slug].model.__table__
        party, amount = table.c[document.customer_field], open_amount(document, table)
        mine = sa.or_(*(counted(part, table) for part in document.parts.values()))
        query = sa.select(party, sa.func.sum(amount)).where(mine, table.c.adopter_id == adopter_id)
        for key, total in session.execute(query.group_by(party)):
            found[key] += total or NOTHING
    return found


def together(amounts: dict[int, Decimal], members: Iterable[int]) -> Decimal:
    """What some customers use together."""
    return sum((amounts.get(member, NOTHING) for member in members), NOTHING)
