"""What the program knows about one field of a register."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.core.kinds import Kind


@dataclass(frozen=True)
class FieldSpec:
    """One field: its kind, label, help and limits; ``name`` and ``required`` are bound when the register is made.

    ``words`` says a stored key as people call it. A field that is ``needed`` must be filled wherever it may be typed,
    although its column may stay empty: for rows whose policy does not use it. Forms offer a field that is ``used_by``
    certain policies where one of them is in force, or where it is filled.
    ``clean`` writes what was typed in the one way that is kept.
    """

    kind: Kind
    label: Any
    help: Any = ""
    name: str = ""
    required: bool = False
    size: int | None = None
    choices: Mapping[str, Any] = field(default_factory=dict)
    target: str = ""
    minimum: Any = None
    maximum: Any = None
    unit: Any = ""
    computed: bool = False
    unique: bool = False
    needed: bool = False
    mask: str = ""
    width: int = 1
    clean: Callable[[str], str] | None = None
    used_by: tuple[str, ...] = ()
    words: Callable[[Any], str] | None = None

    @property
    def stored(self) -> bool:
        """Whether the field is a column of its table (attachments are not)."""
        return self.kind.stored
