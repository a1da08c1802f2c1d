"""The workbook a person fills in: a column per field with notes and lists, and a sheet that explains each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import openlists, saving
from app.core.db import session
from app.core.fieldspec import FieldSpec
from app.core.register import Register, registers
from app.core.wording import listed
from app.core.words import cited
from app.engines.exchange import files, plan, references, xlsx
from app.engines.exchange.models import ADD
from app.engines.exchange.plan import ID, Plan
from app.engines.exchange.xlsx import Layout, Rule, Sheet

LISTS, FEW = "_lists", 200
WIDTHS = {"longtext": 40, "text": 18, "personal": 18, "date": 12, "datetime": 17, "money": 14, "ref": 20, "refs": 24}
IDENTIFIERS = ("text", "longtext", "personal", "choice", "choices", "ref", "refs", "boolean")


@dataclass(frozen=True)
class Column:
    """A field as a column: what may be chosen in it, where its clause stands, whether a new row needs it."""

    name: str
    spec: FieldSpec
    needed: bool
    choices: tuple[str, ...]
    clause: str
    is_key: bool


def columns_of(chosen: Plan, mode: str) -> list[Column]:
    """The columns of a template; a number that the program gives stands first where rows may be changed."""
    small: dict[str, tuple[str, ...]] = {}
    clauses = _clauses(chosen)
    names = list(chosen.offered)
    if mode != ADD and chosen.key != ID:
        names = [chosen.key, *(name for name in names if name != chosen.key)]
    found = []
    for name in names:
        spec = chosen.known[name]
        needed = spec.required and chosen.whole.get(name) is None
        choices = _choices(spec, small)
        is_key = name == chosen.key and mode != ADD
        found.append(Column(name, spec, needed, choices, clauses.get(name, ""), is_key))
    return found


def _clauses(chosen: Plan) -> Mapping[str, str]:
    """The clause of the section that shows a field, as the policy of new rows numbers it."""
    detail = chosen.whole.detail_register
    page = chosen.life.page if chosen.life else ""
    sections = (*chosen.register.sections, *(detail.sections if detail else ()))
    return {name: cited(page, section.clause) for section in sections for name in section.fields if section.clause}


def _choices(spec: FieldSpec, small: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    if spec.kind.name == "choice":
        return tuple(str(label) for label in openlists.offered(spec.choices).values())
    if spec.kind.name == "boolean":
        return (_("Yes"), _("No"))
    if spec.kind.name != "ref" or spec.target not in registers():
        return ()
    if spec.target not in small:
        small[spec.target] = _few(registers()[spec.target])
    return small[spec.target]


def _few(target: Register) -> tuple[str, ...]:
    """What the rows of a small register are called; nothing for a large one, or where the name is a secret."""
    names = references.names_of(target.slug)
    if target.closed or target.title not in names or target.fields[target.title].kind.name == "personal":
        return ()
    table = target.model.__table__
    title = table.c[target.title]
    query = sa.select(title).where(saving.usable(target), title.is_not(None)).order_by(title).limit(FEW + 1)
    found = session.scalars(query).all()
    return tuple(dict.fromkeys(found)) if len(found) <= FEW else ()


# -- the workbook ----------------------------------------------------------------------------------------------------


def workbook(chosen: Plan, mode: str) -> Iterator[bytes]:
    """The template as bytes: the sheet to fill, the explanations, and the hidden lists."""
    columns = columns_of(chosen, mode)
    lists = {column.name: number for number, column in enumerate(c for c in columns if c.choices)}
    fill = Sheet(str(chosen.register.label), [_head(c) for c in columns], [], Layout(
        keys=[c.name for c in columns], heads=[xlsx.NEEDED if c.needed or c.is_key else xlsx.HEAD for c in columns],
        columns=[xlsx.TEXT if c.spec.kind.name in IDENTIFIERS else 0 for c in columns],
        widths=[max(WIDTHS.get(c.spec.kind.name, 12), 2 * len(str(c.spec.label)) + 3) for c in columns],
        rules=[_rule(at, c, lists) for at, c in enumerate(columns)],
    ))  # fmt: skip
    sheets = [fill, _explanations(columns, _general(chosen, mode))]
    if lists:
        kept = [column.choices for column in columns if column.choices]
        longest = max(map(len, kept))
        rows = [[several[at] if at < len(several) else None for several in kept] for at in range(longest)]
        sheets.append(Sheet(LISTS, list(lists), rows, Layout(hidden=True)))
    return xlsx.stream(sheets)


def _explanations(columns: Sequence[Column], general: Iterator[tuple[str, str]]) -> Sheet:
    lines = [[xlsx.styled(text, xlsx.WRAPPED) for text in (title, "", about, "", "")] for title, about in general]
    heads = [_("Column"), _("Needed"), _("What to write"), _("Example"), _("Clause")]
    layout = Layout(widths=[24, 10, 70, 28, 16], heads=[xlsx.HEAD] * 5)
    return Sheet(_("How to fill it in"), heads, [*lines, *map(_explained, columns)], layout)


def _head(column: Column) -> str:
    return plan.head_of(column.spec) + (" *" if column.needed else "")


def _rule(at: int, column: Column, lists: Mapping[str, int]) -> Rule:
    choices = ""
    if column.choices:
        letter = xlsx.letters(lists[column.name])
        choices = f"{LISTS}!${letter}$2:${letter}${len(column.choices) + 1}"
    title = f"{column.spec.label}{' *' if column.needed else ''}"
    note = said(column, short=True) + (f" [{column.clause}]" if column.clause else "")
    return Rule(at, title, note, choices)


def _explained(column: Column) -> Sequence[Any]:
    needed = _("for changes") if column.is_key else _("yes") if column.needed else ""
    texts = (plan.head_of(column.spec), needed, said(column), example(column), column.clause)
    return [xlsx.styled(text, xlsx.WRAPPED) for text in texts]


def _general(chosen: Plan, mode: str) -> Iterator[tuple[str, str]]:
    """What holds for the whole sheet."""
    yield _("Rows"), _("A row per record, from the third row on; at most %(limit)s. Columns may be left out or moved, "
                       "but not renamed.", limit=f"{files.LIMIT:,}")  # fmt: skip
    yield _("Numbers"), _("Identity numbers, credit codes and telephones are text: Excel rounds numbers of more than "
                          "15 digits, and a rounded one is refused.")  # fmt: skip
    yield _("Other records"), _("Write the number or the full name, or # and the id.")
    if mode != ADD:
        key = chosen.known[chosen.key].label if chosen.key in chosen.known else ID
        yield _("Changes"), _("A record is found by “%(key)s”. An empty cell leaves what is there.", key=key)


def said(column: Column, *, short: bool = False) -> str:
    """What may be written in a column, in a sentence or two."""
    spec = column.spec
    parts = [str(spec.help)] if spec.help else []
    parts.append(_KINDS.get(spec.kind.name, _text)(column, short))
    if spec.unique:
        parts.append(_("Each record has its own."))
    return " ".join(part for part in parts if part)


def _text(column: Column, _short: bool) -> str:
    size = column.spec.size
    return _("At most %(size)s characters.", size=size) if size and size < 2000 else ""


def _number(column: Column, _short: bool) -> str:
    spec = column.spec
    if spec.minimum is not None and spec.maximum is not None:
        return _("A number from %(low)s to %(high)s.", low=spec.minimum, high=spec.maximum)
    if spec.minimum is not None:
        return _("A number, at least %(low)s.", low=spec.minimum)
    return _("A number.")


def _one_of(column: Column, short: bool) -> str:
    labels = [str(label) for label in openlists.offered(column.spec.choices).values()]
    if short and column.choices:
        return _("Choose from the list.")
    return _("One of: %(choices)s.", choices=listed(labels))


def _several(column: Column, _short: bool) -> str:
    labels = [str(label) for label in openlists.offered(column.spec.choices).values()]
    return _("Several, parted by commas: %(choices)s.", choices=listed(labels))


def _other(column: Column, _short: bool) -> str:
    target = registers()[column.spec.target].label if column.spec.target in registers() else ""
    if column.spec.kind.name == "refs":
        return _("Numbers or names of “%(register)s”, parted by commas.", register=target)
    return _("Number or name of one of “%(register)s”.", register=target)


_KINDS: Mapping[str, Any] = {
    "choice": _one_of, "choices": _several, "ref": _other, "refs": _other,
    "date": lambda _c, _s: _("A day, such as 2025-10-21 or 2025/10/21."),
    "datetime": lambda _c, _s: _("A day and a time, such as 2025-10-21 17:30."),
    "boolean": lambda _c, _s: _("Yes or no."),
    **dict.fromkeys(("money", "integer", "decimal", "percent"), _number),
}  # fmt: skip
_MASKED = {"phone": "13812345678", "id": "11010519491231002X", "name": "张三", "email": "zhang@example.com",
           "address": "江苏省苏州市星湖街 1 号"}  # fmt: skip
_EXAMPLES = {"date": "2025-10-21", "datetime": "2025-10-21 17:30", "percent": "12.5", "decimal": "1.5"}


def example(column: Column) -> str:
    """How a cell may look."""
    spec = column.spec
    if column.choices:
        return column.choices[0]
    if spec.kind.name == "choices":
        return listed([*spec.choices.values()][:2])
    if spec.kind.name in ("money", "integer"):
        low = max(int(spec.minimum or 0), 1)
        return f"{low if spec.maximum is not None else max(low, 12)}{'.50' if spec.kind.name == 'money' else ''}"
    return _EXAMPLES.get(spec.kind.name) or _MASKED.get(spec.mask, "")


# -- rows that were refused ------------------------------------------------------------------------------------------


Wrong = tuple[int, Sequence[str], Sequence[str]]


def errors(heads: Sequence[str], columns: Sequence[str], rows: Iterable[Wrong]) -> Iterator[bytes]:
    """The refused rows as they came, each with what is wrong with it: to be mended and sent again."""
    width = max(len(heads), len(columns))
    keys = [*columns, *[""] * (width - len(columns))]
    named = [*heads, *[""] * (width - len(heads)), _("What is wrong"), _("Row in the file")]
    lines = (
        [*(xlsx.styled(cells[at] if at < len(cells) else "", xlsx.TEXT) for at in range(width)),
         xlsx.styled("\n".join(wrong), xlsx.WRONG), number]
        for number, cells, wrong in rows
    )  # fmt: skip
    layout = Layout(
        keys=[*keys, "", ""] if any(keys) else (), heads=[xlsx.HEAD] * width + [xlsx.NEEDED, xlsx.HEAD],
        columns=[xlsx.TEXT] * width + [xlsx.WRONG, 0], widths=[18] * width + [60, 10],
    )  # fmt: skip
    return xlsx.stream([Sheet(_("Rows with errors"), named, lines, layout)])
