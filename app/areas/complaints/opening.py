"""Cases that another case or a sweep opens: they begin like any other, under the same policy."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.core import clock, moves
from app.core.access import Post
from app.core.db import session
from app.core.moves import Moved
from app.core.whole import Whole
from app.core.wording import N_
from app.engines.audit import operations as audit
from app.engines.notifications import operations as notifications
from app.engines.numbering.operations import next_number
from app.engines.people import operations as people
from app.engines.people.models import OrgUnit
from app.engines.policy import operations as policy
from app.engines.policy.calc import meets

KEEPER = "system_admin"
WIDENED = N_("The number %(number)s has outgrown the pattern %(pattern)s of the policy; numbering goes on.")


def open_beside(moved: Moved, model: Any, unit_id: int, **values: Any) -> Moved:
    """Begin a case of another register for whoever made the move; returns its creation, which was announced."""
    whole = begin(model, unit_id, moved.record.policy, owner_id=moved.employee_id, **values)
    return announce(whole, moved.at, moved.employee_id, moved.post)


def begin(model: Any, unit_id: int, code: str, **values: Any) -> Whole:
    """A new case in the first state that a policy names, not yet saved; raises ``Refusal`` when none governs it."""
    begun = moves.begin(model.register, unit_id, code)
    record = model(
        unit_id=unit_id,
        policy=begun.policy,
        pack_version_id=begun.pack_version_id,
        adopter_id=begun.adopter_id,
        status=begun.start,
        **values,
    )
    return moves.whole_of(record)


def announce(whole: Whole, at: dt.datetime, employee_id: int | None = None, post: Post | None = None) -> Moved:
    """Save a new case in its first state and tell the listeners that it began."""
    record: Any = whole.record
    life = moves.lifecycle_of(record)
    if life is None:
        raise LookupError(f"{whole.register.slug} has no lifecycle")
    whole.save()
    moves.enter(record, life, record.status, whole)
    born = Moved(record, whole.register, life, None, "", record.status, {}, "", at, employee_id, post, whole)
    moves.announce(born)
    return born


def number(record: Any, at: dt.datetime) -> None:
    """Give a row its number by the first pattern of the pack that fits it and whose field is still empty."""
    pack, whole = policy.pack_for(record.pack_version_id), moves.whole_of(record)
    slug, read = record.__tablename__, whole.get
    counted = (rule for rule in pack.numbering.values() if rule.register_ == slug and "{seq" in rule.pattern)
    rule = next((rule for rule in counted if not read(rule.field) and meets(rule.when, read)), None)
    if rule is None:
        return
    scope, parts = f"{pack.code}.{rule.counts_with or rule.key}:{record.adopter_id}", {}
    if "{unit}" in rule.pattern:
        unit_id = (moves.whole_of(record).get(rule.unit_field) if rule.unit_field else None) or record.unit_id
        parts = {"unit": session.get_one(OrgUnit, unit_id).code}
        scope = f"{scope}:{unit_id}"
    given = next_number(rule.pattern, scope=scope, at=at, period=rule.reset, **parts)
    whole.update({rule.field: given.text})
    session.flush()
    if given.widened:
        said = {"number": given.text, "pattern": rule.pattern}
        audit.note(record, "act", WIDENED, said, rule.clause)
        _tell_keepers(record, pack, said, rule.clause)


def _tell_keepers(record: Any, pack: Any, said: dict[str, str], clause: str) -> None:
    """Who keeps the settings of the policy hears of a pattern that became too narrow."""
    life = moves.lifecycle_of(record)
    posts = [f"{pack.code}.{post.key}" for post in pack.posts.values() if post.role == KEEPER]
    seats = people.holders_many(posts, [life.within if life else ""], clock.today())
    event = f"numbering.widened:{record.__tablename__}:{said['number']}"
    notifications.notify(event, [seat.employee_id for seat in seats], WIDENED, said, "", clause)


def take_system_step(record: Any) -> None:
    """Let a case take the step that the system makes out of its state, when its facts have come to ask for it."""
    life = moves.lifecycle_of(record)
    whole = moves.whole_of(record)
    for step in life.leaving(record.status) if life else ():
        if step.system and moves.applies(step, whole.get):
            moves.move(record, step.key, as_system=True)
            return
