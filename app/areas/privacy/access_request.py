"""Access and disclosure request (查阅提供审批): permission to read, copy or hand out what is protected, for a time."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.openlists import OpenChoices
from app.core.register import Record, Register, Section

KINDS = {
    "read": _l("To be read"), "disclose": _l("Hand out"), "inspection": _l("Lawful inspection"),
    "copy": _l("Copy or quote"),
}  # fmt: skip
GROUNDS = {"statutory_authority": _l("Authority by law"), "written_consent": _l("Written consent")}
AUTHORITIES = {"police": _l("Police"), "state_security": _l("State security"), "procuratorate": _l("Procuratorate")}
MEDIA = {"paper": _l("Paper"), "electronic": _l("Electronic"), "both": _l("Paper and electronic")}
MEANS = {"encrypted_file": _l("Encrypted file"), "on_site_view": _l("Seen on the spot"), "paper": _l("On paper")}
PARTS = {
    "name": _l("Name"), "address": _l("Address"), "id_no": _l("Identity number"), "phone": _l("Telephone"),
    "unit": _l("Unit"), "waybill_no": _l("Waybill number"), "time": _l("Time"), "item_details": _l("What was sent"),
}  # fmt: skip


class AccessRequest(Case, Record):
    """Every policy names which of the fields it uses; the states come from its pack."""

    __table_args__: Any = (
        UniqueConstraint("adopter_id", "request_no"),
        CheckConstraint("access_to IS NULL OR access_from IS NULL OR access_to > access_from", name="ends_after_begin"),
        Index("ix_access_request_window", "profile_id", "applicant_id", "access_to"),
    )

    request_no: Mapped[str | None] = fields.text(_l("Request number"), 40, computed=True)
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS, default="read")
    applicant_id: Mapped[int | None] = fields.ref(_l("Applicant"), "employee", computed=True)
    file_wanted: Mapped[str | None] = fields.text(_l("File wanted"), 40, help=_l("Number of the file."))
    profile_id: Mapped[int | None] = fields.ref(_l("Customer profile"), "customer_profile", computed=True)
    document: Mapped[str | None] = fields.text(_l("Document"), 200)
    purpose: Mapped[str] = fields.longtext(_l("What for"))
    access_from: Mapped[dt.datetime | None] = fields.datetime(_l("From"))
    access_to: Mapped[dt.datetime | None] = fields.datetime(_l("To"))
    wants_export: Mapped[bool] = fields.boolean(_l("Wants to take it out"), default=False)
    contains_sales: Mapped[bool | None] = fields.boolean(_l("Holds sales figures"))
    recipient: Mapped[str | None] = fields.text(_l("Who receives it"), 120)
    legal_ground: Mapped[str | None] = fields.choice(_l("Ground in law"), GROUNDS)
    law_article: Mapped[str | None] = fields.text(_l("Article of the law"), 200)
    waybills: Mapped[str | None] = fields.longtext(_l("Waybills concerned"))
    parts: Mapped[list[str] | None] = fields.choices(_l("What is handed out"), PARTS)
    extent: Mapped[str | None] = fields.longtext(_l("Extent"))
    released_at: Mapped[dt.datetime | None] = fields.datetime(_l("Handed out at"))
    release_means: Mapped[str | None] = fields.choice(
        _l("Handed out as"), OpenChoices("access_request.release_means", MEANS),
    )
    authority: Mapped[str | None] = fields.choice(_l("Kind of authority"), AUTHORITIES)
    authority_name: Mapped[str | None] = fields.text(_l("Name of the authority"), 120)
    officers: Mapped[str | None] = fields.longtext(_l("Officers and their papers"))
    medium: Mapped[str | None] = fields.choice(_l("Medium"), MEDIA)
    received_at: Mapped[dt.datetime | None] = fields.datetime(_l("Received"))
    escorted_by_id: Mapped[int | None] = fields.ref(_l("Escorted by"), "employee")
    copies_taken: Mapped[str | None] = fields.longtext(_l("Copies taken"))
    closed_at: Mapped[dt.datetime | None] = fields.datetime(_l("Closed"))
    secrecy_note: Mapped[str | None] = fields.longtext(_l("Secrecy to be kept"))
    decided_by_id: Mapped[int | None] = fields.ref(_l("Decided by"), "employee", computed=True)
    decided_at: Mapped[dt.datetime | None] = fields.datetime(_l("Decided at"), computed=True)
    opinion: Mapped[str | None] = fields.longtext(_l("Opinion"))
    consent_file = fields.files(_l("Written consent"))
    legal_document = fields.files(_l("Document of the authority"))
    written_paper = fields.files(_l("Written permission"))

    register = Register(
        area="privacy", label=_l("Access request"), title="request_no", subject="kind", facts=("access_to",),
        icon="key", from_pack=True, participants=True, actions=frozenset({"add", "edit"}), order="-id",
        list=("request_no", "kind", "file_wanted", "applicant_id", "access_from", "access_to", "status",
              "decided_by_id"),
        search=("request_no", "file_wanted"),
        filters=("status", "kind", "file_wanted", "applicant_id", "profile_id", "access_to", "decided_at", "owner_id"),
        sections=(
            Section(_l("Request"), ("request_no", "status", "kind", "applicant_id", "file_wanted", "profile_id",
                                    "document", "contains_sales", "purpose", "access_from", "access_to",
                                    "wants_export")),
            Section(_l("Handing out"), ("recipient", "legal_ground", "law_article", "waybills", "parts", "extent",
                                        "released_at", "release_means", "consent_file", "written_paper")),
            Section(_l("Lawful inspection"), ("authority", "authority_name", "officers", "medium", "received_at",
                                              "escorted_by_id", "copies_taken", "closed_at", "secrecy_note",
                                              "legal_document")),
            Section(_l("Decision"), ("decided_by_id", "decided_at", "opinion", "unit_id", "owner_id",
                                     "holder_unit_id")),
        ),
    )  # fmt: skip
