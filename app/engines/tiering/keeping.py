"""Classes that cases carry: found at a step, raised by any later change of the facts, lowered by decision only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from markupsafe import Markup

from app.core import clock, explaining, forms, moves, pages, saving
from app.core.db import session
from app.core.errors import Problem
from app.core.hooks import KEPT
from app.core.moves import Moved, Step, effect, guard
from app.core.pages import ShowPage
from app.core.whole import Whole
from app.core.wording import N_
from app.engines.audit import operations as audit
from app.engines.calculating.operations import settings_of
from app.engines.policy import operations as policy
from app.engines.tiering import calc, operations

if TYPE_CHECKING:
    from app.packs.entries import Tier

RISEN = N_("%(table)s: “%(tier)s” from now on. %(why)s")
LOWERED = N_("%(table)s: lowered to “%(tier)s” by decision")


def kept(whole: Whole) -> Iterator[Tier]:
    """The classes that a case carries."""
    record: Any = whole.record
    if not whole.register.from_pack:
        return
    for tier in policy.pack_for(record.pack_version_id).tiers.values():
        if tier.keeps and tier.keeps.register_ == whole.register.slug:
            yield tier


def _tests(tier: Tier, whole: Whole, read: Any = None) -> tuple[str, ...]:
    return calc.met(tier, read or whole.get, settings_of(whole.record).resolve)


def _judge(tier: Tier, whole: Whole, at: dt.datetime, *, first: bool) -> dict[str, Any]:
    """What changes in the fields of a class; it only rises."""
    assert tier.keeps is not None
    found = operations.classify(whole.record, tier.key, whole.get)
    now = whole.get(tier.keeps.field)
    changed: dict[str, Any] = {}
    if tier.keeps.tests_field and (tests := list(_tests(tier, whole))) != (whole.get(tier.keeps.tests_field) or []):
        changed[tier.keeps.tests_field] = tests
    if first or calc.rank(tier, found.tier) > calc.rank(tier, now):
        changed |= {tier.keeps.field: found.tier} | ({tier.keeps.since_field: at} if tier.keeps.since_field else {})
        if not first:
            said = {"table": tier.label, "tier": found.label, "why": operations.reason(found)}
            audit.note(whole.record, "act", RISEN, said, found.clause)
    return changed


def after_move(moved: Moved) -> None:
    """At its step a class is found; later steps may raise it."""
    for tier in kept(moved.whole):
        assert tier.keeps is not None
        first = moved.move is not None and moved.move.key in tier.keeps.moves
        running = moved.whole.get(tier.keeps.field) is not None and not moved.lifecycle.states[moved.target].final
        if first or running:
            changed = _judge(tier, moved.whole, moved.at, first=first)
            moved.whole.update(changed)
            moved.whole.save()
            moved.context[KEPT] = {*moved.context.get(KEPT, ()), *changed}


def after_edit(whole: Whole, edited: Mapping[str, Any]) -> None:
    """A change of the facts may raise a class; clocks hear of it."""
    for tier in kept(whole):
        assert tier.keeps is not None
        facts = {name for test in tier.criteria for name in test.facts}
        if whole.get(tier.keeps.field) is None or not facts & set(edited):
            continue
        if changed := _judge(tier, whole, clock.now(), first=False):
            whole.update(changed)
            whole.save()
            saving.told(whole, changed)


@guard("class_may_fall")
def class_may_fall(step: Step) -> Iterable[Problem]:
    """A class is lowered only once the facts lead to a lower one."""
    for tier in kept(step.whole):
        assert tier.keeps is not None
        found = operations.classify(step.whole.record, tier.key, step.get)
        now = step.whole.get(tier.keeps.field)
        if calc.rank(tier, found.tier) >= calc.rank(tier, now):
            named = set(_tests(tier, step.whole, step.get))
            rules = _("; ").join(str(test.rule) for test in tier.criteria if test.key in named)
            text = _("“%(tier)s” stands while this holds: %(rules)s.", tier=found.label, rules=rules)
            yield Problem(text, tier.keeps.field, "class_may_fall", found.why.clause if found.why else tier.clause)


@effect("lower_class", early=True)
def lower_class(moved: Moved) -> None:
    """Write down the lower class that the facts lead to."""
    for tier in kept(moved.whole):
        assert tier.keeps is not None
        found = operations.classify(moved.record, tier.key, moved.whole.get)
        if found.tier != moved.whole.get(tier.keeps.field):
            since = {tier.keeps.since_field: None} if tier.keeps.since_field else {}
            moved.whole.update({tier.keeps.field: found.tier, **since})
            moved.context[KEPT] = {*moved.context.get(KEPT, ()), tier.keeps.field}
            audit.note(moved.record, "act", LOWERED, {"table": tier.label, "tier": found.label}, tier.clause)
    session.flush()


# -- why -------------------------------------------------------------------------------------------------------------


def show_why(page: ShowPage) -> None:
    """Beside the class of a case: every test that holds, with its clause."""
    for tier in kept(page.whole):
        assert tier.keeps is not None
        section = page.section_of(tier.keeps.field)
        if section is None or page.whole.get(tier.keeps.field) is None:
            continue
        holding = set(_tests(tier, page.whole))
        lines = [
            Markup("{} {}").format(test.rule, forms.clause_link(_page(page), test.clause) or "")
            for test in tier.criteria if test.key in holding
        ] or [Markup.escape(_("None of the tests holds."))]  # fmt: skip
        box = Markup('<div class="kz-why mt-3"><strong>{}</strong> {}</div>')
        section["html"] = box.format(_("Why this class"), Markup.escape(_("; ")).join(lines))


def _page(page: ShowPage) -> str:
    return page.life.page if page.life else ""


@explaining.explains("tier")
def told(whole: Whole) -> Any:
    """The class of a case and every test that holds."""
    for tier in kept(whole):
        assert tier.keeps is not None
        if (now := whole.get(tier.keeps.field)) is not None:
            found = operations.classify(whole.record, tier.key, whole.get)
            return operations.explained(found) | {"tier": now, "label": str(tier.classes[now]),
                                                  "tests": list(_tests(tier, whole))}  # fmt: skip
    return None


moves.on_moved(after_move, order=8)
saving.after_update(after_edit)
pages.on_show(show_why, order=45)
