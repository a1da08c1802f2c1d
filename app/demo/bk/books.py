"""The opinion book of an outlet: the daily reading, and what was written in it."""

from __future__ import annotations

from typing import Any

from app.core import saving
from app.core.register import registers
from app.demo.agenda import Teller
from app.demo.bk.cases import Desk, Entry


class Books(Desk):
    """Tells one entry after the other."""

    def tell(self, entry: Entry) -> Teller:
        """Read the book, enter what stands in it, and take it as far as its entry says."""
        manager = self.seat(entry, "manager")
        unit, now = self.company.units[entry["outlet"]].id, self.agenda.now().isoformat(timespec="minutes")
        read = {"kind": "book", "target_unit_id": unit, "checked_at": now, "items": 1}
        told = {"kind": "book", "place_unit_id": unit, "received_at": now, "content": entry["text"]}
        told |= {"book_no": entry["book"], "entry_no": entry["entry"], "matter": entry["matter"]}
        told |= {"contact": entry["contact"], "sender": "客户"} if "contact" in entry else {}
        with self.agenda.by(manager):
            check: Any = saving.create(registers()["supervision_check"], read).record
            row: Any = saving.create(registers()["feedback_intake"], told).record
        self.step(manager, check, "read_book")
        self.step(manager, row, "enter")
        yield self.later(25)
        self.step(manager, row, "assign", assigned_to_id=self.company.people[manager].id)
        if entry["until"] != "closed":
            return
        yield self.later(60 * 20)
        self.step(manager, row, "reply", reply_text="已在大厅两侧配置老花镜。", replied_at=self.agenda.now())
        self.step(manager, row, "close")
