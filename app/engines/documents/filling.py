"""What a template may ask of a row, and what the row answers to whoever fills it: masked and within his reach."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_login import current_user

from app.core import access, clock, moves, openapi, pages, query, values
from app.core.db import session
from app.core.fieldspec import FieldSpec
from app.core.lifecycle import Lifecycle
from app.core.money import capitals
from app.core.pages.lists import lives_of
from app.core.register import OPEN, Register, registers
from app.core.whole import Whole
from app.engines.documents import operations
from app.engines.documents.excel import number_of
from app.engines.documents.placeholders import Given, spelt

CAPITALS, MOST_LINES = "capitals", 500
TEXTS = ("text", "longtext", "choice")


@dataclass(frozen=True)
class Place:
    """One placeholder that exists: its key, what it is called, the group it stands in, and how people may write it."""

    key: str
    label: str
    group: str
    said: str


def known(register: Register) -> list[Place]:
    """Every placeholder of a register: its own fields, those of rows that it names, of its lines, and of the print."""
    own = str(register.label)
    found = [*_general(), *_fields(openapi.fields_of(register), "", own)]
    for name, spec in openapi.fields_of(register).items():
        if target := _target(spec):
            start = f"{name.removesuffix('_id')}."
            found += _fields(target.fields, start, f"{own} → {spec.label}", f"{spec.label}.", money=False)
    for line in _lines(register):
        group = _("Lines: %(register)s", register=line.label)
        found += _fields(line.fields, f"{line.slug}.", group, f"{line.label}.")
    return found


def _general() -> list[Place]:
    labels = {
        "number": _("Number of the record"), "today": _("Today's date"), "now": _("Date and time"),
        "printed_by": _("Who fills it"), "company": _("Company"), "register": _("Name of the register"),
    }  # fmt: skip
    return [Place(key, label, _("In general"), label) for key, label in labels.items()]


def _fields(
    specs: Mapping[str, FieldSpec], start: str, group: str, said: str = "", money: bool = True
) -> Iterable[Place]:
    for name, spec in specs.items():
        if not _printable(spec):
            continue
        yield Place(f"{start}{name}", str(spec.label), group, f"{said}{spec.label}")
        if spec.kind.name == "money" and money:
            label = _("%(field)s in capitals", field=spec.label)
            yield Place(f"{start}{name}.{CAPITALS}", label, group, f"{said}{label}")


def _printable(spec: FieldSpec) -> bool:
    return spec.stored and spec.kind.name != "json"


def _target(spec: FieldSpec) -> Register | None:
    """The register of a row that a field names, whose fields a template may ask for."""
    found = registers().get(spec.target or "") if spec.kind.name == "ref" else None
    return found if found is not None and not found.closed else None


def _lines(register: Register) -> list[Register]:
    slugs = dict.fromkeys(entry.partition(".")[0] for entry in register.lines)
    return [registers()[slug] for slug in slugs if not registers()[slug].closed]


def names(register: Register) -> dict[str, str]:
    """Keys, and labels in both languages, as people write them, each with its key; a label of two counts for none."""
    found: dict[str, str] = {}
    for language in ("zh", "en"):
        with force_locale(language):
            labels: dict[str, list[str]] = {}
            for place in known(register):
                labels.setdefault(spelt(place.said), []).append(place.key)
        found |= {label: keys[0] for label, keys in labels.items() if len(keys) == 1}
    return found | {spelt(place.key): place.key for place in known(register)}


def unknown(register: Register, said: Sequence[str]) -> list[str]:
    """Those of the placeholders that nothing answers to, each once."""
    there = names(register)
    return [one for one in dict.fromkeys(said) if spelt(one) not in there]


# -- answers ---------------------------------------------------------------------------------------------------------


def given(whole: Whole, wanted: Sequence[str]) -> Given:
    """What a row answers; rows that it names and its lines are read only if the template asks for them."""
    register, life = whole.register, moves.lifecycle_of(whole.record)
    there = names(register)
    keys = {there.get(spelt(said), said) for said in wanted}
    texts, numbers = _answers(whole.fields, whole.get, life)
    texts |= _general_answers(whole, life)
    for name, spec in whole.fields.items():
        start = f"{name.removesuffix('_id')}."
        if (target := _target(spec)) and any(key.startswith(start) for key in keys):
            texts |= {f"{start}{key}": text for key, text in _named(target, whole.get(name)).items()}
    asked = {key.partition(".")[0] for key in keys}
    lines = {line.slug: _line_answers(whole, line) for line in _lines(register) if line.slug in asked}
    return Given(texts, numbers, lines, there)


def _answers(
    specs: Mapping[str, FieldSpec], read: Any, life: Lifecycle | None, called: values.Names | None = None
) -> tuple[dict[str, str], dict[str, Decimal]]:
    """The fields of a row in words, personal ones masked; amounts in capitals; and the plain numbers."""
    shown = {name: spec for name, spec in specs.items() if _printable(spec)}
    if called is None:
        called = values.names_of(values.wanted_names(shown.values(), read))
    texts = {name: values.text(spec, read(name), called, life) for name, spec in shown.items()}
    numbers = {n: number for n, spec in shown.items() if not spec.target and (number := number_of(read(n))) is not None}
    money = {name: numbers[name] for name, spec in shown.items() if spec.kind.name == "money" and name in numbers}
    texts |= {f"{name}.{CAPITALS}": capitals(amount) for name, amount in money.items()}
    return texts, numbers


def _general_answers(whole: Whole, life: Lifecycle | None) -> dict[str, str]:
    register, now = whole.register, clock.to_local(clock.now())
    spec = register.fields[register.title]
    called = values.names_of(values.wanted_names([spec], whole.get))
    return {
        "number": values.text(spec, whole.get(register.title), called, life), "today": f"{now:%Y-%m-%d}",
        "now": f"{now:%Y-%m-%d %H:%M}", "printed_by": access.current().name or current_user.username,
        "company": operations.company_of(whole.record), "register": str(register.label),
    }  # fmt: skip


def _named(target: Register, key: int | None) -> dict[str, str]:
    """The fields of a row that is named, if the person may read it; else its title alone, as every page shows it."""
    if key is None:
        return {}
    reach = sa.true() if target.scope == OPEN else access.rows(target, "read")
    readable = access.current().can(target.guarded_by, "read")
    row = session.scalar(sa.select(target.model).where(target.model.id == key, reach)) if readable else None
    if row is None:
        return {target.title: values.names_of([(target.slug, key)]).get((target.slug, key), "")}
    texts, _numbers = _answers(target.fields, lambda name: getattr(row, name, None), moves.lifecycle_of(row))
    return texts


def _line_answers(whole: Whole, line: Register) -> list[Given]:
    """The lines of a row that the person may read, in the order of their register."""
    entry = next(entry for entry in whole.register.lines if entry.partition(".")[0] == line.slug)
    column = entry.partition(".")[2] or line.parent
    if not access.current().can(line.guarded_by, "read"):
        return []
    specs = {name: spec for name, spec in line.fields.items() if _printable(spec)}
    found = query.first_of(line, column, whole.record.id, MOST_LINES, [*specs, *pages.list_columns(line)])
    rows = session.execute(found).all()
    wanted = (pair for row in rows for pair in values.wanted_names(specs.values(), row._mapping.get))
    called, lives = values.names_of(wanted), lives_of(line, rows)
    return [Given(*_answers(specs, row._mapping.get, lives[row.id], called)) for row in rows]
