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
    A form shows a field only ``when`` another (its name comes first) has one of the values, and asks for it then if it
    is ``needed_then``. ``clean`` writes what was typed in the one way that is kept.
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
    when: tuple[str, ...] = ()
    needed_then: bool = False
    words: Callable[[Any], str] | None = None

    def asked(self, read: Callable[[str], Any]) -> bool:
        """Whether a row must have a value here; ``read`` gives the value of a field."""
        if not self.needed_then:
            return self.required
        name, *keys = self.when
        value = read(name)
        return any(str(key) in keys for key in (value if isinstance(value, list) else [value]))

    @property
    def stored(self) -> bool:
        """Whether the field is a column of its table (attachments are not)."""
        return self.kind.stored
