"""The kinds of messages: what people choose by, taken from the events that the program tells of.

Here stand the events of the engines; an area says of which kind its own are, and may have a kind of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

NOW, DIGEST, OFF = "now", "digest", "off"
OTHER = "other"
MODES = {NOW: _l("At once"), DIGEST: _l("In the daily summary"), OFF: _l("Not")}


@dataclass(frozen=True)
class Kind:
    """A kind of message: what it is called, and how it goes out as long as nobody has said otherwise.

    ``events`` are names of engines' events without what follows the colon or a number, or their first part. One that is
    ``fixed`` always stands among a person's notices; an ``urgent`` one waits neither for quiet hours nor for others.
    """

    label: Any
    events: tuple[str, ...] = ()
    mail: str = NOW
    urgent: bool = False
    fixed: bool = False


KINDS: dict[str, Kind] = {
    "decision": Kind(
        _l("Decisions that wait for me"), ("approval.open", "approval.urged", "approval.export", "policy"), fixed=True,
    ),
    "alert": Kind(_l("Emergencies"), urgent=True, fixed=True),
    "escalation": Kind(_l("Escalations to me"), ("deadline.rung",), fixed=True),
    "late": Kind(_l("Missed deadlines and slips"), ("deadline.late", "deadline", "slip"), fixed=True),
    "due": Kind(_l("Deadlines that come near"), ("deadline.warned",), mail=DIGEST),
    "task": Kind(_l("Tasks and calls"), fixed=True),
    "announcement": Kind(_l("Announcements"), ("announcement",), fixed=True),
    "outcome": Kind(_l("How my requests ended"), ("approval",)),
    "copy": Kind(_l("Copies and remarks to read"), ("approval.copy", "approval.remark"), mail=DIGEST),
    "case": Kind(_l("News of cases"), mail=DIGEST),
    "watch": Kind(_l("Cases that I watch"), ("watch",), mail=DIGEST),
    "report": Kind(_l("Reports and lists"), ("report",), mail=DIGEST),
    "file": Kind(_l("Files that are ready"), ("file",)),
    OTHER: Kind(_l("Other")),
}
_by_event = {head: key for key, kind in KINDS.items() for head in kind.events}


def add(key: str, kind: Kind) -> None:
    """A kind of an area's own; it stands before the rest that is of no kind."""
    KINDS[key] = kind
    KINDS[OTHER] = KINDS.pop(OTHER)
    place(key, *kind.events)


def place(key: str, *events: str) -> None:
    """Events of an area are of a kind; raises ``ValueError`` where one is of another already."""
    for head in events:
        if key not in KINDS or _by_event.setdefault(head, key) != key:
            raise ValueError(f"{head} cannot be of the kind {key}")


def kind_of(event: str) -> str:
    """The kind of an event such as ``deadline.late:17``: by its whole name, else by the first part of it."""
    head = event.partition(":")[0].rstrip("0123456789")
    return _by_event.get(head) or _by_event.get(head.partition(".")[0], OTHER)


def by_event() -> dict[str, str]:
    """The kind by the beginning of an event."""
    return dict(_by_event)


class Labels(Mapping[str, Any]):
    """What the kinds are called, those of areas among them once the program has loaded them."""

    def __getitem__(self, key: str) -> Any:
        return KINDS[key].label

    def __iter__(self) -> Iterator[str]:
        return iter(KINDS)

    def __len__(self) -> int:
        return len(KINDS)
