"""Lines of a row typed in the row's own form: drawn, read again, and saved with it, errors at the line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.core import access, forms, moves, offering, query, reading, saving
from app.core.db import session
from app.core.errors import Conflict, Problem, Refusal
from app.core.fieldspec import FieldSpec
from app.core.register import Register, registers
from app.core.starting import beginnings
from app.core.whole import Whole

MOST = 100
ROWS, ID, VERSION, DROP, PLACE = "__rows", "__id", "__version", "__drop", "__n__"
CONDITIONS = ("shown_when", "empty_when", "needed_when")
Form = MultiDict[str, str]


@dataclass(frozen=True)
class Inline:
    """A register of lines in the form of its parent; ``column`` of a line names the parent."""

    line: Register
    column: str

    @property
    def specs(self) -> dict[str, FieldSpec]:
        """What may be typed in a line."""
        return {name: spec for name, spec in self.line.writable.items() if spec.stored and name != self.column}


@dataclass
class Line:
    """One line as the form holds it: saved already or not, what was typed of it, and what is wrong."""

    number: int
    typed: Form
    record_id: int | None = None
    version: int | None = None
    drop: bool = False
    problems: tuple[Problem, ...] = ()


def inlines(whole: Whole) -> list[Inline]:
    """The registers of lines that the person may type in the form of a row."""
    life = moves.lifecycle_of(whole.record)
    unused = life.unused if life else ()
    found = []
    for entry in whole.register.inline:
        slug, _dot, column = entry.partition(".")
        line = registers()[slug]
        if slug not in unused and "add" in line.actions and access.current().can(line.guarded_by, "write"):
            found.append(Inline(line, column or line.parent))
    return found


# -- reading what was sent -------------------------------------------------------------------------------------------


def typed_lines(inline: Inline, form: Form) -> list[Line] | None:
    """The lines in a form that was sent, those left blank too; ``None`` when it holds none of this register."""
    count = reading.number(form.get(f"{inline.line.slug}.{ROWS}", ""))
    if count is None:
        return None
    return [_read(inline, number, form) for number in range(min(count, MOST))]


def _read(inline: Inline, number: int, form: Form) -> Line:
    start = f"{inline.line.slug}.{number}."
    part: Form = MultiDict(
        (key.removeprefix(start), value) for key, value in form.items(multi=True) if key.startswith(start)
    )
    key, version = reading.number(part.get(ID, "")), reading.number(part.get(VERSION, ""))
    return Line(number, part, key, version, DROP in part)


def _is_blank(inline: Inline, line: Line) -> bool:
    """Whether nothing was typed into a new line beyond what its form proposed."""
    typed = forms.typed(line.typed, inline.specs)
    columns = inline.line.model.__table__.c
    proposed = {name: c.default.arg for name, c in columns.items() if getattr(c.default, "is_scalar", False)}
    begun = {name: inline.specs[name].kind.write(proposed.get(name)) for name in typed}
    return all(value in ("", []) or value == begun[name] for name, value in typed.items())


# -- saving ----------------------------------------------------------------------------------------------------------


def save(whole: Whole, form: Form) -> None:
    """Save the lines of a row that was just saved: removed ones first, then changed, then new; the caller commits.

    Raises ``Refusal`` with the problems of all lines, each at its line.
    """
    problems: list[Problem] = []
    for inline in inlines(whole):
        lines = typed_lines(inline, form) or []
        for line in sorted(lines, key=lambda line: (not line.drop, line.record_id is None)):
            problems += _saved(inline, line, whole.record.id)
    Refusal.when(problems)


def _saved(inline: Inline, line: Line, parent_id: int) -> Iterator[Problem]:
    try:
        _save(inline, line, parent_id)
    except Refusal as error:
        for problem in error.problems:
            place = problem.field if problem.field in inline.specs else next(iter(inline.specs))
            told = _("%(register)s, line %(number)s: %(why)s", register=inline.line.label, number=line.number + 1,
                     why=problem.message)
            yield replace(problem, message=told, field=f"{inline.line.slug}.{line.number}.{place}")


def _save(inline: Inline, line: Line, parent_id: int) -> None:
    typed = forms.typed(line.typed, inline.specs)
    if line.record_id is None:
        if not line.drop and not _is_blank(inline, line):
            saving.create(inline.line, typed, fixed={inline.column: parent_id})
        return
    record = query.find(inline.line, line.record_id, "write")
    if getattr(record, inline.column) != parent_id:
        raise Refusal(_("This line belongs to another record."))
    if line.drop:
        saving.delete(record)
    elif _differs(record, inline, typed):
        try:
            saving.update(record, typed, line.version)
        except Conflict as error:
            raise Refusal(_("Somebody changed this line meanwhile. Please look at it again.")) from error


def _differs(record: Any, inline: Inline, typed: Mapping[str, Any]) -> bool:
    values, problems = saving.read_values(inline.specs, typed)
    return bool(problems) or any(getattr(record, name) != value for name, value in values.items())


# -- drawing ---------------------------------------------------------------------------------------------------------


def cards(
    whole: Whole, form: Form | None, problems: Sequence[Problem], more: str = ""
) -> list[dict[str, Any]]:
    """A card per register of lines: those that are saved, or those of the form that was sent, and a blank one to copy.

    ``more`` names the register for which the form asked one more line.
    """
    return [card for inline in inlines(whole) if (card := _card(whole, inline, form, problems, more))]


def _card(
    whole: Whole, inline: Inline, form: Form | None, problems: Sequence[Problem], more: str
) -> dict[str, Any] | None:
    saved = _kept(whole, inline)
    if len(saved) > MOST:
        return None
    lines = typed_lines(inline, form) if form is not None else None
    if lines is None:
        lines = [Line(n, MultiDict(), row.id, row.row_version) for n, row in enumerate(saved)]
    if more == inline.line.slug and len(lines) < MOST:
        lines.append(Line(len(lines), MultiDict()))
    known, begin = {row.id: row for row in saved}, beginnings(inline.line)
    drawn = [_drawn(inline, line, known.get(line.record_id or 0), begin, problems) for line in lines]
    blank = _drawn(inline, Line(-1, MultiDict()), None, begin, ())
    return {"slug": inline.line.slug, "label": inline.line.label, "rows": drawn, "blank": blank, "count": len(lines),
            "removable": "delete" in inline.line.actions}


def _kept(whole: Whole, inline: Inline) -> list[Any]:
    if whole.record.id is None:
        return []
    model = inline.line.model
    mine = sa.select(model).where(model.__table__.c[inline.column] == whole.record.id, access.rows(inline.line))
    return list(session.scalars(mine.order_by(model.id).limit(MOST + 1)))


def _drawn(inline: Inline, line: Line, record: Any, begin: Any, problems: Iterable[Problem]) -> dict[str, Any]:
    start = f"{inline.line.slug}.{PLACE if line.number < 0 else line.number}."
    mine = [replace(p, field=p.field.removeprefix(start)) for p in problems if p.field and p.field.startswith(start)]
    whole = moves.whole_of(record) if record is not None else begin()[0]
    locked = record is not None and not saving.may_edit(record, moves.lifecycle_of(record))
    builder = forms.FormBuilder(whole, inline.specs, forms.typed(line.typed, inline.specs), mine)
    offered = offering.offered(whole, inline.specs)
    fields = [_placed(builder.field(spec), start, locked) for spec in offered.values()]
    return {"start": start, "fields": fields, "id": line.record_id if record is not None else None,
            "version": line.version, "drop": line.drop, "locked": locked}


def _placed(field: dict[str, Any], start: str, locked: bool) -> dict[str, Any]:
    """A field under the name that it has in the form of the parent, with its conditions."""
    moved = {key: json.dumps({f"{start}{name}": keys for name, keys in json.loads(field[key]).items()})
             for key in CONDITIONS if key in field}  # fmt: skip
    return field | moved | {"name": f"{start}{field['name']}", "readonly": locked, "width": 1}
