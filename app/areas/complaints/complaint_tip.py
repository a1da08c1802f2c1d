"""Fields that B05 adds to a complaint: complaints and tip-offs about power supply, whom they name, and their course."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import detail_key
from app.core.openlists import OpenChoices
from app.core.register import Record, Register, Section

KINDS = {"complaint": _l("Complaint"), "tip_off": _l("Tip-off")}
SIGNING = {
    "signed": _l("Signed with a name"), "anonymous": _l("Anonymous"),
    "wishes_anonymity": _l("Known, wishes to stay unnamed"),
}
SCOPES = {
    "three_tens": _l("Against the “three tens”"), "service_standard": _l("Against the service standard"),
    "supply_quality": _l("Quality of supply"), "price_policy": _l("Prices and power policy"),
    "other_service_rule": _l("Other service rules"),
}
GRAVITIES = {
    "ordinary": _l("Ordinary"), "complex": _l("Complex"), "exceptionally_complex": _l("Exceptionally complex"),
    "serious_influence": _l("Grave, wide influence"), "grave_conduct": _l("Vile conduct of the industry"),
}
AREAS = {"urban": _l("Urban"), "rural": _l("Rural")}
JURISDICTIONS = {"own": _l("Own department"), "other": _l("Another department")}
VALUES = {"worth": _l("Worth investigating"), "worthless": _l("No value"), "need_more": _l("More material needed")}
FINDINGS = {
    "true": _l("True"), "partly_true": _l("Partly true"), "untrue": _l("Untrue"),
    "unverifiable": _l("Cannot be verified"),
}
WAYS = {"phone": _l("Telephone"), "letter": _l("Letter"), "visit": _l("Visit")}


class ComplaintTip(Record):
    """What the register of complaints and tip-offs holds beyond the family's fields; never who told of it."""

    id: Mapped[int] = detail_key("complaint")
    matter: Mapped[str | None] = fields.choice(_l("Kind"), KINDS)
    signing: Mapped[str | None] = fields.choice(_l("Named or anonymous"), SIGNING)
    scope: Mapped[str | None] = fields.choice(_l("Scope"), SCOPES)
    accused: Mapped[str | None] = fields.text(_l("Person or unit named, in words"), 120, width=2)
    accused_people: Mapped[list[int] | None] = fields.refs(
        _l("Named people"), "employee", help=_l("They never learn of the case.")
    )
    accused_unit_id: Mapped[int | None] = fields.ref(
        _l("Named unit"), "org_unit", help=_l("Nobody who works in it or below ever learns of the case.")
    )
    accused_outside: Mapped[bool | None] = fields.boolean(_l("Named is nobody of ours"))
    place: Mapped[str | None] = fields.text(_l("Place"), 120)
    occurred_at: Mapped[dt.datetime | None] = fields.datetime(_l("Happened at"))
    facts: Mapped[str | None] = fields.longtext(_l("Facts"))
    proof: Mapped[str | None] = fields.longtext(_l("Evidence"))
    wish: Mapped[str | None] = fields.longtext(_l("Demand in words"))
    outside_units: Mapped[bool | None] = fields.boolean(_l("Evidence from units outside the system"))
    economic_penalty: Mapped[bool | None] = fields.boolean(_l("Economic penalty"))
    accountability: Mapped[bool | None] = fields.boolean(_l("Accountability of persons"))
    major_influence: Mapped[bool | None] = fields.boolean(_l("Of major influence"))
    notice_no: Mapped[str | None] = fields.text(_l("Notice number"), 60, computed=True)
    notice_summary: Mapped[str | None] = fields.longtext(
        _l("Content of the notice"), help=_l("Without anything that tells who the informant is.")
    )
    notice_filled_by_id: Mapped[int | None] = fields.ref(_l("Notice filled by"), "employee", computed=True)
    notice_filled_at: Mapped[dt.datetime | None] = fields.datetime(_l("Notice filled"), computed=True)
    notice_reviewed_by_id: Mapped[int | None] = fields.ref(_l("Notice reviewed by"), "employee", computed=True)
    notice_reviewed_at: Mapped[dt.datetime | None] = fields.datetime(_l("Notice reviewed"), computed=True)
    gravity: Mapped[str | None] = fields.choice(_l("Gravity"), GRAVITIES)
    area: Mapped[str | None] = fields.choice(_l("Supply area"), AREAS)
    value: Mapped[str | None] = fields.choice(_l("Value of an investigation"), VALUES)
    vague: Mapped[bool | None] = fields.boolean(_l("Not concrete"))
    jurisdiction: Mapped[str | None] = fields.choice(_l("Jurisdiction"), JURISDICTIONS, computed=True)
    handling_unit_id: Mapped[int | None] = fields.ref(_l("Handling unit"), "org_unit")
    handler_id: Mapped[int | None] = fields.ref(_l("Handling officer"), "employee")
    passed_down: Mapped[bool | None] = fields.boolean(_l("Passed to the lower level"), computed=True)
    passed_at: Mapped[dt.datetime | None] = fields.datetime(_l("Passed on"), computed=True)
    informant_told: Mapped[bool | None] = fields.boolean(_l("Informant told of the transfer"))
    taken_at: Mapped[dt.datetime | None] = fields.datetime(_l("Accepted by the handling unit"), computed=True)
    handle_due_at: Mapped[dt.datetime | None] = fields.datetime(_l("Limit of handling"), computed=True)
    lower_due_at: Mapped[dt.datetime | None] = fields.datetime(_l("Limit of the lower level"), computed=True)
    shelve_reason: Mapped[str | None] = fields.longtext(_l("Why it is shelved"))
    material_how: Mapped[str | None] = fields.choice(
        _l("Material asked by"), OpenChoices("complaint_tip.material_how", WAYS),
    )
    material_explained: Mapped[bool | None] = fields.boolean(_l("Situation explained to the informant"))
    material_asked_at: Mapped[dt.datetime | None] = fields.datetime(_l("Material asked"), computed=True)
    new_material: Mapped[str | None] = fields.longtext(_l("New material"))
    extension_until: Mapped[dt.date | None] = fields.date(_l("Extension until"))
    extension_asked_at: Mapped[dt.datetime | None] = fields.datetime(_l("Extension asked"), computed=True)
    extension_granted_at: Mapped[dt.datetime | None] = fields.datetime(_l("Extension granted"), computed=True)
    course: Mapped[str | None] = fields.longtext(_l("Course of the investigation"))
    facts_found: Mapped[str | None] = fields.longtext(_l("Facts found"))
    finding: Mapped[str | None] = fields.choice(_l("Finding"), FINDINGS)
    opinion: Mapped[str | None] = fields.longtext(_l("Handling opinion"))
    person_handling: Mapped[str | None] = fields.longtext(_l("What followed for the persons responsible"))
    measures: Mapped[str | None] = fields.longtext(_l("Measures"))
    reported_at: Mapped[dt.datetime | None] = fields.datetime(_l("Report submitted"), computed=True)
    supplement_at: Mapped[dt.datetime | None] = fields.datetime(_l("More investigation ordered"), computed=True)
    filed_at: Mapped[dt.datetime | None] = fields.datetime(_l("Filed with the higher department"), computed=True)
    conduct_reported_at: Mapped[dt.datetime | None] = fields.datetime(_l("Conduct case reported upward"), computed=True)
    finished_at: Mapped[dt.datetime | None] = fields.datetime(_l("Finished"), computed=True)
    reply_due_at: Mapped[dt.datetime | None] = fields.datetime(_l("Reply due"), computed=True)
    no_reply_reason: Mapped[str | None] = fields.longtext(_l("Why no reply is given"))
    signed_by_id: Mapped[int | None] = fields.ref(_l("File signed by"), "employee", computed=True)
    signed_at: Mapped[dt.datetime | None] = fields.datetime(_l("File signed"), computed=True)

    register = Register(
        area="complaints",
        label=_l("Complaint or tip-off (power supply)"),
        title="notice_no",
        detail_of="complaint",
        menu=False,
        actions=frozenset(),
        search=("notice_no",),
        list=("matter", "signing", "scope"),
        sections=(
            Section(_l("Receipt"), ("matter", "signing", "scope"), clause="第五条; 第六条"),
            Section(
                _l("Who and what"),
                ("accused", "accused_outside", "accused_people", "accused_unit_id", "place", "occurred_at", "facts",
                 "proof", "wish"),
                clause="第六条（三）",
            ),
            Section(
                _l("Weight"),
                ("outside_units", "economic_penalty", "accountability", "major_influence", "gravity", "area", "value",
                 "vague"),
                clause="第七条; 第八条",
            ),
            Section(
                _l("Handling notice"),
                ("notice_no", "notice_summary", "notice_filled_by_id", "notice_filled_at", "notice_reviewed_by_id",
                 "notice_reviewed_at"),
                clause="第六条",
            ),
            Section(
                _l("Handling"),
                ("jurisdiction", "handling_unit_id", "handler_id", "passed_down", "passed_at", "informant_told",
                 "taken_at", "handle_due_at", "lower_due_at", "extension_until", "extension_asked_at",
                 "extension_granted_at", "filed_at", "shelve_reason", "material_how", "material_explained",
                 "material_asked_at", "new_material"),
                clause="第七条; 第九条",
            ),
            Section(
                _l("Investigation report"),
                ("course", "facts_found", "finding", "opinion", "person_handling", "measures", "reported_at",
                 "supplement_at", "conduct_reported_at"),
                clause="第十五条",
            ),
            Section(
                _l("End and file"),
                ("finished_at", "reply_due_at", "no_reply_reason", "signed_by_id", "signed_at"),
                clause="第十三条; 第十四条",
            ),
        ),
    )  # fmt: skip
