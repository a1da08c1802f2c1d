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
    "promise_follows_answer": _l("the promise follows the first answer"),
    "discussed_by_now": _l("the discussion lies between the acceptance and now"),
    "overrun_reported": _l("whoever is late reports on the overrun"),
    "amount_as_agreed": _l("the amount is not above the remedy agreed upon"),
    "outside_party_recorded": _l("what an outside party bears is written down, together with marketing"),
    "compensation_given": _l("the compensation agreed upon was given"),
    "part_of_remedy": _l("the remedy is signed"),
    "decider_not_fined": _l("nobody decides the own penalty"),
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
    "no_open_edition": _l("no correction is open"),
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
    "joint_limit_ahead": _l("the limit of joint handling lies ahead"),
    "joint_recorded": _l("R&D was alerted and the joint handling is written down"),
    "report_handed_in": _l("the report after the investigation was handed in"),
    "loss_approved": _l("where the fault is our own, its loss is approved"),
    "visit_dated": _l("the visit lies between the opinion and now"),
    "visitor_fits": _l("the manager went, or named whom he sent"),
    "grievance_visited": _l("a complaining customer was visited"),
    "serious_by_letter": _l("a serious opinion is answered by letter"),
    "told_dated": _l("the answer lies between the opinion and now"),
    "quantities_equal": _l("what came back agrees to the piece"),
    "both_signed": _l("we and the customer have signed"),
    "no_interest": _l("nobody with an interest in the case is asked"),
    "accused_settled": _l("whoever is named is chosen, or nobody of ours"),
    "identity_kept": _l("a known informant stands in the identity record"),
    "notice_without_identity": _l("nothing in the case tells who the informant is"),
    "worth_handling": _l("a signed matter without value is explained first"),
    "worthless_anonymous": _l("it is anonymous, names nobody, is not concrete and has no value"),
    "truly_explained": _l("the situation was explained"),
    "unit_serves_area": _l("the unit serves the supply area"),
    "outside_evidence": _l("evidence from outside the system is needed"),
    "extension_allowed": _l("the lower level asks, all conditions hold, within the longest limit"),
    "team_set_up": _l("the joint team is set up"),
    "team_concluded": _l("the joint team has concluded"),
    "team_led_by_centre": _l("the service centre leads the team"),
    "team_uninvolved": _l("nobody in the team has an interest"),
    "conduct_reported": _l("a conduct case was reported upward"),
    "answered_or_reason": _l("the informant was answered, or it is written why not"),
    "nobody_to_answer": _l("there is no way to the informant"),
    "file_complete": _l("report and signature are there"),
    "every_item_registered": _l("every item found is registered"),
    "disposition_fits": _l("whoever asks for an identity asks himself"),
    "replacement_free": _l("the replacement has no interest"),
    "material_complete": _l("the material is complete"),
    "contact_dated": _l("the first contact lies between the receipt and now, and the customer was told how it goes on"),
    "attempts_made": _l("the customer was tried often enough, on enough days"),
    "guidance_given": _l("the special report was instructed upon"),
    "meeting_goes_on": _l("the meeting decided, and did not close the case"),
    "meeting_closes": _l("the meeting decided to close the case"),
    "times_ahead": _l("times that are set lie ahead"),
    "finished_by_now": _l("the work was finished after it was taken on"),
    "visited_by_now": _l("the visit follows the work"),
    "first_contact_told": _l("the first contact was told"),
    "accepted_or_head": _l("the customer accepts it, or the head has come forward"),
    "restated_when_heard": _l("what was told by mouth was repeated to the customer"),
    "agreed_in_time": _l("the agreed time is within the limit"),
    "fault_decided": _l("who is at fault is decided, and the apology made"),
    "head_confirmed": _l("the head confirmed that it goes beyond the outlet"),
    "letter_copied": _l("the letter is filed and a copy is kept"),
    "head_office_answered": _l("head office gave its result"),
    "head_signed": _l("the head signed"),
    "customer_replied": _l("a customer who left a contact was answered"),
    "next_entry": _l("the entries of the book follow each other"),
    "once_a_day": _l("the book is read once a day"),
    "both_agreed": _l("the department and the board agree"),
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
    "dated_in_order": _l("what is said to have happened lies between the receipt and now"),
    "wait_lies_ahead": _l("the waiting time lies ahead"),
    "limits_told": _l("the limits of the company were explained"),
    "nobody_named": _l("no personal data of the complaint stands in it"),
    "discussion_held": _l("the discussion was held"),
    "held_by_now": _l("it was held"),
    "action_stored": _l("a corrective action with its root cause is stored"),
    "actions_verified": _l("every corrective action is verified"),
    "study_discussed": _l("the case study is published and discussed"),
    # effects
    "tell_general_manager": _l("tells the general manager"),
    "note_word": _l("keeps what the customer was told"),
    "send_to_business": _l("shows it to the business department"),
    "show_to_tracker": _l("shows it to whoever follows the case"),
    "show_to_marketing": _l("shows it to the marketing centre"),
    "publish_study": _l("shows it to everybody and calls the discussion"),
    "end_discussion": _l("ends the discussion of the case study"),
    "give_to_responsible": _l("gives it to the person responsible and tells him"),
    "emergency_attended": _l("customer relations, the department and the general manager took part"),
    "emergency_held": _l("the emergency meeting was held"),
    "both_negotiate": _l("both managers take part"),
    "negotiated_jointly": _l("both managers came to an agreement with the customer"),
    "informed_after_decision": _l("the customer is told after the general manager agreed"),
    "review_written": _l("summary and evaluation are written"),
    "supervisor_independent": _l("the supervisor did not draft it"),
    "appointed_supervisor": _l("only the appointed supervisor"),
    "count_vehicle": _l("counts the complaints of the vehicle"),
    "route_complaint": _l("names the department and the handler"),
    "open_suggestion": _l("goes on as a suggestion"),
    "call_emergency": _l("calls the department manager and the general manager"),
    "open_enquiry": _l("plans the question how satisfied the customer is"),
    "tell_satisfaction": _l("tells the case the customer's answer"),
    "open_review": _l("begins the summary and evaluation"),
    "call_supervisor": _l("shows it to the supervisor and tells him"),
    "classify_level": _l("finds the level by the criteria"),
    "keep_contact": _l("the time to the next contact begins"),
    "open_special_report": _l("begins the special report"),
    "open_meeting": _l("puts the case before the meeting"),
    "carry_out_meeting": _l("the decision of the meeting counts as carried out"),
    "tell_fined": _l("shows it to the person concerned and tells him"),
    "close_reported": _l("closes the archived cases that it lists"),
    "call_asked_person": _l("shows it to the person who is asked"),
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
    "count_again": _l("counts the period anew as the next edition"),
    "send_to_audience": _l("lets the units of the report's readers see it"),
    "replace_edition": _l("replaces the edition that it corrects"),
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
    "alert_units": _l("alerts everybody with a post in the units concerned"),
    "name_sender": _l("keeps who sent the visitor"),
    "correct_decision": _l("corrects the approved quantity to what came back"),
    "open_transfers": _l("dispatches it to each department"),
    "open_notices": _l("tells each department"),
    "follow_case": _l("the case follows its transfers"),
    "redo_transfers": _l("gives the transfers back to be done again"),
    "settle_transfers": _l("settles the transfers"),
    "judge_delay": _l("notes whether the delay was told in time"),
    "judge_feedback": _l("notes whether it was fed back in time"),
    "mark_reported": _l("notes when the emergency was reported"),
    "show_project": _l("shows it to the office of the project"),
    "show_outlet": _l("shows it to the outlet"),
    "number_entry": _l("numbers it by book and entry"),
    "tell_unit_head": _l("tells the head of the outlet"),
    "report_above": _l("sends it to the unit above"),
    "show_above": _l("shows it to the unit above"),
    "note_tracking": _l("keeps the note in the case"),
    "tell_result": _l("gives the result to the case"),
    "open_rectification": _l("opens the follow-up of the measure"),
    "open_verification": _l("opens the verification"),
    "pass_case": _l("lets the case go on"),
    "fail_case": _l("leads the case back"),
    "look_for_earlier": _l("looks for an earlier complaint about the same order or product"),
    "open_penalty_review": _l("opens the review of a penalty"),
    "open_visit": _l("plans the return visit"),
    "visit_made": _l("tells the case of the visit"),
    "open_first_feedback": _l("owes the first contact word"),
    "tell_first_contact": _l("tells the first contact"),
    "open_level_report": _l("opens the written report of the level"),
    "tell_rewarded": _l("tells the person rewarded"),
    "slip_issued": _l("issues the slip"),
    "slip_answered": _l("takes the answer to the slip"),
    "number_in_guise": _l("gives the case's number in another guise"),
    "call_handler": _l("lets the handling officer see it, and tells him"),
    "call_team": _l("lets the team see it, and tells them"),
    "send_upward": _l("tells the higher level"),
    "record_shelving": _l("keeps what was shelved, and by whom"),
    "reopen_shelved": _l("notes that it was taken up again"),
    "carry_out_disposition": _l("carries out what was decided"),
    "open_archive_item": _l("hands the file over to the archive"),
    # facts of classes
    "has_loss": _l("A loss was caused"), "has_demand": _l("The customer demands something"),
    "systemic_cause": _l("The cause lies in the system"),
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
