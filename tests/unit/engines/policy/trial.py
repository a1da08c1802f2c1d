"""A small pack in order, and ways to spoil it."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from app.packs import schema

TEXT = """
code: B02
slug: trial
title: {zh: 试行, en: Trial}
version: 1
effective: 2025-01-01
source: trial
organisation: {zh: 工厂, en: Factory}
summary: {zh: 试, en: Try}
calendar: {code: CN, hours: "08:00-12:00", clause: 一, basis: assumed}
parameters:
  day_unit:
    type: choice
    value: working_days
    choices: {working_days: {zh: 工作日, en: Working days}, calendar_days: {zh: 日历天, en: Calendar days}}
    label: {zh: 天, en: Day}
    clause: 一
    basis: assumed
  days: {type: integer, value: "3", minimum: "1", maximum: "9", label: {zh: 期限, en: Limit}, clause: 一, basis: assumed}
posts:
  clerk: {label: {zh: 经办, en: Clerk}, role: salesperson, duties: {zh: 办, en: Acts}, clause: 二, basis: stated}
  head: {label: {zh: 主管, en: Head}, role: sales_manager, duties: {zh: 决, en: Decides}, clause: 二, basis: stated}
  chief: {label: {zh: 总管, en: Chief}, role: general_manager, duties: {zh: 决, en: Decides}, clause: 二, basis: stated}
cases:
  complaint:
    label: {zh: 案件, en: Case}
    start: draft
    may_open: [clerk]
    clause: 三
    basis: stated
    states:
      draft: {label: {zh: 填, en: Draft}, holder: {post: clerk, owner: yes}, editable: [title], clause: 三, basis: stated}
      pending: {label: {zh: 待决, en: Pending}, tone: hold, clause: 三, basis: stated}
      done: {label: {zh: 完, en: Done}, tone: ok, final: yes, clause: 三, basis: stated}
    moves:
      send: {label: {zh: 送, en: Send}, from: [draft], to: pending, posts: [clerk], requires: [title], clause: 三, basis: stated}
      decide: {label: {zh: 决, en: Decide}, from: [pending], to: done, posts: [head, chief], requires: [decision], sets: {decided_at: "@now"}, clause: 三, basis: stated}
      lapse: {label: {zh: 失效, en: Lapse}, from: [pending], to: done, system: yes, when: {founded: false}, clause: 三, basis: assumed}
    rules:
      category: {required_when: {founded: true, market: [domestic, overseas]}, on: [decide], clause: 三, basis: stated}
      collected_on: {empty_when: {founded: true}, remark: {zh: 留空, en: Left empty}, clause: 三, basis: stated}
    opinions:
      decision: {posts: [head, chief], clause: 三, basis: stated}
clocks:
  whole:
    label: {zh: 全案, en: Whole}
    register: complaint
    start: {moves: [send]}
    stop: {states: [done]}
    allowances:
      - {when: {market: overseas}, number: "7", unit: $day_unit, clause: 四, basis: stated}
      - {number: $days, unit: $day_unit, clause: 四, basis: assumed}
    responsible: clerk
    clause: 四
    basis: stated
authority:
  decision:
    label: {zh: 权限, en: Authority}
    register: complaint
    amounts: [claimed_amount, proposed_settlement_amount]
    amount_field: authority_amount
    post_field: deciding_post
    bands:
      - {up_to: "1000.00", post: head, clause: 五, basis: stated}
      - {above: "1000.00", post: chief, clause: 五, basis: assumed}
    clause: 五
    basis: stated
approvals:
  decision:
    subject: {zh: 核决, en: Decision}
    register: complaint
    start: {states: [pending]}
    stations: [{authority: decision}]
    outcomes: {approve: decide}
    clause: 五
    basis: stated
  policy_change:
    subject: {zh: 修订, en: Change}
    register: pack_version
    stations: [{posts: [chief]}]
    clause: 六
    basis: stated
"""


def content() -> dict[str, Any]:
    """The pack's content, to be changed at will."""
    return copy.deepcopy(dict(schema.parse(TEXT)))


def spoiled(**at: Any) -> dict[str, Any]:
    """The content with other values at dotted paths (``__`` for the dot); ``None`` takes the key away."""
    made = content()
    for path, value in at.items():
        *way, last = (int(step) if step.isdecimal() else step for step in path.split("__"))
        place: Any = made
        for step in way:
            place = place[step]
        if value is None:
            del place[last]
        else:
            place[last] = value
    return made


def faults(made: Mapping[str, Any]) -> dict[str, str]:
    """Messages by path of everything wrong with a content."""
    try:
        schema.build(made)
    except schema.PackError as error:
        return {fault.path: fault.message for fault in error.faults}
    return {}
