"""Case studies and corrective actions: nobody's personal data in them, and no case closed without them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.complaints.case_study import CaseStudy
from app.areas.complaints.complaint import Complaint
from app.areas.complaints.corrective_action import CorrectiveAction
from app.areas.complaints.opening import open_beside
from app.areas.customers.operations import Customer
from app.areas.organisation.operations import Meeting
from app.core import access, clock, moves
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Moved, Step, effect, guard
from app.core.saving import Draft, before_create, check
from app.core.scope import call_in
from app.core.whole import Whole
from app.core.wording import N_
from app.engines.notifications import operations as notifications
from app.engines.people import operations as people
from app.engines.people.models import Employee, OrgUnit
from app.engines.policy import operations as policy

OWN = ("complainant", "complainant_phone", "complainant_address")
OF_CUSTOMER = ("name", "contact_name", "contact_phone")
SHORTEST = 2
TEXTS = {
    "case_study": ("heading", "background", "cause", "lesson"),
    "study_comment": ("text",),
    "meeting": ("subject", "content", "decision", "open_points", "present"),
}
ASKED = N_("You are responsible for a corrective action: %(action)s, due on %(due)s.")
PUBLISHED = N_("A case for everybody to discuss: %(heading)s.")
CLAUSE = "3.3.1"


# -- nobody's data -----------------------------------------------------------------------------------------------------


def _bare(text: str) -> str:
    """A text without what people put between the digits and letters of a name or number."""
    return re.sub(r"[\s\-—·.()（）+]", "", text).casefold()


def telling(case: Any) -> Iterator[tuple[str, str]]:
    """What would tell who the customer of a complaint is: the name of the field, the bare value."""
    customer = session.get(Customer, case.customer_id or 0)
    whole = moves.whole_of(case)
    named = [(whole.fields[name].label, getattr(case, name)) for name in OWN if name in whole.fields]
    if customer is not None:
        known = Customer.register.fields
        named += [(known[name].label, getattr(customer, name)) for name in OF_CUSTOMER]
    for label, value in named:
        if value and len(bare := _bare(str(value))) >= SHORTEST:
            yield str(label), bare


def unmasked(case: Any, texts: Iterable[tuple[str, Any, str | None]], clause: str | None) -> Iterator[Problem]:
    """A problem for each field (name, label, text) that holds personal data of the case."""
    known = list(telling(case))
    for name, label, text in texts:
        for what, value in known:
            if text and value in _bare(text):
                said = _("“%(field)s” holds “%(what)s” of the complaint: write initials only.", field=label, what=what)
                yield Problem(said, name, "unmasked", clause)


def _texts(whole: Whole, read: Any) -> list[tuple[str, Any, str | None]]:
    names = TEXTS[whole.register.slug]
    return [(name, whole.fields[name].label, read(name)) for name in names if name in whole.fields]


def _case_of(read: Any) -> Any:
    """The complaint of a study, of a comment on it, or of a meeting about it."""
    study = session.get(CaseStudy, read("study_id") or read("case_study_id") or 0)
    return session.get(Complaint, (study.complaint_id if study else read("complaint_id")) or 0)


@check("case_study")
def study_names_nobody(draft: Draft) -> Iterable[Problem]:
    """A study holds no name and no number of its complaint, and a complaint has one study."""
    case = session.get(Complaint, draft.get("complaint_id") or 0)
    if case is None:
        return
    yield from unmasked(case, _texts(draft.whole, draft.get), CLAUSE)
    mine: int = draft.whole.record.id or 0
    others = sa.select(CaseStudy.id).where(CaseStudy.complaint_id == case.id, CaseStudy.id != mine)
    if session.scalar(others) is not None:
        yield Problem(_("This complaint has its case study already."), "complaint_id", "one_study", CLAUSE)


@check("study_comment")
def comment_names_nobody(draft: Draft) -> Iterable[Problem]:
    """What is said to a study keeps to initials as well, and follows its publication."""
    study = session.get(CaseStudy, draft.get("study_id") or 0)
    if study is None:
        return
    if study.published_at is None:
        yield Problem(_("Only a published case is discussed."), "study_id", "published", CLAUSE)
    yield from unmasked(session.get_one(Complaint, study.complaint_id), _texts(draft.whole, draft.get), CLAUSE)


@before_create("study_comment")
def said_by(whole: Whole) -> None:
    """Who says it, says it for himself."""
    whole.update({"by_id": access.current().employee_id})


@before_create("case_study")
def written_by(whole: Whole) -> None:
    """Whoever writes the study down is its author."""
    whole.update({"author_id": access.current().employee_id})


@guard("nobody_named")
def nobody_named(step: Step) -> Iterable[Problem]:
    """Nothing that everybody is to read holds personal data of the complaint."""
    case = _case_of(lambda name: step.get(name) if name in step.whole.fields else None)
    if case is not None:
        yield from unmasked(case, _texts(step.whole, step.get), step.move.clause)


# -- to everybody ------------------------------------------------------------------------------------------------------


@effect("publish_study")
def publish_study(moved: Moved) -> None:
    """Everybody of the company sees the study and is told; the discussion is called."""
    study: Any = moved.record
    inside = sa.select(OrgUnit.id).where(OrgUnit.path.startswith(people.path_of(study.adopter_id), autoescape=True))
    everybody = list(session.scalars(sa.select(Employee.id).where(Employee.unit_id.in_(inside), Employee.active)))
    for who in everybody:
        call_in(moved.register.slug, study.id, who)
    clause, said = moved.move.clause if moved.move else "", {"heading": study.heading}
    notifications.notify(f"study:{study.id}", everybody, PUBLISHED, said, f"/case_study/{study.id}", clause)
    meeting = open_beside(
        moved, Meeting, study.unit_id, kind="discussion", subject=study.heading, complaint_id=study.complaint_id,
        case_study_id=study.id, submitted_by_id=study.author_id, submitted_on=clock.to_local(moved.at).date(),
    ).record  # fmt: skip
    meeting_: Any = meeting
    meeting_.owner_id = study.owner_id
    session.flush()


@guard("discussion_held")
def discussion_held(step: Step) -> Iterable[Problem]:
    """A meeting about the study was held and has its conclusion."""
    held = sa.select(Meeting.id).where(Meeting.case_study_id == step.whole.record.id, Meeting.decided_at.is_not(None))
    if session.scalar(held) is None:
        text = _("Record the conclusion of the discussion first.")
        yield Problem(text, None, "discussion_held", step.move.clause)


@guard("held_by_now")
def held_by_now(step: Step) -> Iterable[Problem]:
    """A meeting is recorded once it was held."""
    if (at := step.get("held_at")) is not None and at > step.at:
        yield Problem(_("This lies in the future."), "held_at", "not_future", step.move.clause)


@effect("end_discussion")
def end_discussion(moved: Moved) -> None:
    """A study that was talked about carries what came of it."""
    meeting: Any = moved.record
    study: Any = session.get(CaseStudy, meeting.case_study_id or 0)
    if study is not None and study.status == "published":
        study.conclusion = meeting.decision
        session.flush()
        moves.move(study, "discuss", as_system=True)


# -- what a case needs before it is closed -----------------------------------------------------------------------------


def actions_of(complaint_id: int) -> list[Any]:
    """The corrective actions of a complaint, in order."""
    found = sa.select(CorrectiveAction).where(CorrectiveAction.complaint_id == complaint_id)
    return list(session.scalars(found.order_by(CorrectiveAction.id)))


@guard("action_stored")
def action_stored(step: Step) -> Iterable[Problem]:
    """The cause was analysed: a corrective action with cause and person stands."""
    if not any(action.root_cause and action.action_no for action in actions_of(step.whole.record.id)):
        text = _("Write the analysis first: a corrective action with its root cause.")
        yield Problem(text, None, "action_stored", step.move.clause)


@guard("actions_verified")
def actions_verified(step: Step) -> Iterable[Problem]:
    """There is a corrective action, and each was verified."""
    found = actions_of(step.whole.record.id)
    if not found or any(action.effect_confirmed_on is None for action in found):
        text = _("A corrective action of this case is not verified yet.")
        yield Problem(text, None, "actions_verified", step.move.clause)


@guard("study_discussed")
def study_discussed(step: Step) -> Iterable[Problem]:
    """The case study was published and discussed, unless the setting exempts this category."""
    record: Any = step.whole.record
    if step.get("matter") == "other" and policy.parameter(record, "study_exempt_other"):
        return
    done = sa.select(CaseStudy.id).where(CaseStudy.complaint_id == record.id, CaseStudy.discussed_at.is_not(None))
    if session.scalar(done) is None:
        text = _("The case study of this case is not published and discussed yet.")
        yield Problem(text, None, "study_discussed", step.move.clause)


@effect("give_to_responsible", early=True)
def give_to_responsible(moved: Moved) -> None:
    """The action is the responsible person's own from now on, and he is told."""
    action: Any = moved.record
    if action.owner_id != action.responsible_id:
        moves.send_to(action, action.unit_id)
        action.owner_id = action.responsible_id
        session.flush()
    call_in(moved.register.slug, action.id, action.responsible_id)
    said = {"action": action.action_no or f"#{action.id}", "due": action.due_on}
    event, clause = f"action:{action.id}:{moved.at.isoformat()}", moved.move.clause if moved.move else ""
    notifications.notify(event, [action.responsible_id], ASKED, said, f"/{moved.register.slug}/{action.id}", clause)


@check("corrective_action")
def carried_out_by_now(draft: Draft) -> Iterable[Problem]:
    """An action was carried out before it is said so."""
    if (day := draft.get("done_on")) and day > clock.today():
        yield Problem(_("This day lies in the future."), "done_on", "not_future", "3.5.2")
