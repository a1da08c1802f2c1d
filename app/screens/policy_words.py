"""Words for what packs and coverage name by a key: functions, figures, kinds of items, pieces of work, states."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core import clock
from app.engines.policy.coverage import STATES, Coverage, State, coverages
from app.engines.policy.models import APPROVED, DRAFT, PackVersion
from app.engines.policy.reading.words import listed

NAMED: Mapping[str, Any] = {
    # checks
    "pack_rules": _l("the rules of its fields are kept"),
    "sample_or_reason": _l("a sample is attached, or the reason is written"),
    "within_authority": _l("the decided amount is within the decider's authority"),
    "return_quantity_decided": _l("a demanded return has its approved quantity"),
    "reply_recorded": _l("a reply to the customer was recorded after the decision"),
    "collected_or_settled": _l("the money is collected, or the dispute is settled"),
    "no_loss": _l("no loss was caused"),
    "effect_seen": _l("the effect was seen"),
    "decider_not_owner": _l("nobody decides the own case"),
    "collection_day_when_unfounded": _l("an unfounded complaint has its collection day"),
    "amount_rises": _l("the amount rises"),
    "petition_fits_case": _l("the case stands so that the petition is possible"),
    "addressed_unit": _l("only the units that it names"),
    "slip_issuer": _l("only whoever issues such slips"),
    "slip_addressee": _l("only the unit that the slip is for"),
    "everything_sold": _l("nothing is left to sell"),
    "faults_named": _l("every person who bears a share is at fault in one item"),
    "gravity_petitioned": _l("a grade above the table rests on a granted petition"),
    "losses_entered": _l("a loss is entered"),
    "no_open_correction": _l("no correction is open"),
    "resales_ended": _l("no selling window is open any more"),
    "shares_complete": _l("the shares add up to 100"),
    "sheet_replaced": _l("its sheet was corrected first"),
    "still_approved": _l("what it holds is still approved"),
    "month_over": _l("the month is over"),
    "months_in_order": _l("the months before were taken, none after"),
    "pay_items_entered": _l("points and bonuses are entered"),
    "proposal_stands": _l("it is still what would be proposed now"),
    "something_taken": _l("it took something"),
    "within_decision": _l("all papers of the case stay within the decision"),
    "seal_dated": _l("the seal lies between the signatures and today"),
    "customer_sealed": _l("the customer has sealed it"),
    "discount_proven": _l("there is a proof of the discount with its document"),
    "return_proven": _l("there is one proof of the return with its document"),
    "excess_granted": _l("an excess above the tolerance was granted by petition"),
    "posted_once": _l("it is not posted yet"),
    "no_counter_voucher": _l("it is no counter-voucher itself"),
    "something_came": _l("something came back"),
    "rate_known": _l("the rate is known"),
    "telephone_given": _l("a telephone number is given"),
    "handler_in_post": _l("the handler holds the post"),
    "handovers_left": _l("the case was not handed on too often"),
    "step_written": _l("a step of the investigation is written"),
    "talks_failed": _l("the customer was talked to repeatedly"),
    "tried_to_the_end": _l("attempts went on to the last day, gaps are explained"),
    "customer_answered": _l("the customer was answered"),
    "verdict_fits": _l("the verdict is the one that the facts ask for"),
    "all_ticked": _l("everything that it asks is ticked"),
    "class_may_fall": _l("no test of the class holds any more"),
    # effects
    "assign_number": _l("gives the running number"),
    "fix_authority": _l("fixes who decides by amount"),
    "distribute_copies": _l("sends the copies to their keepers"),
    "open_tracking": _l("opens the follow-up of improvements"),
    "open_report": _l("opens the report"),
    "send_to_units": _l("sends it to the units"),
    "call_people": _l("calls the people who are to go along"),
    "open_next_version": _l("opens the next form of the case"),
    "end_joint": _l("ends the head's joint sanction with it"),
    "fix_resale_loss": _l("fixes the loss of resale"),
    "open_correction": _l("opens a new version with the same lines"),
    "propose_sanctions": _l("proposes the sanctions that follow from the shares"),
    "publish_sanctions": _l("announces every sanction in it"),
    "replace_previous": _l("replaces the version that it corrects"),
    "settle_shares": _l("tells everybody who bears a share"),
    "show_notice": _l("shows the notice to the persons concerned"),
    "take_new_sheet": _l("takes the sheet that is in force now"),
    "tell_sanctioned": _l("tells the person sanctioned"),
    "take_over_pay_items": _l("takes points and bonuses over from the month before"),
    "propose_deductions": _l("charges the notices and proposes what the bonuses pay"),
    "drop_proposal": _l("takes the proposal back"),
    "take_deductions": _l("takes the deductions from the bonuses"),
    "counter_entry": _l("takes it back by a counter-entry"),
    "recharge_notice": _l("charges a corrected notice anew"),
    "show_to_books": _l("shows it to whoever posts it"),
    "compare_count": _l("compares the count with the slip"),
    "match_count": _l("matches the count with the approved quantity"),
    "forget_count": _l("forgets the count"),
    "post_voucher": _l("makes the voucher"),
    "counter_voucher": _l("makes the counter-voucher"),
    "slip_issued": _l("issues the slip"),
    "slip_answered": _l("takes the answer to the slip"),
    "look_up_importance": _l("looks the customer up in the list of important ones"),
    "give_to_handler": _l("gives the case to the handler"),
    "hand_over": _l("keeps and counts the hand-over"),
    "hand_back": _l("keeps and counts that it was sent back"),
    "hand_up": _l("keeps that it was reported up"),
    "take_over": _l("receives what was handed over"),
    "climb": _l("reports one level up"),
    "name_superior": _l("names the direct superior"),
    "list_attempts": _l("writes every attempt into the course"),
    "fill_verdict": _l("fills in the verdict that follows from the facts"),
    "judge_finding": _l("judges the finding by the rules of the verdict"),
    "lower_class": _l("lowers the class"),
    "open_referral": _l("opens the referral and closes the case to everybody else"),
    "return_to_complaints": _l("gives the case back to the complaints"),
    "return_home": _l("gives the case back to where it was received"),
    "received_now": _l("notes when it was received"),
    # figures of classes
    "letter": _l("letter of repentance"),
    "deduction": _l("deduction"), "fine": _l("fine"), "times": _l("times"),
    "joint": _l("joint sanction of the head"),
    "fine_per_base": _l("fine per base number"), "forfeit_percent": _l("forfeited per cent of the bonus"),
}
KINDS: Mapping[str, Any] = {
    "register": _l("Registers"), "deadline": _l("Time limits"), "approval": _l("Approvals"), "tier": _l("Classes"),
    "limit": _l("Ceilings"), "calculation": _l("Calculations"), "prohibition": _l("Prohibitions"),
    "permission": _l("Permissions"), "report": _l("Statistics"),
}
WORK: Mapping[str, Any] = {
    "complaints": _l("Complaints"), "consequences": _l("Consequences"), "credit": _l("Credit"),
    "customers": _l("Customers"), "foundation": _l("Foundation"), "futures": _l("Futures"),
    "governance": _l("Governance"), "heating": _l("Heating"), "membership": _l("Membership"),
    "privacy": _l("Data protection"), "procurement": _l("Procurement"), "property": _l("Property"),
    "retail": _l("Retail"), "security_posts": _l("Guarding"), "service": _l("Service"), "staff": _l("Staff"),
    "tiering": _l("Classes"), "visits": _l("Visits"),
}
FEW = 3
TONES = {State.RUNS: "ok", State.PARTLY: "info", State.NOT_YET: "mute"}


def named(key: str) -> Any:
    """What a function or a figure means; an unknown one goes by its key."""
    return NAMED.get(key, key.replace("_", " "))


def work(issue: str) -> str:
    """A piece of work that is still to be done."""
    return str(WORK.get(issue, issue))


def program_state(state: State) -> dict[str, Any]:
    """The badge that says whether the program works by a policy."""
    return {"tone": TONES[state], "label": STATES[state]}


def version_state(version: PackVersion, in_force: PackVersion | None, day: dt.date | None = None) -> dict[str, Any]:
    """The badge of a version: in force, later, superseded, draft or given up."""
    if version.status == DRAFT:
        return {"tone": "warn", "label": _("Draft")}
    if version.status != APPROVED:
        return {"tone": "mute", "label": _("Retired")}
    if in_force is not None and in_force.id == version.id:
        return {"tone": "ok", "label": _("In force")}
    if version.effective_from > (day or clock.today()):
        return {"tone": "info", "label": _("Later")}
    return {"tone": "mute", "label": _("Superseded")}


def done(coverage: Coverage) -> str:
    """How many of the things that a policy asks for have their home."""
    if coverage.same_as:
        return _("as %(code)s", code=coverage.same_as)
    return f"{len(coverage.items) - len(coverage.missing)} / {len(coverage.items)}"


def missing(coverage: Coverage, most: int | None = None) -> str:
    """What is missing, by the work that will bring it; with ``most`` only the largest parts."""
    known = coverages()[coverage.same_as] if coverage.same_as else coverage
    parts = [f"{work(issue)} {count}" for issue, count in known.missing_by_issue.items()]
    more = [_("%(count)s more", count=len(parts) - most)] if most is not None and len(parts) > most else []
    return listed([*parts[:most], *more])
