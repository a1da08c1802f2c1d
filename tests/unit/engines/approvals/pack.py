"""A pack with a decision by amount and a long countersigning route, as the database keeps it."""

from __future__ import annotations

from typing import Any

CITED = {"clause": "（十一）", "basis": "stated"}


def words(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


def entry(label: str = "", **more: Any) -> dict[str, Any]:
    return CITED | ({"label": words(label)} if label else {}) | more


ROLES = {
    "sales_rep": "salesperson",
    "case_control": "case_coordinator",
    "sales_manager": "sales_manager",
    "deputy_gm": "executive_in_charge",
    "general_manager": "general_manager",
    "qc": "quality_officer",
    "rd": "responsible_department",
    "manager_office": "plant_manager",
}
DECIDERS = ["sales_manager", "deputy_gm", "general_manager"]
STATES = {
    "draft": {"editable": ["claimed_amount"], "holder": {"post": "sales_rep", "owner": "true"}},
    "combined": {},
    "pending_decision": {},
    "signing": {},
    "decided": {},
    "qc": {},
    "closed": {"final": "true"},
}


def move(label: str, sources: list[str], to: str, posts: list[str], **more: Any) -> dict[str, Any]:
    return entry(label, **{"from": sources, "to": to, "posts": posts}, **more)


MOVES = {
    "propose": move("Propose", ["draft"], "combined", ["sales_rep", "sales_manager"]),
    "route": move("Route", ["combined"], "pending_decision", ["case_control"]),
    "revise": move(
        "Revise",
        ["pending_decision", "decided"],
        "pending_decision",
        ["case_control"],
        requires=["proposed_settlement_amount"],
    ),
    "correct": move(
        "Correct", ["pending_decision"], "pending_decision", ["case_control"], requires=["proposed_settlement_amount"]
    ),
    "note_amount": move("Note", ["decided"], "decided", ["case_control"], writes=["proposed_settlement_amount"]),
    "pull": move("Pull", ["pending_decision"], "combined", ["case_control"]),
    "countersign": move("Countersign", ["combined"], "signing", ["case_control"]),
    "decide": move(
        "Decide",
        ["pending_decision"],
        "decided",
        DECIDERS,
        requires=["decision"],
        writes=["founded", "decided_amount", "proposed_settlement_amount"],
        sets={"decided_by_id": "@me"},
    ),
    "investigate": move("Investigate", ["pending_decision"], "qc", DECIDERS, reason="true"),
    "resume": move("Resume", ["qc"], "combined", ["qc"]),
    "refuse": move("Refuse", ["pending_decision"], "closed", DECIDERS),
    "sign": move("Sign", ["signing"], "decided", ["general_manager"], requires=["decision"], writes=["founded"]),
    "decline": move("Decline", ["signing"], "combined", ["qc"]),
    "close": move("Close", ["decided"], "closed", ["case_control"]),
}
BANDS = [
    CITED | {"up_to": "100000", "post": "sales_manager"},
    CITED | {"above": "100000", "up_to": "150000", "post": "deputy_gm"},
    CITED | {"above": "150000", "post": "general_manager"},
]
CONTENT: dict[str, Any] = {
    "code": "B02",
    "slug": "trial",
    "title": words("Trial"),
    "version": "90",
    "effective": "2020-01-01",
    "source": "-",
    "organisation": words("Factory"),
    "summary": words("Trial"),
    "calendar": CITED | {"code": "CN", "hours": "08:00-12:00, 13:30-17:30"},
    "posts": {key: entry(key, role=role, duties=words(key)) for key, role in ROLES.items()},
    "cases": {
        "complaint": entry(
            "Complaint",
            start="draft",
            may_open=["sales_rep"],
            moves=MOVES,
            states={key: entry(key, **more) for key, more in STATES.items()},
        )
    },
    "authority": {
        "amount": entry(
            "Authority",
            register="complaint",
            amounts=["claimed_amount", "proposed_settlement_amount"],
            amount_field="authority_amount",
            post_field="deciding_post",
            bands=BANDS,
        )
    },
    "approvals": {
        "decision": CITED
        | {
            "subject": words("Complaint decision"),
            "register": "complaint",
            "start": {"states": ["pending_decision"]},
            "stations": [{"authority": "amount"}],
            "outcomes": {"approve": "decide", "reject": "refuse", "return": "investigate"},
            "recusal": CITED | {"moves": ["propose"], "fields": ["owner_id"]},
        },
        "signing": CITED
        | {
            "subject": words("Countersigning"),
            "register": "complaint",
            "start": {"states": ["signing"]},
            "stations": [
                {"kind": "all", "posts": ["qc", "rd"]},
                {"kind": "any", "posts": ["sales_manager", "deputy_gm"]},
                {"posts": ["general_manager"]},
            ],
            "outcomes": {"approve": "sign", "reject": "decline"},
        },
        "in_unit": CITED
        | {
            "subject": words("Decision in a unit"),
            "register": "complaint",
            "stations": [{"posts": ["rd"], "unit_field": "responsible_unit_id"}],
        },
    },
}
