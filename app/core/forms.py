"""Form fields as templates want them: what was typed survives, errors stand beside their field."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from flask import request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from app.core import attachments, masking, offering, openlists, reading, referring, saving, values
from app.core.errors import Problem
from app.core.fieldspec import FieldSpec
from app.core.lifecycle import Lifecycle
from app.core.register import Register, Section
from app.core.whole import Whole
from app.core.words import cited, clauses_in

CLEAR = "__clear"
SPECIAL = re.compile("[%&+#?]")
Offer = Callable[[Whole], Iterable[str] | None]
_offers: dict[tuple[str, str], Offer] = {}


def offers(slug: str, field: str) -> Callable[[Offer], Offer]:
    """Let a function say which choices of a field a form offers; ``None`` means all of them."""
    return lambda function: _offers.setdefault((slug, field), function)


def choices_of(whole: Whole, spec: FieldSpec) -> list[tuple[str, Any]]:
    """The choices of a field that a form offers for a row, in the order of the field."""
    offer = _offers.get((whole.register.slug, spec.name))
    offered = offer(whole) if offer is not None else whole.offers.get(spec.name)
    gone = openlists.retired(spec.choices)
    if gone:
        has = whole.get(spec.name)
        gone -= set(has) if isinstance(has, list) else {has}
    return [choice for choice in spec.choices.items()
            if (offered is None or choice[0] in offered) and choice[0] not in gone]  # fmt: skip


def typed(form: Any, specs: Mapping[str, FieldSpec]) -> dict[str, Any]:
    """What a posted form says of the given fields; a personal field that is left empty stays unless it is cleared."""
    found: dict[str, Any] = {}
    for name, spec in specs.items():
        if not spec.stored or name not in form:
            if spec.kind.widget in ("multichoice", "multiref") and spec.stored:
                found[name] = []
            continue
        raw = form.getlist(name) if spec.kind.widget in ("multichoice", "multiref") else form[name]
        if spec.kind.name == "personal" and not str(raw).strip() and f"{name}{CLEAR}" not in form:
            continue
        found[name] = raw
    return found


def clause_anchor(clause: str) -> str:
    """The name under which a policy's page marks the row of a clause."""
    return "".join(clause.split())


def _address(anchor: str) -> str:
    """The part of a policy's page that holds the row, and the row; the page may come in several parts."""
    named = SPECIAL.sub(lambda found: quote(found[0]), anchor)
    return f"?at={named}#{named}"


def clause_link(policy: str, clause: str) -> Markup | None:
    """A clause as a link to its row in a policy's page; several, parted by semicolons, as a link each.

    ``policy`` is a code with or without version (``B02/1``).
    """
    if not (clause := cited(policy, clause)):
        return None
    plain, link = Markup('<span class="kz-clause">{}</span>'), Markup('<a class="kz-clause" href="{}">{}</a>')
    parts = clauses_in(clause)
    here = f"{request.script_root}/policy/{policy}"
    return Markup(" ").join(
        link.format(here + _address(clause_anchor(part)), part) if policy else plain.format(part) for part in parts
    )


def _kept(value: Any) -> Sequence[int]:
    return value if isinstance(value, list) else [value]


class FormBuilder:
    """Builds the sections of one form out of field specs, the row and what was typed."""

    def __init__(
        self,
        whole: Whole,
        specs: Mapping[str, FieldSpec],
        typed_values: Mapping[str, Any] | None,
        problems: Sequence[Problem] = (),
        required: Iterable[str] = (),
        policy: str = "",
    ) -> None:
        self.whole, self.specs, self.policy = whole, specs, policy
        self.typed = typed_values or {}
        self.errors = {p.field: str(p.message) for p in reversed(problems) if p.field}
        self.required = set(required) | {name for name, spec in specs.items() if spec.required}
        self.names = values.names_of(self._named())

    def _named(self) -> Iterable[tuple[str, int]]:
        """The rows whose names are shown: what the row refers to, and of what was typed only what is in reach."""
        typed: dict[str, set[int]] = defaultdict(set)
        for name, target, key in self._references():
            if name not in self.typed or key in _kept(self.whole.get(name)):
                yield target, key
            else:
                typed[target].add(key)
        for target, keys in typed.items():
            yield from ((target, key) for key in saving.visible_ids(target, keys))

    def _references(self) -> Iterable[tuple[str, str, int]]:
        for name, spec in self.specs.items():
            if not spec.target or not spec.stored:
                continue
            for key in str(self._text(name, spec)).split(","):
                if (known := reading.number(key)) is not None:
                    yield name, spec.target, known

    def _text(self, name: str, spec: FieldSpec) -> str:
        if name in self.typed:
            raw = self.typed[name]
            if isinstance(raw, list | tuple):
                return ",".join(str(part) for part in raw)
            return raw if isinstance(raw, str) else spec.kind.write(raw)
        return "" if spec.kind.name == "personal" else spec.kind.write(self.whole.get(name))

    def sections(self, layout: Iterable[Section]) -> list[dict[str, Any]]:
        """The sections that have a field to fill, in order; fields outside every section come last."""
        left = dict(self.specs)
        found = []
        for section in layout:
            fields = [self.field(left.pop(name)) for name in section.fields if name in left]
            if fields:
                found.append(
                    {
                        "title": section.title,
                        "hint": section.hint,
                        "clause": clause_link(self.policy, section.clause),
                        "fields": fields,
                        "when": section.when,
                    }
                )
        if left:
            found.append(
                {"title": _("More"), "hint": "", "clause": None, "fields": [self.field(s) for s in left.values()]}
            )
        return found

    def field(self, spec: FieldSpec) -> dict[str, Any]:
        """One field as ``fields.html`` wants it."""
        text = self._text(spec.name, spec)
        built: dict[str, Any] = {
            "name": spec.name,
            "label": spec.label,
            "kind": spec.kind.widget,
            "help": spec.help,
            "unit": spec.unit,
            "required": spec.name in self.required,
            "value": text,
            "error": self.errors.get(spec.name),
            "choices": choices_of(self.whole, spec),
            "width": spec.width,
            "max_length": spec.size,
            "clause": None,
            "hints": [],
        }
        if spec.when:
            condition = json.dumps({spec.when[0]: spec.when[1:]})
            built |= {"shown_when": condition} | ({"needed_when": condition} if spec.needed_then else {})
        if spec.target:
            built |= self._look_up(spec, text)
        elif spec.kind.name == "personal":
            built["display"] = masking.mask(spec.mask, self.whole.get(spec.name) or "")
            built["cleared"] = spec.name in self.typed and not text
        elif spec.kind.name == "files":
            built["files"] = attachments.listed(self.whole.register.slug, self.whole.record.id, spec.name)
        return built

    def _look_up(self, spec: FieldSpec, text: str) -> dict[str, Any]:
        keys, place = reading.numbers(text.split(",")), referring.place_of(self.whole.register, spec.name)
        near: dict[str, Any] = {"for": place} if place else {}
        chosen = [(key, self.names.get((spec.target, key), str(key))) for key in keys]
        return {
            "lookup_url": url_for("Lookup.look", slug=spec.target, **near),
            "display": chosen[0][1] if chosen else "",
            "chosen": chosen,
        }


def layout_of(register: Register, detail: Register | None) -> list[Section]:
    """The sections of a register with those of its detail after the first one; equal titles are joined."""
    first, *rest = register.sections
    merged: dict[str, Section] = {}
    for section in (first, *_between(register, detail), *rest, *(detail.sections if detail else ())):
        known = merged.get(str(section.title))
        merged[str(section.title)] = section if known is None else _joined(known, section)
    return list(merged.values())


def concerned(whole: Whole, section: Section, life: Lifecycle | None) -> list[str]:
    """The fields of a section that a case's page and paper show: not what is empty because it is another policy's.

    Of a family that is a field by itself; elsewhere a section of which nothing is filled and no step speaks.
    """
    known = [name for name in section.fields if name in whole.fields]
    if life is None or not life.policy:
        return list(offering.offered(whole, {name: whole.fields[name] for name in known}))
    empty = {name for name in known if whole.fields[name].stored and whole.get(name) in (None, [], "")}
    foreign = {name for name in empty if name not in life.fields}
    if whole.detail_register is not None:
        return [name for name in known if name not in foreign or name not in whole.register.fields]
    return [] if foreign == set(known) else known


def _between(register: Register, detail: Register | None) -> list[Section]:
    own = {str(section.title) for section in register.sections}
    return [section for section in detail.sections if str(section.title) not in own] if detail else []


def _joined(first: Section, second: Section) -> Section:
    fields = tuple(dict.fromkeys((*first.fields, *second.fields)))
    return Section(first.title, fields, first.hint or second.hint, first.clause or second.clause, first.when)
