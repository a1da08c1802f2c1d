"""Which fields of a register come in from a table, what their columns are called, and what a row is known by."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask_babel import gettext as _

from app.core import access, offering, saving, starting
from app.core.errors import NotFound, Problem, Refusal
from app.core.fieldspec import FieldSpec
from app.core.kinds import TextKind
from app.core.lifecycle import Lifecycle
from app.core.register import Register, registers
from app.core.whole import Whole
from app.engines.exchange import cells
from app.engines.exchange.models import ADD, BOTH, UPDATE

ID = "id"
_MARKS = re.compile(r"[\s*＊]*(?:[（(][^)）]*[)）])?[\s*＊]*$")


@dataclass(frozen=True)
class Plan:
    """The columns of a register for one person: what he may write, and the field by which a row is found again."""

    register: Register
    policy: str | None
    begin: Callable[[], tuple[Whole, Lifecycle | None]]
    whole: Whole
    life: Lifecycle | None

    @cached_property
    def fields(self) -> Mapping[str, FieldSpec]:
        """Everything that may ever be typed, by name."""
        found = {n: s for n, s in self.whole.fields.items() if s.stored and not s.computed and s.kind.name != "json"}
        order = [n for section in _sections(self.whole) for n in section.fields if n in found]
        return {name: found[name] for name in dict.fromkeys((*order, *found))}

    @cached_property
    def offered(self) -> Mapping[str, FieldSpec]:
        """What the form of a new row offers, in its order."""
        open_now = offering.offered(self.whole, saving.editable(self.whole, self.life))
        return {name: spec for name, spec in self.fields.items() if name in open_now}

    @property
    def key(self) -> str:
        """The field by which rows are found again; their id where no text tells them apart."""
        return key_of(self.register)

    @cached_property
    def known(self) -> Mapping[str, FieldSpec]:
        """Every field that a column may be for, the key included."""
        key = self.register.fields.get(self.key)
        return {**({self.key: key} if key else {}), **self.fields}


def _sections(whole: Whole) -> Sequence[Any]:
    detail = whole.detail_register
    return (*whole.register.sections, *(detail.sections if detail else ()))


def key_of(register: Register) -> str:
    """A text that each row has once, else the title if it is a plain text, else the id."""
    plain = {n: s for n, s in register.fields.items() if isinstance(s.kind, TextKind) and s.kind.name == "text"}
    once = [name for name, spec in plain.items() if spec.unique]
    return once[0] if once else register.title if register.title in plain else ID


def may_import(register: Register) -> bool:
    """Whether the person brings rows into a register from tables."""
    person = access.current()
    return bool(modes_of(register)) and person.can(register.slug, "import") and person.can(register.slug, "write")


def modes_of(register: Register) -> tuple[str, ...]:
    """What a table may do to a register: add rows, change them, or both."""
    if register.closed or register.detail_of:
        return ()
    adds, edits = "add" in register.actions, "edit" in register.actions
    return (ADD, UPDATE, BOTH) if adds and edits else (ADD,) if adds else (UPDATE,) if edits else ()


def register_for(slug: str) -> Register:
    """The register that a table is for; raises ``NotFound`` or ``Forbidden``."""
    register = registers().get(slug)
    if register is None or not modes_of(register):
        raise NotFound()
    access.require(slug, "import")
    access.require(slug, "write")
    return register


def plan_of(register: Register, policy: str | None = None) -> Plan:
    """The columns for the person who acts now; refuses where no policy lets rows begin."""
    begin = starting.beginnings(register, policy)
    whole, life = begin()
    return Plan(register, policy, begin, whole, life)


# -- heads -----------------------------------------------------------------------------------------------------------


def keyed(plan: Plan, texts: Sequence[str]) -> bool:
    """Whether a row is the hidden one of a template, which names the fields by their keys."""
    named = [text.strip() for text in texts if text.strip()]
    return bool(named) and all(name in plan.known or name == ID for name in named) and len(set(named)) == len(named)


def match(plan: Plan, heads: Sequence[str]) -> list[str]:
    """The field of each column, empty for one that no field is called like; raises ``Refusal`` for what is unclear."""
    names, unclear = _by_label(plan)
    found = [names.get(fold(head), "") for head in heads]
    problems = [_twice(plan, name) for name, count in Counter(filter(None, found)).items() if count > 1]
    problems += [_unclear(head) for head in heads if fold(head) in unclear]
    if not any(found):
        text = _("No column is called like a field of “%(register)s”; use the template.", register=plan.register.label)
        problems.append(Problem(text, None, "head"))
    Refusal.when(problems)
    return found


def _unclear(head: str) -> Problem:
    text = _("“%(head)s”: several fields are called so; use the columns of the template.", head=head)
    return Problem(text, None, "head")


def _twice(plan: Plan, name: str) -> Problem:
    label = plan.known[name].label if name in plan.known else name
    return Problem(_("The column “%(field)s” is there twice.", field=label), name, "head")


def _by_label(plan: Plan) -> tuple[dict[str, str], set[str]]:
    """Fields by their labels in every language, and the labels that several have; offered fields come first."""
    names: dict[str, str] = {fold(ID): ID}
    unclear: set[str] = set()
    for group in (plan.offered, plan.known):
        mine: dict[str, set[str]] = {}
        for name, spec in group.items():
            for label in cells.labels_of(spec.label):
                mine.setdefault(fold(label), set()).add(name)
        for label, of in mine.items():
            if label not in names and len(of) > 1:
                unclear.add(label)
            names.setdefault(label, min(of))
    return names | {name.casefold(): name for name in plan.known}, unclear - set(plan.known)


def fold(head: str) -> str:
    """A head as it is compared: without the mark of a needed field and the unit behind it."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", head).strip()).strip().casefold()


def head_of(spec: FieldSpec) -> str:
    """What the column of a field is called, with its unit."""
    return f"{spec.label} ({spec.unit})" if spec.unit else str(spec.label)


def missing(plan: Plan, columns: Iterable[str]) -> list[FieldSpec]:
    """Needed fields of new rows that a table has no column for."""
    have = set(columns)
    return [s for n, s in plan.offered.items() if s.required and n not in have and plan.whole.get(n) is None]
