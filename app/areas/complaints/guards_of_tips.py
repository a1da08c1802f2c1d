"""Guards that packs name for tip-offs: identity kept apart, routing, extension, answer, and the complete file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.complaints.complaint import Complaint
from app.areas.complaints.customer_reply import CustomerReply
from app.areas.complaints.informant_identity import InformantIdentity
from app.areas.complaints.joint_investigation import JointInvestigation
from app.core import clock
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Step, guard
from app.engines.deadlines import operations as clocks
from app.engines.people.models import OrgUnit
from app.engines.people.operations import holders
from app.engines.shielding import operations as shielding

SIGNED = ("signed", "wishes_anonymity")
SHORTEST = 2
PERSONAL = ("name", "workplace", "address", "phone")


def identity_of(complaint_id: int) -> InformantIdentity | None:
    """Who told of a case, for the program itself."""
    return session.scalar(sa.select(InformantIdentity).filter_by(complaint_id=complaint_id))


@guard("accused_settled")
def accused_settled(step: Step) -> Iterable[Problem]:
    """Whoever is named in words is chosen among people and units, or is marked as nobody of ours."""
    chosen = step.get("accused_people") or step.get("accused_unit_id") or step.get("accused_outside")
    if step.get("accused") and not chosen:
        text = _("Choose whoever is named among the people or units, or mark that it is nobody of ours.")
        yield Problem(text, "accused_people", "accused_settled", "第十九条（三）")


@guard("identity_kept")
def identity_kept(step: Step) -> Iterable[Problem]:
    """A known informant stands in the identity record, an anonymous one does not."""
    found = identity_of(step.whole.record.id)
    named = bool(found and found.name)
    if step.get("signing") in SIGNED and not named:
        text = _("Write the name of the informant into the identity record, apart from the case.")
        yield Problem(text, "signing", "identity_kept", "第十九条（二）")
    if step.get("signing") == "anonymous" and named:
        text = _("The identity record holds a name: the informant is not anonymous.")
        yield Problem(text, "signing", "identity_kept", "第六条（一）2")


@guard("notice_without_identity")
def notice_without_identity(step: Step) -> Iterable[Problem]:
    """Nothing in the case itself tells who the informant is."""
    found = identity_of(step.whole.record.id)
    telling = [value for name in PERSONAL if found and len(value := getattr(found, name) or "") >= SHORTEST]
    for name, spec in step.whole.fields.items():
        text = step.get(name) if spec.kind.name in ("text", "longtext") else None
        if isinstance(text, str) and any(value in text for value in telling):
            said = _("%(field)s tells who the informant is; that is for the identity record.", field=spec.label)
            yield Problem(said, name, "notice_without_identity", "第十九条（二）")


@guard("worth_handling")
def worth_handling(step: Step) -> Iterable[Problem]:
    """A signed matter without value is explained, or more material is asked for, before anything else."""
    if step.get("signing") in SIGNED and step.get("value") in ("worthless", "need_more"):
        text = _("Explain the situation to the informant, or ask for more material.")
        yield Problem(text, "value", "worth_handling", "第七条（四）")


@guard("worthless_anonymous")
def worthless_anonymous(step: Step) -> Iterable[Problem]:
    """Only an anonymous matter that names nobody, is not concrete and has no value is shelved."""
    named = step.get("accused") or step.get("accused_people") or step.get("accused_unit_id")
    wrong = (
        ("signing", step.get("signing") != "anonymous", _("It is signed: explain, or ask for more material.")),
        ("accused", bool(named), _("Somebody is named: it is handled.")),
        ("vague", not step.get("vague"), _("Its content is concrete: it is handled.")),
        ("value", step.get("value") != "worthless", _("It is worth an investigation: it is handled.")),
    )
    for name, broken, text in wrong:
        if broken:
            yield Problem(text, name, "worthless_anonymous", step.move.clause)


@guard("truly_explained")
def truly_explained(step: Step) -> Iterable[Problem]:
    """The situation was explained to the informant."""
    if not step.get("material_explained"):
        text = _("Explain the situation to the informant first.")
        yield Problem(text, "material_explained", "truly_explained", step.move.clause)


@guard("unit_serves_area")
def unit_serves_area(step: Step) -> Iterable[Problem]:
    """The business department serves the supply area of the case."""
    unit = session.get(OrgUnit, step.get("handling_unit_id") or 0)
    if unit is not None and unit.area not in (step.get("area"), "both"):
        text = _("“%(unit)s” does not serve this supply area.", unit=unit.name)
        yield Problem(text, "handling_unit_id", "unit_serves_area", step.move.clause)


@guard("outside_evidence")
def outside_evidence(step: Step) -> Iterable[Problem]:
    """A case is complex because evidence from outside the system is needed."""
    if not step.get("outside_units"):
        text = _("A case is complex when evidence from units outside the system is needed; mark it.")
        yield Problem(text, "outside_units", "outside_evidence", step.move.clause)


@guard("extension_allowed")
def extension_allowed(step: Step) -> Iterable[Problem]:
    """Only the lower level gets more time, when all three conditions hold, and within the longest limit."""
    if not step.whole.get("passed_down"):
        text = _("Only what was passed to the lower level is extended; the own limit ends with the complex case.")
        yield Problem(text, "extension_until", "lower_level", step.move.clause)
    for name in ("outside_units", "economic_penalty", "accountability"):
        if not step.get(name):
            label = step.whole.fields[name].label
            text = _("An extension needs: %(condition)s.", condition=label)
            yield Problem(text, name, "extension_conditions", step.move.clause)
    yield from _within_longest(step)


def _within_longest(step: Step) -> Iterator[Problem]:
    until, record = step.get("extension_until"), step.whole.record
    running = clocks.open_clocks("complaint", record.id)
    longest = next((row for row in running if row.key.endswith(".lower_total")), None)
    if until is None or longest is None:
        return
    last = clock.to_local(longest.due_at).date()
    if until > last:
        text = _("The extension ends on %(day)s at the latest.", day=last.isoformat())
        yield Problem(text, "extension_until", "longest", step.move.clause)


@guard("team_set_up")
def team_set_up(step: Step) -> Iterable[Problem]:
    """The service centre has set up the joint team."""
    if not _teams(step.whole.record.id, "working", "concluded"):
        text = _("The customer-service centre sets up a joint team for this case first.")
        yield Problem(text, None, "team_set_up", step.move.clause)


@guard("team_concluded")
def team_concluded(step: Step) -> Iterable[Problem]:
    """The joint team has written its conclusion."""
    if not _teams(step.whole.record.id, "concluded"):
        yield Problem(_("The joint team concludes first."), None, "team_concluded", step.move.clause)


def _teams(complaint_id: int, *states: str) -> bool:
    found = sa.select(JointInvestigation.id).where(
        JointInvestigation.complaint_id == complaint_id, JointInvestigation.status.in_(states)
    )
    return session.scalar(found.limit(1)) is not None


@guard("team_led_by_centre")
def team_led_by_centre(step: Step) -> Iterable[Problem]:
    """The leader of a joint team holds a post of the customer-service centre."""
    post = f"{step.lifecycle.policy}.service_centre"
    leaders = [person.id for person in holders(post, step.lifecycle.within)]
    if step.get("leader_id") not in leaders:
        text = _("A joint team is led by the customer-service centre.")
        yield Problem(text, "leader_id", "team_led_by_centre", step.move.clause)


@guard("team_uninvolved")
def team_uninvolved(step: Step) -> Iterable[Problem]:
    """Nobody in a team has an interest in its case."""
    case = session.get(Complaint, step.get("complaint_id") or 0)
    people = [*(step.get("members") or ()), *([step.get("leader_id")] if step.get("leader_id") else ())]
    who = shielding.interested(case, people, step.get("departments") or ()) if case is not None else ""
    if who:
        text = _("%(who)s has an interest in this case and stays out of it.", who=who)
        yield Problem(text, "members", "recusal", "第十八条")


@guard("conduct_reported")
def conduct_reported(step: Step) -> Iterable[Problem]:
    """What conduct inspection found was reported upward before the end."""
    if step.get("gravity") == "grave_conduct" and step.get("conduct_reported_at") is None:
        text = _("Conduct inspection reports its findings upward first.")
        yield Problem(text, "conduct_reported_at", "conduct_reported", "第七条（五）")


def _answered(complaint_id: int, since: dt.datetime | None) -> bool:
    told = sa.select(CustomerReply.id).where(CustomerReply.complaint_id == complaint_id)
    return session.scalar(told.where(CustomerReply.replied_at >= since) if since else told) is not None


@guard("answered_or_reason")
def answered_or_reason(step: Step) -> Iterable[Problem]:
    """The informant was answered, or it is written why not; a signed tip-off is always answered."""
    if _answered(step.whole.record.id, step.whole.get("decided_at")):
        return
    if step.get("matter") == "tip_off" and step.get("signing") in SIGNED:
        text = _("A signed tip-off is answered: record what was told to the informant.")
        yield Problem(text, None, "reply_signed", step.move.clause)
    elif not step.get("no_reply_reason"):
        text = _("Record what was told to the informant, or write why no reply is given.")
        yield Problem(text, "no_reply_reason", "answered_or_reason", step.move.clause)


@guard("nobody_to_answer")
def nobody_to_answer(step: Step) -> Iterable[Problem]:
    """An anonymous matter ends unanswered when there is no way to its sender."""
    found = identity_of(step.whole.record.id)
    if found and (found.phone or found.address) and found.reply_preference != "none":
        text = _("The identity record holds a way to the informant: answer first.")
        yield Problem(text, None, "nobody_to_answer", step.move.clause)


@guard("file_complete")
def file_complete(step: Step) -> Iterable[Problem]:
    """A file goes to the archive with its report and the head's signature; every gap is named."""
    for name in ("course", "facts_found", "opinion"):
        if not step.get(name):
            label = step.whole.fields[name].label
            text = _("The file lacks: %(part)s.", part=label)
            yield Problem(text, name, "file_complete", "第十五条")
    if step.get("signed_at") is None:
        yield Problem(_("The file lacks the signature of the head."), "signed_at", "head_signature", "第十四条")


@guard("every_item_registered")
def every_item_registered(step: Step) -> Iterable[Problem]:
    """As many cases are registered as letters or entries were found; none is withheld."""
    found, registered = step.get("items"), step.get("registered")
    if found is not None and registered is not None and registered != found:
        text = _("%(found)s were found, %(registered)s are registered.", found=found, registered=registered)
        yield Problem(text, "registered", "every_item_registered", "第十九条（一）")


@guard("disposition_fits")
def disposition_fits(step: Step) -> Iterable[Problem]:
    """An identity is asked for by oneself; nobody asks for his own misconduct to be looked at."""
    if step.get("kind") == "identity" and step.get("person_id") != step.access.employee_id:
        text = _("Whoever wants to see an identity asks himself.")
        yield Problem(text, "person_id", "disposition_fits", "第十九条")
    if step.get("kind") == "identity" and identity_of(step.get("complaint_id") or 0) is None:
        yield Problem(_("There is no identity behind this case."), "complaint_id", "disposition_fits", "第十九条")


@guard("replacement_free")
def replacement_free(step: Step) -> Iterable[Problem]:
    """Whoever replaces a recused person is somebody else without an interest."""
    new, case = step.get("replaced_by_id"), session.get(Complaint, step.get("complaint_id") or 0)
    if new is None or case is None:
        return
    who: Any = new == step.get("person_id") or shielding.interested(case, [new])
    if who:
        text = _("Choose somebody without an interest in this case.")
        yield Problem(text, "replaced_by_id", "recusal", "第十八条")


@guard("material_complete")
def material_complete(step: Step) -> Iterable[Problem]:
    """The material is complete, the formalities are done, everything is neatly bound."""
    if not step.get("complete"):
        text = _("Only complete, formally right and neatly bound material is put away.")
        yield Problem(text, "complete", "material_complete", "第十五条")
