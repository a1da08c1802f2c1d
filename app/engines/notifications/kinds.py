"""The kinds of messages: what people choose by, taken from the events that the program tells of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

NOW, DIGEST, OFF = "now", "digest", "off"
OTHER = "other"
MODES = {NOW: _l("At once"), DIGEST: _l("In the daily summary"), OFF: _l("Not")}


@dataclass(frozen=True)
class Kind:
    """A kind of message: what it is called, and how it goes out as long as nobody has said otherwise.

    ``events`` are names of events without what follows the colon or a number, or their first part. One that is
    ``fixed`` always stands among a person's notices; an ``urgent`` one waits neither for quiet hours nor for others.
    """

    label: Any
    events: tuple[str, ...]
    mail: str = NOW
    urgent: bool = False
    fixed: bool = False


KINDS: Mapping[str, Kind] = {
    "decision": Kind(
        _l("Decisions that wait for me"), ("approval.open", "approval.urged", "approval.export", "policy"), fixed=True,
    ),
    "alert": Kind(
        _l("Emergencies"), ("meeting.emergency", "joint", "front_desk", "complaint.about_staff"), urgent=True,
        fixed=True,
    ),
    "escalation": Kind(_l("Escalations to me"), ("deadline.rung",), fixed=True),
    "late": Kind(_l("Missed deadlines and slips"), ("deadline.late", "deadline", "slip"), fixed=True),
    "due": Kind(_l("Deadlines that come near"), ("deadline.warned", "letter"), mail=DIGEST),
    "task": Kind(
        _l("Tasks and calls"), ("item", "action", "lab_task", "visit", "meeting", "measure", "outlet", "tip"),
        fixed=True,
    ),
    "announcement": Kind(_l("Announcements"), ("announcement",), fixed=True),
    "outcome": Kind(_l("How my requests ended"), ("approval",)),
    "copy": Kind(_l("Copies to read"), ("approval.copy",), mail=DIGEST),
    "case": Kind(_l("News of cases"), ("complaint", "outing"), mail=DIGEST),
    "watch": Kind(_l("Cases that I watch"), ("watch",), mail=DIGEST),
    "consequence": Kind(_l("Fines, rewards and pay"), ("notice", "fine", "reward", "run", "sanction", "share")),
    "report": Kind(_l("Reports and lists"), ("report", "numbering"), mail=DIGEST),
    "file": Kind(_l("Files that are ready"), ("file",)),
    "study": Kind(_l("Case studies"), ("study",), mail=DIGEST),
    OTHER: Kind(_l("Other"), ()),
}
_by_event = {head: key for key, kind in KINDS.items() for head in kind.events}


def kind_of(event: str) -> str:
    """The kind of an event such as ``deadline.late:17``: by its whole name, else by the first part of it."""
    head = event.partition(":")[0].rstrip("0123456789")
    return _by_event.get(head) or _by_event.get(head.partition(".")[0], OTHER)


def labels() -> dict[str, Any]:
    """What the kinds are called."""
    return {key: kind.label for key, kind in KINDS.items()}
