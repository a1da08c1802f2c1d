"""Two people decide at the same moment: one wins, the other learns who did."""

from __future__ import annotations

import threading

from app.areas.complaints.complaint import Complaint
from app.core.db import session
from app.core.errors import Conflict
from app.engines.approvals import operations as approvals
from app.engines.people import operations as people
from tests.unit.engines.approvals.conftest import acting, find, routed, steps, unit


def test_two_deciders_race(own_database):
    people.give(find("clerk"), "sales_manager", unit("S"), post="B02.sales_manager")
    case, step = routed()
    case_id, step_id = case.id, step.id
    session.commit()
    session.remove()
    outcomes: dict[str, str] = {}
    together = threading.Barrier(2)

    def decide(username: str, action: str) -> None:
        with own_database.app_context(), acting(username):
            session.rollback()
            together.wait()
            try:
                approvals.decide(step_id, action, values={"decision": "x"} if action == "approve" else {}, comment="是")
                session.commit()
                outcomes[username] = "decided"
            except Conflict as conflict:
                outcomes[username] = str(conflict)
            finally:
                session.remove()

    threads = [threading.Thread(target=decide, args=pair) for pair in (("manager", "approve"), ("clerk", "reject"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winner = next(name for name, said in outcomes.items() if said == "decided")
    loser = next(name for name in outcomes if name != winner)
    assert find(winner).name in outcomes[loser]
    case = session.get_one(Complaint, case_id)
    assert case.status == ("decided" if winner == "manager" else "closed")
    assert [row.decided_by_id for row in steps(case, "decision")] == [find(winner).id]
