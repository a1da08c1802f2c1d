"""Who may decide a step: in his own name, as a holder of its post, by assignment or as a deputy; never when recused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import barring, clock
from app.core.access import Access, Post
from app.core.db import session
from app.core.errors import Problem, Refusal
from app.core.remembering import while_reading
from app.core.wording import listed, phrases
from app.core.words import post_label
from app.engines.approvals.models import Approval, ApprovalRequest, Recusal
from app.engines.audit.models import AuditEntry
from app.engines.people import operations as people
from app.engines.people.catalogue import role_of_post, roles
from app.engines.people.models import Employee, Holding, OrgUnit
from app.engines.people.operations import Seat
from app.engines.people.seats import units_above

RANKS = ("staff", "supervisor", "manager", "executive")


@dataclass(frozen=True)
class Capacity:
    """In what capacity a person decides: the post, and whom he stands in for."""

    employee_id: int
    post: str | None
    for_employee_id: int | None = None


@dataclass(frozen=True)
class Assignment:
    """Who is asked: anybody who holds the post (no employee), or one person in place of another."""

    employee_id: int | None = None
    in_place_of: int | None = None


def capacity(step: Approval, access: Access, barred: Iterable[int]) -> Capacity | None:
    """In what capacity the person may decide the step; ``None`` when he may not."""
    me = access.employee_id
    if me is None or me in set(barred):
        return None
    if step.employee_id == me:
        return Capacity(me, step.post)
    for post in access.posts:
        if step.employee_id is None and post.code == step.post and _inside(step, post):
            return Capacity(me, post.code, post.for_employee_id)
        if step.employee_id is not None and post.for_employee_id == step.employee_id and step.post in (None, post.code):
            return Capacity(me, step.post, step.employee_id)
    return None


def _inside(step: Approval, post: Post) -> bool:
    return f"/{step.adopter_id}/" in post.unit_path and step.unit_id in (None, post.unit_id)


# -- recusal ---------------------------------------------------------------------------------------------------------


def barred(request: ApprovalRequest, known: Iterable[Recusal] | None = None) -> set[int]:
    """The people who may not decide a request: those recused, if ``known``, and those whom its case is kept from."""
    recused = {row.employee_id for row in (recusals(request) if known is None else known)}
    return recused | barring.people_kept_from(request.of_register, request.record_id)


def recusals(request: ApprovalRequest) -> list[Recusal]:
    """Who may not decide a request, and why."""
    return list(_recusals(request.of_register, request.record_id, request.route))


@while_reading
def _recusals(slug: str, record_id: int, route: str) -> list[Recusal]:
    found = sa.select(Recusal).filter_by(of_register=slug, record_id=record_id, route=route)
    return list(session.scalars(found.order_by(Recusal.id)))


def bar(place: tuple[str, int, str], people_: Iterable[int | None], cause: str, detail: str = "") -> None:
    """Keep people from deciding a route of a record; ``place`` is (register, record, route)."""
    slug, record_id, route = place
    known = sa.select(Recusal.employee_id).filter_by(of_register=slug, record_id=record_id, route=route)
    fresh = {person for person in people_ if person is not None} - set(session.scalars(known))
    session.add_all(
        Recusal(of_register=slug, record_id=record_id, route=route, employee_id=person, cause=cause, detail=detail)
        for person in sorted(fresh)
    )
    session.flush()


def acted(request: ApprovalRequest) -> list[tuple[str, int]]:
    """(post, employee) of every step taken on the record so far: its moves and its decisions."""
    trail = sa.select(AuditEntry.params, Employee.id).join(Employee, Employee.account_id == AuditEntry.account_id)
    moved = trail.where(
        AuditEntry.register == request.of_register, AuditEntry.record_id == request.record_id, AuditEntry.kind == "move"
    )
    answered = (
        sa.select(Approval.decided_as, Approval.decided_by_id)
        .join(ApprovalRequest, ApprovalRequest.id == Approval.request_id)
        .where(
            ApprovalRequest.of_register == request.of_register, ApprovalRequest.record_id == request.record_id,
            Approval.decided_as.is_not(None),
        )
    )
    found = [(params.get("post", ""), person) for params, person in session.execute(moved)]
    return found + [(row.decided_as, row.decided_by_id) for row in session.execute(answered)]


def kept_apart(request: ApprovalRequest, post: str | None, employee_id: int) -> list[Problem]:
    """Why a person may not decide in a post after what he did on the same record before."""
    return people.conflicts(request.policy, acted(request), post, employee_id) if post else []


def bar_by_duty(step: Approval, request: ApprovalRequest, held: Sequence[Seat]) -> None:
    """Recuse the holders whose earlier steps on the record are kept apart from this one."""
    before = acted(request) if step.post and held else []
    kept = {s.employee_id for s in held if before and people.conflicts(request.policy, before, s.post, s.employee_id)}
    bar((request.of_register, request.record_id, request.route), sorted(kept), "duty")


# -- who is asked ----------------------------------------------------------------------------------------------------


def seats(step: Approval, posts: Sequence[str] = ()) -> list[Seat]:
    """Everybody who holds the step's post (or the given ones) inside the adopting unit, deputies included."""
    wanted = tuple(posts) or ((step.post,) if step.post else ())
    found = _holders(wanted, people.path_of(step.adopter_id)) if wanted else []
    return [seat for seat in found if step.unit_id is None or seat.unit_id == step.unit_id or posts]


@while_reading
def _holders(posts: tuple[str, ...], within: str) -> list[Seat]:
    return people.holders_many(posts, [within])


def assign(step: Approval, request: ApprovalRequest) -> Assignment:
    """Holders who are not recused, else their deputies, else a superior.

    Raises ``Refusal`` naming who must appoint somebody when nobody is left.
    """
    held = seats(step)
    bar_by_duty(step, request, held)
    out = barred(request)
    if any(seat.employee_id not in out for seat in held):
        return Assignment()
    own = [seat.employee_id for seat in held if seat.for_employee_id is None]
    for superior in superiors(step, request):
        if superior not in out:
            return Assignment(superior, own[0] if own else None)
    raise Refusal(_nobody_left(step, request, own))


def higher_posts(step: Approval, request: ApprovalRequest) -> list[str]:
    """The posts above the step's on the ladder of its authority."""
    ladder = list((request.frozen.get("authority") or {}).get("ladder", ()))
    return ladder[ladder.index(step.post) + 1 :] if step.post in ladder else []


def superiors(step: Approval, request: ApprovalRequest) -> list[int]:
    """Who stands above the post: the next posts of the authority ladder, then the heads of its unit and those above."""
    found: list[int] = []
    if higher := higher_posts(step, request):
        held = seats(step, higher)
        found += [seat.employee_id for post in higher for seat in held if seat.post == post]
    if step.unit_id is not None:
        found += _same_post_above(step)
    return list(dict.fromkeys([*found, *_heads(step), *(_executives(step) if step.unit_id else [])]))


def _same_post_above(step: Approval) -> list[int]:
    """Who holds the step's own post in the units above the one that was asked, the nearest first."""
    assert step.unit_id is not None
    within = people.path_of(step.adopter_id)
    above = units_above(step.unit_id, within)[1:]
    held = people.holders_many([step.post] if step.post else [], [within])
    return [seat.employee_id for unit_id in above for seat in held if seat.unit_id == unit_id]


def _executives(step: Approval) -> list[int]:
    """The executives of the adopting unit by staff number: the last resort for a post of a department."""
    higher = [slug for slug, role in roles().items() if role.level == RANKS[-1]]
    query = (
        sa.select(Holding.owner_id)
        .join(OrgUnit, OrgUnit.id == Holding.unit_id)
        .join(Employee, Employee.id == Holding.owner_id)
        .where(
            Holding.role.in_(higher), OrgUnit.path.startswith(people.path_of(step.adopter_id), autoescape=True),
            Holding.holds_on(clock.today()), Employee.active,
        )
        .order_by(Employee.number)
    )
    return list(session.scalars(query))


def _heads(step: Approval) -> list[int]:
    """Holders of a higher role in the unit of the post or above it, the nearest unit first."""
    if step.post is None or step.post not in role_of_post():
        return []
    level = roles()[role_of_post()[step.post]].level
    above = RANKS[RANKS.index(level) + 1 :] if level in RANKS else ()
    higher = [slug for slug, role in roles().items() if role.level in above]
    unit_id = step.unit_id or people.unit_of_post(step.post, people.path_of(step.adopter_id)) or step.adopter_id
    units = [int(part) for part in people.path_of(unit_id).strip("/").split("/")]
    query = (
        sa.select(Holding.owner_id)
        .join(OrgUnit, OrgUnit.id == Holding.unit_id)
        .join(Employee, Employee.id == Holding.owner_id)
        .where(Holding.role.in_(higher), Holding.unit_id.in_(units), Holding.holds_on(clock.today()), Employee.active)
        .order_by(sa.func.length(OrgUnit.path).desc(), Employee.number)
    )
    return list(session.scalars(query))


def _nobody_left(step: Approval, request: ApprovalRequest, own: Sequence[int]) -> Problem:
    post, clause = post_label(step.post or ""), request.frozen["clause"]
    if not own:
        text = _(
            "Nobody holds the post “%(post)s” where %(policy)s applies; an administrator gives it to somebody first.",
            post=post, policy=request.policy,
        )
        return Problem(text, None, "holder", clause)
    text = _(
        "Everybody who could decide as “%(post)s” is recused: %(people)s. "
        "%(people)s or an administrator appoints a deputy first.", post=post, people=names(own),
    )
    return Problem(text, None, "recusal", clause)


# -- in words --------------------------------------------------------------------------------------------------------


def names(ids: Iterable[int]) -> str:
    """People by name, by staff number."""
    wanted = frozenset(ids)
    return listed(_names(wanted)) if wanted else ""


@while_reading
def _names(ids: frozenset[int]) -> list[str]:
    found = sa.select(Employee.name).where(Employee.id.in_(ids))
    return list(session.scalars(found.order_by(Employee.number)))


def deciders(step: Approval, request: ApprovalRequest) -> list[int]:
    """The people who may decide a step now."""
    out = barred(request)
    if step.employee_id is not None:
        return [] if step.employee_id in out else [step.employee_id]
    return [person for person in dict.fromkeys(seat.employee_id for seat in seats(step)) if person not in out]


def asked(step: Approval, request: ApprovalRequest) -> str:
    """Who may decide a step, by post and name."""
    people_ = names(deciders(step, request))
    if step.post is None:
        return people_
    return _("%(post)s (%(people)s)", post=post_label(step.post), people=people_ or "—")


def wrong_person(request: ApprovalRequest, steps: Iterable[Approval], access: Access) -> Problem:
    """Why this person may not decide, and who may instead, with the clause."""
    clause = request.frozen["clause"]
    who = phrases(asked(step, request) for step in steps)
    mine = next((r for r in recusals(request) if r.employee_id == access.employee_id), None)
    if mine is not None:
        text = _("You are recused from this decision (%(why)s). It is for: %(who)s.", why=cause_text(mine), who=who)
        return Problem(text, None, "recusal", clause)
    return Problem(_("This decision is not yours. It is for: %(who)s.", who=who), None, "authority", clause)


def cause_text(recusal: Recusal) -> str:
    """Why a person is recused."""
    words: dict[str, Any] = {
        "move": _("took part as author"), "field": _("is named in the case"), "opener": _("put the request forward"),
        "duty": _("took a step in this case that is kept apart from deciding"), "self": recusal.detail,
    }
    return str(words[recusal.cause])
