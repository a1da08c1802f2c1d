"""The check of documents that use credit: lock the account, sum what is used, decide, all within the step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.core import clock, moves, ripples, saving
from app.core.db import session
from app.core.errors import Problem, Refusal
from app.core.moves import Moved, Step
from app.core.register import register_of
from app.core.whole import Whole
from app.engines.calculating.operations import settings_of
from app.engines.credit import accounts, exposure, wording
from app.engines.credit.calc import NOTHING, Question, Verdict, barred, judge
from app.engines.credit.knowing import Knowledge
from app.engines.credit.registry import heads_of, members_of
from app.engines.policy import operations as policy

if TYPE_CHECKING:
    from app.engines.credit.models import CreditAccount
    from app.packs.credit import Credit, Document

GUARD, EFFECT = "credit_allows", "keep_verdict"


def credit_of(record: Any) -> Credit | None:
    """The credit of the pack that a row runs under."""
    version = getattr(record, "pack_version_id", None)
    return policy.pack_for(version).credit if version is not None else None


def document_of(record: Any) -> Document | None:
    """How a row uses credit, if it does."""
    credit = credit_of(record)
    return credit.documents.get(register_of(record).slug) if credit else None


def lock_for(record: Any) -> CreditAccount | None:
    """Lock the account of the customer that a row is about; for areas that change what is used."""
    credit = credit_of(record)
    slug = register_of(record).slug
    entry: Any = credit and (credit.documents.get(slug) or credit.locks.get(slug))
    if credit and entry and (party := getattr(record, entry.customer_field)):
        return accounts.lock(credit.party, party, record.adopter_id)
    return None


@ripples.ahead_of_lock
def _lock_first(record: Any, key: str) -> None:
    """The account is always locked before the document; an edit locks it for documents that use credit."""
    credit, slug = credit_of(record), register_of(record).slug
    if credit is None:
        return
    document, locks = credit.documents.get(slug), credit.locks.get(slug)
    looked_at = document is not None and key in (*document.checks, *document.rechecks)
    edited = document is not None and not key and uses(record, document)
    if looked_at or edited or (locks is not None and key in locks.moves):
        record._credit_account = lock_for(record)
    if edited and document is not None:
        session.refresh(record)
        record._credit_before = _asked(document, lambda name: getattr(record, name, None))


def uses(record: Any, document: Document) -> bool:
    """Whether a document counts as used in its present state."""
    return any(record.status in part.states for part in document.parts.values())


# -- the verdict -----------------------------------------------------------------------------------------------------


def knowledge_of(record: Any, read: Callable[[str], Any], party: int, head: int | None = None) -> Knowledge:
    """What is known of the customer of a document today; ``head`` is that of its group, where it is known already."""
    members = members_of(head or heads_of([party])[party])
    return Knowledge(
        settings_of(record), record.adopter_id, clock.today(), members, read, _labels(record), party=party,
        without=record.id,
    )  # fmt: skip


def _labels(record: Any) -> Callable[[str], Any]:
    fields = register_of(record).fields
    return lambda name: fields[name].label if name in fields else name


def verdict(
    record: Any, read: Callable[[str], Any] | None = None, account: CreditAccount | None = None
) -> Verdict | None:
    """The verdict on a document as ``read`` tells its fields; ``None`` while customer or amount are unknown.

    ``account`` is that of the document's own customer, when it has just been locked.
    """
    credit, document = credit_of(record), document_of(record)
    read = read or moves.whole_of(record).get
    if credit is None or document is None or not (party := read(document.customer_field)):
        return None
    if (amount := _asked(document, read)) is None:
        return None
    if account is not None and party != getattr(record, document.customer_field):
        account = None
    known = knowledge_of(record, read, party, account.party_id if account else None)
    without = (register_of(record).slug, record.id) if record.id and uses(record, document) else None
    return verdict_of(credit, document, known, amount, without, account)


def verdict_of(
    credit: Credit, document: Document, known: Knowledge, amount: Decimal, without: tuple[str, int] | None = None,
    account: CreditAccount | None = None,
) -> Verdict:  # fmt: skip
    """The verdict on so much of a document by what is known of its customer; ``without`` is one that is used."""
    account = account or accounts.account_of(credit.party, known.members[0], known.adopter_id)
    parts = exposure.used_by(credit, known.adopter_id, known.members, without=without)
    free = bool(account and account.unlimited)
    known.given = {"uses_credit": any(part.amount for part in parts), "unlimited": free}
    asked = Question(
        amount, parts, known.read, known.ceiling, known.settings.resolve, known.name, known.say,
        accounts.hold_of(account), free,
    )  # fmt: skip
    found = judge(document.routes.values(), asked, document.bars.values())
    asked_of = {name for way in found.tried for name in document.routes[way.key].when}
    return replace(found, classes={key: known.classified(key) for key in known.settings.pack.tiers if key in asked_of})


def _asked(document: Document, read: Callable[[str], Any]) -> Decimal | None:
    amount: Decimal | None = read(document.amount_field)
    if amount is None:
        return None
    less = (read(name) or NOTHING for name in document.less_fields)
    return max(amount - sum(less, NOTHING), NOTHING)


# -- steps -----------------------------------------------------------------------------------------------------------


def judge_step(step: Step) -> Iterable[Problem]:
    """What credit has against a step: nothing when a way lets the document go, or was granted to it before."""
    record: Any = step.whole.record
    document = document_of(record)
    if document is None or step.move.key not in (*document.checks, *document.rechecks):
        return
    if (found := verdict(record, step.get, record.__dict__.pop("_credit_account", None))) is None:
        return
    record._credit_verdict = found
    if step.move.key in document.rechecks:
        yield from _judge_again(step, document, found)
    elif not (found.goes(step.move.key) or granted(record, document, found.requested)):
        yield from _stopped(step, document, found)


def _judge_again(step: Step, document: Document, found: Verdict) -> Iterable[Problem]:
    """What was found earlier must still fit, and no more be above the limit than was asked for."""
    key = step.get(document.route_field)
    if not found.still_fits(key):
        yield from wording.problems(found, document, found.of(key))
        return
    route, before = document.routes.get(key), step.get(document.snapshot.excess) if document.snapshot.excess else None
    if route is not None and route.keeps_excess and found.main.excess > (before or NOTHING):
        yield wording.grown(found, document, route, before or NOTHING)


def _stopped(step: Step, document: Document, found: Verdict) -> Iterable[Problem]:
    """Why none of the ways of a step fits, or which way is open instead."""
    ways = [way for way in found.tried if way.taken_by(step.move.key)]
    if ways:
        yield from wording.problems(found, document, ways=ways)
    elif found.chosen is not None:
        yield wording.open_instead(found.chosen, document, step.move)


def granted(record: Any, document: Document, amount: Decimal) -> bool:
    """Whether a document was let go before for this much."""
    before = getattr(record, document.snapshot.granted, None) if document.snapshot.granted else None
    return before is not None and amount <= before


@moves.effect(EFFECT, early=True)
def keep_verdict(moved: Moved) -> None:
    """Write what the check found into the document, before anybody is told of the step."""
    record: Any = moved.record
    document, found = document_of(record), getattr(record, "_credit_verdict", None)
    if document is None or found is None or moved.move is None:
        return
    again = moved.move.key in document.rechecks
    way = (found.of(moved.whole.get(document.route_field)) if again else None) or found.chosen
    if way is None:
        return
    values = {} if again else {document.route_field: way.key}
    kept, limit = document.snapshot, way.ceiling.amount if way.ceiling.key else found.main.ceiling.amount
    told = {
        kept.limit: limit, kept.used: found.used, kept.excess: found.main.excess, kept.at: moved.at,
        kept.verdict: wording.kept(found),
    }  # fmt: skip
    moved.whole.update(values | {name: value for name, value in told.items() if name})


moves.guard(GUARD)(judge_step)


def note_granted(moved: Moved) -> None:
    """A document is granted for what it comes to when it begins to use credit; sent back to be changed, for nothing."""
    record: Any = moved.record
    document = document_of(record)
    name = document.snapshot.granted if document else ""
    if document is None or not name:
        return
    if uses(record, document):
        if getattr(record, name) is None:
            setattr(record, name, _asked(document, moved.whole.get))
    elif not moved.lifecycle.states[record.status].final:
        setattr(record, name, None)


moves.on_moved(note_granted, order=5)


def stopped_at_save(draft: saving.Draft) -> Iterable[Problem]:
    """A document that a bar keeps from being written down at all."""
    record: Any = draft.whole.record
    document = document_of(record) if record.id is None else None
    bars = [bar for bar in document.bars.values() if bar.at_save] if document else []
    if document is None or not bars or not (party := draft.get(document.customer_field)):
        return
    known = knowledge_of(record, draft.get, party)
    asked = Question(NOTHING, (), known.read, known.ceiling, known.settings.resolve, known.name, known.say)
    for bar in barred(bars, asked):
        yield wording.barring(bar, document)


saving.check_all(stopped_at_save)


def _after_edit(whole: Whole, changed: Mapping[str, Any]) -> None:
    """A document that counts as used is not raised beyond what is free, unless it was granted so much."""
    record: Any = whole.record
    document = document_of(record)
    if document is None or not {document.amount_field, *document.less_fields} & set(changed):
        return
    if not uses(record, document) or (found := verdict(record, whole.get)) is None:
        return
    if found.requested <= (getattr(record, "_credit_before", None) or NOTHING):
        return
    if not granted(record, document, found.requested) and found.chosen is None:
        raise Refusal(*wording.problems(found, document))


saving.after_update(_after_edit)


def exposure_of(credit: Credit, adopter_id: int, party: int) -> Decimal:
    """All that a customer, with its group, uses now."""
    session.flush()
    members = members_of(heads_of([party])[party])
    return sum((part.amount for part in exposure.used_by(credit, adopter_id, members)), NOTHING)
