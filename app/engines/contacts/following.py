"""Attempts as they are entered: one against the rules is refused with the earliest time, others are noted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.core import clock, saving
from app.core.errors import Problem
from app.core.register import register_of
from app.core.ripples import after_change
from app.core.saving import Draft, check
from app.engines.contacts import calc, operations
from app.engines.contacts.calc import Broken
from app.engines.contacts.operations import Contacts
from app.engines.policy import versions

if TYPE_CHECKING:
    from app.packs.schema import Pack


def attempt_is_allowed(draft: Draft) -> Iterable[Problem]:
    """An attempt keeps its distance from the one before that reached nobody, and out of quiet hours."""
    for found in operations.ruled(draft.whole.register.slug, draft.get):
        field = found.rule.at_field
        at = draft.get(field)
        if at is None:
            continue
        if broken := found.judge(at, draft.whole.record.id):
            yield Problem(said(broken, found), field, broken.rule, clause_of(found, broken))


def said(broken: Broken, found: Contacts) -> str:
    """What an attempt breaks, and from when one is allowed."""
    earliest = f"{broken.earliest:%Y-%m-%d %H:%M}"
    if broken.rule == calc.SPACING and broken.since is not None:
        return _(
            "Attempts are %(least)s apart; this one is %(since)s from another that reached nobody. "
            "The next is allowed from %(earliest)s.",
            least=hours(found.rules.spacing.total_seconds()), since=hours(broken.since.total_seconds()),
            earliest=earliest,
        )  # fmt: skip
    spans = _(", ").join(f"{start:%H:%M}–{end:%H:%M}" for start, end in found.rules.quiet)
    return _(
        "Nobody is contacted at %(spans)s unless the customer asked for that time. The next attempt is allowed from "
        "%(earliest)s.", spans=spans, earliest=earliest,
    )  # fmt: skip


def hours(seconds: float) -> str:
    """A length of time such as 1 h 50 min."""
    whole, minutes = divmod(int(seconds) // 60, 60)
    if not minutes:
        return _("%(hours)s h", hours=whole)
    return _("%(hours)s h %(minutes)s min", hours=whole, minutes=minutes)


def clause_of(found: Contacts, broken: Broken) -> str:
    """Where the policy says so."""
    quiet = next(iter(found.rule.quiet), None)
    return quiet.clause if quiet and broken.rule == calc.QUIET else found.rule.clause


def note_attempt(row: Any) -> None:
    """The case learns of an attempt; its clocks follow."""
    for found in operations.ruled(register_of(row).slug, lambda name: getattr(row, name, None)):
        rule, at = found.rule, getattr(row, found.rule.at_field)
        changed: dict[str, Any] = {rule.tried_field: at}
        if getattr(row, rule.outcome_field) in rule.reached and not found.whole.get(rule.reached_field):
            changed[rule.reached_field] = True
        found.whole.update(changed)
        found.case.changed_at = clock.now()
        found.whole.save()
        saving.told(found.whole, changed)


@versions.on_read
def watch(pack: Pack) -> None:
    """Have every entry judged in the logs that a pack has rules of contact for."""
    for rule in pack.contacts.values():
        check(rule.log)(attempt_is_allowed)
        after_change(rule.log)(note_attempt)
