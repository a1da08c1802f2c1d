"""What a pack makes happen by itself: who may open a case, what fields must be, and the steps that the system takes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _

from app.core import access, moves
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Moved, Step
from app.core.register import registers
from app.core.saving import Draft, check
from app.core.wording import listed
from app.core.words import post_label
from app.engines.policy import calc, versions
from app.engines.policy import operations as policy
from app.packs.schema import Pack


def opened_by_a_post(draft: Draft) -> Iterable[Problem]:
    """A new case is opened by a post that the pack names, held inside the adopting unit."""
    record: Any = draft.whole.record
    person = access.current()
    if record.id is not None or person.everything:
        return
    case = policy.pack_for(record.pack_version_id).cases[draft.whole.register.slug]
    codes = [f"{record.policy}.{post}" for post in case.may_open]
    if person.holds(codes, policy.lifecycle(record).within) is None:
        posts = listed(map(post_label, codes))
        text = _("“%(case)s” is opened by: %(posts)s.", case=str(case.label), posts=posts)
        yield Problem(text, None, "post", case.clause)


def written_by_its_post(draft: Draft) -> Iterable[Problem]:
    """A field of a line that belongs to a post, such as an inspection, is written by nobody else."""
    register, person = draft.whole.register, access.current()
    parent: Any = registers()[register.fields[register.parent].target]
    case = session.get(parent.model, draft.get(register.parent) or 0)
    if case is None or person.everything:
        return
    line = policy.pack_for(case.pack_version_id).cases[parent.slug].lines.get(register.slug)
    for name, opinion in line.opinions.items() if line else ():
        codes = [f"{case.policy}.{post}" for post in opinion.posts]
        changed = name in draft.values and draft.values[name] != draft.whole.get(name)
        if changed and person.holds(codes, policy.lifecycle(case).within) is None:
            posts = listed(map(post_label, codes))
            text = _("“%(field)s” is written by: %(posts)s.", field=register.fields[name].label, posts=posts)
            yield Problem(text, name, "post", opinion.clause)


def offered_by_policy(draft: Draft) -> Iterable[Problem]:
    """A field takes only the choices that its policy knows."""
    record: Any = draft.whole.record
    case = policy.pack_for(record.pack_version_id).cases[draft.whole.register.slug]
    for name, offered in draft.whole.offers.items():
        if name in draft.values and (value := draft.values[name]) is not None and value not in offered:
            spec = draft.whole.fields[name]
            known = listed(spec.choices[key] for key in offered)
            text = _("“%(field)s” is one of: %(known)s.", field=spec.label, known=known)
            yield Problem(text, name, "choice", case.clause)


@versions.on_read
def watch(pack: Pack) -> None:
    """Have every new case of the pack's registers, and every line of one, checked."""
    for slug, case in pack.cases.items():
        check(slug)(opened_by_a_post)
        check(slug)(offered_by_policy)
        for line in case.lines:
            check(line)(written_by_its_post)


@moves.guard(calc.RULES_GUARD)
def pack_rules(step: Step) -> Iterable[Problem]:
    """The field rules that a pack writes down."""
    record: Any = step.whole.record
    case = policy.pack_for(record.pack_version_id).cases[step.whole.register.slug]
    return calc.rule_problems(case, step.get, step.move.key)


def follow(moved: Moved) -> None:
    """Take the system's step out of the state that was entered, when the facts of the case ask for it."""
    if not moved.register.from_pack:
        return
    for step in moved.lifecycle.leaving(moved.target):
        if step.system and moves.applies(step, moved.whole.get):
            moves.move(moved.record, step.key, as_system=True)
            return


moves.on_moved(follow, order=90)
