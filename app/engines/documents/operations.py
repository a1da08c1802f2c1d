"""Copies, their recipients, and the print log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import access, clock, moves
from app.core.db import session
from app.core.errors import Forbidden, Problem
from app.core.moves import Step
from app.core.register import Record, register_of
from app.core.values import names_of
from app.core.whole import Whole
from app.core.wording import N_, listed
from app.core.words import post_label
from app.engines.audit import operations as audit
from app.engines.documents.models import DeliveryReceipt
from app.engines.people import operations as people
from app.engines.policy import operations as policy


def print_rules(record: Any) -> Any:
    """What the record's policy says of its print; ``None`` when it says nothing."""
    if not register_of(record).from_pack:
        return None
    slug = register_of(record).slug
    rules = policy.pack_for(record.pack_version_id).prints.values()
    return next((rule for rule in rules if rule.register_ == slug), None)


def check_may_print(record: Any) -> None:
    """Refuse a print that the policy forbids to the person's posts, naming the clause."""
    rules = print_rules(record)
    if rules is None or not rules.no_print:
        return
    person, within = access.current(), policy.lifecycle(record).within
    allowed = _allowed_posts(record, rules)
    if person.holds(_codes(record, rules.no_print), within) and not person.holds(allowed, within):
        text = str(rules.no_print_text) if rules.no_print_text else _("This form is not printed by your post.")
        raise Forbidden(Problem(text, rule="no_print", clause=rules.clause))


def _codes(record: Any, posts: Iterable[str]) -> list[str]:
    return [f"{record.policy}.{post}" for post in posts]


def _allowed_posts(record: Any, rules: Any) -> list[str]:
    posts = policy.pack_for(record.pack_version_id).posts
    return _codes(record, [post for post in posts if post not in rules.no_print])


def log_print(record: Record, copy: str, form: str) -> None:
    """Keep who printed which copy in which form."""
    text = N_("Printed (%(form)s) %(copy)s")
    audit.note(record, "act", text, {"form": form, "copy": copy})


def distribute(record: Any, move: str = "") -> list[DeliveryReceipt]:
    """Send the copies that go out with a step to the units of their posts; a second call sends nothing twice."""
    rules = print_rules(record)
    if rules is None:
        return []
    known = {receipt.copy_no for receipt in copies_of(record)}
    whole = moves.whole_of(record)
    due = [copy for copy in rules.copies if copy.number not in known and (not copy.on or move in copy.on)]
    sent = [_send(whole, rules, copy) for copy in due]
    session.add_all(sent)
    session.flush()
    return sent


def _send(whole: Whole, rules: Any, copy: Any) -> DeliveryReceipt:
    """One copy to the unit that the case names or that holds the post; that of the case's own unit to its person."""
    record: Any = whole.record
    code, within = f"{record.policy}.{copy.post}", policy.lifecycle(record).within
    named = whole.get(copy.unit_field) if copy.unit_field else None
    unit_id = named or people.unit_of_post(code, within) or record.adopter_id
    moves.send_to(record, unit_id, code)
    register = register_of(record)
    number = getattr(record, register.title) or ""
    return DeliveryReceipt(
        register_slug=register.slug, record_id=record.id, subject=f"{number} {rules.title}", copy_no=copy.number,
        label={"zh": copy.label.zh, "en": copy.label.en}, unit_id=unit_id,
        owner_id=record.owner_id if unit_id == record.unit_id else None,
    )


@moves.guard("copy_holder")
def _only_holder(step: Step) -> Iterable[Problem]:
    """A copy is acknowledged in the unit that holds it, or by the person whom it went to."""
    receipt: Any = step.whole.record
    units = {reach.unit_id for reach in step.access.reaches(DeliveryReceipt.__tablename__, "move")}
    if receipt.unit_id not in units and receipt.owner_id != step.access.employee_id:
        unit = names_of([("org_unit", receipt.unit_id)])[("org_unit", receipt.unit_id)]
        text = _("This copy is acknowledged by “%(unit)s”, which holds it.", unit=unit)
        raise Forbidden(Problem(text, rule="holder"))
    return ()


def copies_of(record: Record) -> Sequence[DeliveryReceipt]:
    """The copies of a record that were sent, by number."""
    return session.scalars(_sent(sa.select(DeliveryReceipt), record)).all()


def copies_query(record: Record) -> sa.Select[Any]:
    """The same as a query of columns, for a page that asks for more with it."""
    return _sent(sa.select(*DeliveryReceipt.__table__.c), record)


def _sent(query: sa.Select[Any], record: Record) -> sa.Select[Any]:
    here = (DeliveryReceipt.register_slug == register_of(record).slug) & (DeliveryReceipt.record_id == record.id)
    return query.where(here).order_by(DeliveryReceipt.copy_no)


def named_by(copies: Sequence[Any]) -> list[tuple[str, int | None]]:
    """The units and people that the copies name, as pairs for ``names_of``."""
    return [pair for copy in copies for pair in (("org_unit", copy.unit_id), ("employee", copy.acknowledged_by_id))]


def copies_to_come(record: Any, gone: Sequence[Any]) -> list[Any]:
    """The copies that the policy names and that are not among those that went out; their post with its policy."""
    rules = print_rules(record)
    sent = {copy.copy_no for copy in gone}
    waiting = [copy for copy in rules.copies if copy.number not in sent] if rules else []
    return [copy.model_copy(update={"post": f"{record.policy}.{copy.post}"}) for copy in waiting]


def company_of(record: Any) -> str:
    """The company on whose paper a case prints: the top of the units above the one that adopted its policy."""
    if not register_of(record).from_pack:
        return ""
    top = int(people.path_of(record.adopter_id).strip("/").split("/")[0])
    return names_of([("org_unit", top)]).get(("org_unit", top), "")


def opinions_of(record: Any) -> dict[str, str]:
    """The fields of a case that belong to posts, in the order of the pack, with the names of these posts."""
    register = register_of(record)
    if not register.from_pack:
        return {}
    case = policy.pack_for(record.pack_version_id).cases[register.slug]
    return {
        name: listed(post_label(f"{record.policy}.{post}") for post in opinion.posts)
        for name, opinion in case.opinions.items()
    }


def writers_of(record: Record, fields: Iterable[str]) -> dict[str, dict[str, str]]:
    """Who wrote each field last, and when."""
    wanted, found = set(fields), {}
    for entry in audit.history(register_of(record).guarded_by, record.id):
        for name in wanted & set(entry.changes):
            found[name] = {"name": entry.who, "when": clock.to_local(entry.at).strftime("%Y-%m-%d %H:%M")}
    return found
