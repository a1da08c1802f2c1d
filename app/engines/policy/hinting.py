"""What the policy says of each field, by its label; and which fields a choice shows or makes needed, as one types."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _

from app.core import forms, moves, pages
from app.core.lifecycle import Lifecycle, Move
from app.core.pages import FormPage
from app.core.wording import listed
from app.engines.policy import operations as policy
from app.engines.policy.reading.lives import rule_words
from app.engines.policy.reading.words import Wording
from app.packs.cases import Case, FieldRule
from app.packs.schema import Pack

MOST = 4
Hint = tuple[str, str, str, bool]  # field, sentence, clause, whether the star at the field says it already


def hint(page: FormPage, _typed: Mapping[str, Any]) -> None:
    """Say at each field of a case what the policy says of it, with the clause; mark what depends on a choice."""
    record: Any = page.whole.record
    if not page.whole.register.from_pack or getattr(record, "pack_version_id", None) is None:
        return
    pack, slug = policy.pack_for(record.pack_version_id), page.whole.register.slug
    life = moves.lifecycle_of(record)
    if slug not in pack.cases or life is None:
        return
    said: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for field, sentence, clause, starred in _hints(pack, slug, life, record.status, page.move):
        if len(said[field]) < MOST:
            said[field].append({"text": sentence, "clause": forms.clause_link(life.page, clause), "starred": starred})
    rules = {name: rule for name, rule in pack.cases[slug].rules.items() if _counts(rule, page.move)}
    for section in (*page.sections, *page.folded):
        for shown in section["fields"]:
            shown["hints"] = _unsaid(said.get(shown["name"], []), section)
            if shown["name"] in rules:
                _depend(shown, rules[shown["name"]])


def _unsaid(hints: list[dict[str, Any]], section: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Nothing when the star at the field and the clause over its section say the same."""
    said = all(one["starred"] and one["clause"] == section.get("clause") for one in hints)
    return [] if said else hints


def _counts(rule: FieldRule, move: Move | None) -> bool:
    return not rule.on or (move is not None and move.key in rule.on)


def _depend(field: dict[str, Any], rule: FieldRule) -> None:
    """Let the form follow the choices that a rule names: a field is needed, or stays empty and is put away."""
    if rule.required_when:
        field["needed_when"] = _plain(rule.required_when)
    if rule.empty_when and field["value"] in ("", None):
        field["empty_when"] = _plain(rule.empty_when)


def _plain(when: Mapping[str, tuple[Any, ...]]) -> str:
    """Conditions as the controls of a form have their values."""
    return json.dumps({name: [_text(value) for value in wanted] for name, wanted in when.items()})


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _hints(pack: Pack, slug: str, life: Lifecycle, state: str, move: Move | None) -> Iterator[Hint]:
    case, words = pack.cases[slug], Wording(pack, str)
    yield from _of_fields(case, words, slug)
    yield from _of_amounts(pack, slug)
    yield from _of_clocks(pack, slug)
    yield from _of_steps(life, state, move)


def _of_fields(case: Case, words: Wording, slug: str) -> Iterator[Hint]:
    for name, rule in case.rules.items():
        yield name, listed(rule_words(words, slug, rule)), rule.clause, False
    for name, own in case.opinions.items():
        yield name, _("Written by %(posts)s only.", posts=words.posts(own.posts)), own.clause, False


def _of_amounts(pack: Pack, slug: str) -> Iterator[Hint]:
    for table in pack.authority.values():
        if table.register_ == slug:
            for name in table.amounts:
                yield name, _("It counts for “%(table)s”.", table=table.label), table.clause, False


def _of_clocks(pack: Pack, slug: str) -> Iterator[Hint]:
    """Fields on which it depends how long there is, or from which the time counts."""
    for clock in pack.clocks.values():
        if clock.register_ != slug:
            continue
        for name in dict.fromkeys(name for allowance in clock.allowances for name in allowance.when):
            yield name, _("The limit “%(clock)s” depends on it.", clock=clock.label), clock.clause, False
        if clock.from_field:
            yield clock.from_field, _("The limit “%(clock)s” counts from it.", clock=clock.label), clock.clause, False


def _of_steps(life: Lifecycle, state: str, move: Move | None) -> Iterator[Hint]:
    """Fields that the step at hand asks for, or the next one."""
    for step in [move] if move is not None else [one for one in life.leaving(state) if not one.system]:
        for name in step.requires if step.clause else ():
            yield name, _("Needed before “%(move)s”", move=step.label), step.clause, True


pages.on_form(hint, order=30)
