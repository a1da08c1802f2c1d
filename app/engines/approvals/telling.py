"""What approvals write into histories and tell people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.core.db import session
from app.core.register import registers
from app.core.wording import N_
from app.core.words import post_label
from app.engines.approvals import standing
from app.engines.approvals.models import Approval, ApprovalRequest
from app.engines.audit import operations as audit
from app.engines.audit.operations import Note
from app.engines.notifications import operations as notifications

WAITS = N_("“%(title)s” waits for your decision: %(subject)s.")
TO_READ = N_("A copy of “%(title)s” was sent to you: %(subject)s.")
REMARKED = N_("%(who)s remarks on “%(title)s”: %(comment)s")
URGED = N_("%(who)s asks you to decide on “%(title)s”: %(subject)s.")
RESULTS = {
    "approved": N_("“%(title)s” was approved: %(subject)s."),
    "rejected": N_("“%(title)s” was rejected: %(subject)s."),
    "returned": N_("“%(title)s” was returned: %(subject)s."),
    "withdrawn": N_("“%(title)s” was withdrawn: %(subject)s."),
    "superseded": N_("“%(title)s” goes to another decider: %(subject)s."),
}


def subject_of(request: ApprovalRequest) -> Any:
    """The row that a request is about."""
    return session.get_one(registers()[request.of_register].model, request.record_id)


def note(request: ApprovalRequest, text: str, params: Mapping[str, Any] | None = None) -> None:
    """Write an act into the history of the record that the request is about."""
    said = {"subject": request.frozen["subject"], **(params or {})}
    audit.note_many([Note(request.of_register, request.record_id, "act", text, said, request.frozen["clause"])])


def tell(request: ApprovalRequest, event: str, people: Iterable[int | None], text: str, step: Approval | None = None,
         **params: Any) -> None:
    """Tell people something about a request, with a way to it."""
    said = {"title": request.title, "subject": request.frozen["subject"], **params}
    url = f"/approvals/{step.id}" if step is not None else f"/{request.of_register}/{request.record_id}"
    wanted = [person for person in people if person is not None]
    about = (request.of_register, request.record_id)
    notifications.notify(event, wanted, text, said, url, request.frozen["clause"], about)


def tell_asked(request: ApprovalRequest, step: Approval) -> None:
    """Tell everybody who may decide a step that it waits."""
    tell(request, f"approval.open:{step.id}", standing.deciders(step, request), WAITS, step)


def tell_result(request: ApprovalRequest) -> None:
    """Tell who put the request forward how it ended."""
    tell(request, f"approval.{request.status}:{request.id}", [request.owner_id], RESULTS[request.status])


def post_words(code: str | None) -> str:
    """A post as people call it; an added signer has none."""
    return post_label(code) if code else ""
