"""A row together with its detail: one bag of fields, whichever table keeps them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from app.core.db import session
from app.core.fieldspec import FieldSpec
from app.core.register import Record, Register, register_of, registers


def fields_of(main: Register, detail: str = "") -> dict[str, FieldSpec]:
    """The fields of a register and of its detail register; the detail may not hide a field of the main one."""
    return {**(registers()[detail].fields if detail else {}), **main.fields}


class Whole:
    """Reads and writes the fields of a row and of its detail register as one; its policy may not use some of them.

    ``offers`` names the choices of a field that the policy knows, where those are not all.
    """

    def __init__(
        self, record: Record, detail: str = "", unused: Collection[str] = (),
        offers: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        self.record, self.offers = record, offers or {}
        self.register = register_of(record)
        self.detail_register = registers()[detail] if detail else None
        self.fields = {name: spec for name, spec in fields_of(self.register, detail).items() if name not in unused}
        self._detail: Record | None = None

    @property
    def detail(self) -> Record | None:
        """The detail row; made when first needed."""
        if self._detail is None and self.detail_register is not None:
            model = self.detail_register.model
            if self.record.id is not None:
                self._detail = session.get(model, self.record.id)
            self._detail = self._detail or model()
        return self._detail

    def _home(self, name: str) -> Any:
        return self.record if name in self.register.fields else self.detail

    def get(self, name: str) -> Any:
        """The value of a field; attachments have none."""
        if name in self.fields and not self.fields[name].stored:
            return None
        return getattr(self._home(name), name, None)

    __getitem__ = get

    def update(self, values: Mapping[str, Any]) -> None:
        """Set fields; a detail row is kept only once the main row has its id."""
        for name, value in values.items():
            setattr(self._home(name), name, value)

    def save(self) -> None:
        """Add both rows to the session and flush the main one first."""
        session.add(self.record)
        session.flush()
        if self.detail_register is not None and (row := self.detail) is not None:
            if row.id is None:
                row.id = self.record.id
            session.add(row)
            session.flush()
