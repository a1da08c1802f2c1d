"""Complaints of buyers, each taken as far as the plan says by the people who hold the posts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from app.core import moves, saving
from app.core.register import registers
from app.demo.agenda import Agenda, Teller, working_time
from app.demo.people import Company

AFTER, HEAD = "wschenxi", "wsxuhui"
HOUR = dt.timedelta(hours=1)
DONE = {"measure": "核对订单与聊天记录，通知仓库补发。", "result": "已致歉，补发并承担运费。"}


class Story:
    """One complaint on its way."""

    def __init__(self, agenda: Agenda, company: Company, entry: Mapping[str, Any]) -> None:
        self.agenda, self.company, self.entry = agenda, company, entry
        self.begins = working_time(agenda.end - dt.timedelta(days=entry["ago"], hours=1))
        self.case: Any = None

    def tell(self) -> Teller:
        """From the chat to the state that the plan names."""
        self._record()
        for hours, step in self._steps():
            if self.case.status == self.entry["until"]:
                return
            yield working_time(self.agenda.now() + hours * HOUR)
            step()

    def _steps(self) -> list[tuple[float, Any]]:
        if not self.entry["important"]:
            return [
                (1, lambda: self._move(AFTER, "answer", **DONE)),
                (20, lambda: self._move(AFTER, "close", customer_accepts=True)),
            ]
        return [
            (0.1, lambda: self._move(self.entry["by"], "hand_over")),
            (1, self._take),
            (5, lambda: self._move(HEAD, "settle", **DONE)),
            (20, lambda: self._move(HEAD, "close_above", customer_accepts=True)),
        ]

    def _take(self) -> None:
        self._move(HEAD, "take")
        if (code := self.entry.get("asks")) is None:
            return
        asked = {
            "kind": "coordination", "subject": self.entry["title"], "complaint_id": self.case.id,
            "occurred_at": f"{self.agenda.now():%Y-%m-%dT%H:%M}", "content": "请查包裹是否已出库，能否拦截。",
            "department_id": self.company.units[code].id,
        }  # fmt: skip
        with self.agenda.by(HEAD):
            item = saving.create(registers()["coordination_item"], asked, policy="C11").record
            moves.move(item, "ask")

    def _move(self, who: str, key: str, **values: Any) -> None:
        with self.agenda.by(who):
            moves.move(self.case, key, values=values)

    def _record(self) -> None:
        entry = self.entry
        told = {
            "title": entry["title"], "channel": "web", "shop": "织梦旗舰店", "buyer_account": entry["buyer"],
            "order_no": entry["order"], "important": entry["important"], "content": f"买家反映：{entry['title']}。",
            "received_at": f"{self.agenda.now():%Y-%m-%dT%H:%M}",
        }  # fmt: skip
        with self.agenda.by(entry["by"]):
            self.case = saving.create(registers()["complaint"], told, policy="C11").record
