"""B02, its reports: kept when they are due, reviewed, signed, archived, corrected by a new edition, taken out."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from xml.etree import ElementTree

import pytest
import sqlalchemy as sa

from app.areas.complaints.complaint import Complaint
from app.areas.complaints.report_snapshot import ReportSnapshot
from app.core.db import session
from app.core.errors import Refusal
from app.engines.privacy.models import AccessLog
from tests.scenarios.desk import BOOKS, CONTROL, GENERAL, MANAGER, QC, RD, REP, SECTION, at, sweep

MONTHLY, OVERDUE, PROOFS = "B02.monthly_statistics", "B02.overdue", "B02.missing_proofs"
WRONG = ("measure=nothing", "measure=founded_rate", "measure=closed&table=9", "measure=closed&table=2&group=-1",
         "measure=closed&table=x", "", "measure=tracked&table=2&group=0")  # fmt: skip
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def kept(desk, report, who=CONTROL, **wanted):
    """The kept rows of a report, the oldest first."""
    asked = "&".join(f"{name}={value}" for name, value in {"report": report, **wanted}.items())
    found = desk.as_(who).call("GET", f"report_snapshot/?{asked}")["result"]
    return sorted(found, key=lambda row: (row["period"], row["edition"]))


def figures(desk, row, who=CONTROL):
    """What a kept report counted."""
    return desk.as_(who).call("GET", f"kept_report/{row['id']}")


def reviewed(desk, row):
    """Put before the heads and confirmed by them."""
    control = desk.as_(CONTROL)
    given = {"measures_checked": "对策已执行", "confirmed_units": [desk.section]}
    control.call("POST", f"report_snapshot/{row}/move/put_up", values=given)
    for person in (QC, SECTION, RD):
        [mine] = desk.as_(person).call("GET", "approval/inbox?register=report_snapshot")["result"]
        desk.as_(person).call("POST", f"approval/{mine['id']}/approve", comment="属实")


def archived(desk, row):
    """From the first review to the archive."""
    reviewed(desk, row)
    for step in ("submit", "archive"):
        done = desk.as_(CONTROL).call("POST", f"report_snapshot/{row}/move/{step}", values={})
    assert done["status"] == "archived"


@pytest.fixture
def september(portal, desk):
    """Two closed cases and one that is late, with the statistics of the month."""
    with at("2025-09-10 10:00"):
        first = desk.closed(desk.accepted())
        desk.accepted(claimed_amount="5000.00", market="overseas", title="=1+1")
    with at("2025-09-30 23:50"):
        desk.closed(desk.accepted(claimed_amount="50000.00"))
    sweep(portal, "tasks.open", "2025-10-01 00:10")
    with at("2025-10-09 09:00"):
        [row] = kept(desk, MONTHLY)
    return first, row


def test_statistics_count_review_sign_archive_and_correct(portal, desk, september):
    first, row = september
    with at("2025-10-09 09:00"):
        counted = figures(desk, row)["figures"]
        assert {key: counted["measures"][key] for key in ("closed", "received", "open", "founded_rate", "claimed")} == {
            "closed": "2", "received": "3", "open": "1", "founded_rate": "100.00", "claimed": "148000.00",
        }  # fmt: skip
        archived(desk, row["id"])
        paper = desk.as_(CONTROL).client.get(f"/report_snapshot/{row['id']}/print").text
        assert paper.count("属实") == 3
        desk.as_(QC).call("POST", f"report_snapshot/{row['id']}/move/correct", 403, values={}, reason="x")
        desk.as_(CONTROL).call("POST", f"report_snapshot/{row['id']}/move/correct", 422, values={})
    with portal.app_context(), at("2025-10-20 09:00"):
        signed = session.get_one(ReportSnapshot, row["id"])
        signed.totals = {**signed.totals, "count": 99}
        with pytest.raises(Refusal, match=r"B02\.monthly_statistics"):
            session.flush()
        session.rollback()
        session.get_one(Complaint, first).claimed_amount = Decimal(1)
        session.commit()
        session.remove()
    with at("2025-10-20 09:00"):
        control = desk.as_(CONTROL)
        control.call("POST", f"report_snapshot/{row['id']}/move/correct", values={}, reason="索赔金额登记有误")
        again = control.call("POST", f"report_snapshot/{row['id']}/move/correct", 422, values={}, reason="x")
        assert again["errors"][0]["rule"] == "correction"
        old, new = kept(desk, MONTHLY, period="2025-09")
        assert (old["status"], new["status"], new["edition"]) == ("archived", "open", 2)
        assert (new["previous_id"], new["correction_reason"]) == (old["id"], "索赔金额登记有误")
        assert figures(desk, new)["figures"]["measures"]["claimed"] == "50001.00"
        assert figures(desk, old)["figures"]["measures"]["claimed"] == "148000.00"
        archived(desk, new["id"])
        assert [one["status"] for one in kept(desk, MONTHLY, period="2025-09")] == ["superseded", "archived"]
        control.call("POST", f"report_snapshot/{old['id']}/move/correct", 422, values={}, reason="x")


def test_what_is_kept_is_read_led_back_to_its_rows_and_taken_out(portal, desk, september):
    first, row = september
    lists_are_kept_by_themselves_once_and_caught_up(portal, desk)
    a_figure_leads_to_its_rows(desk, first, row)
    a_workbook_holds_the_figures_and_its_text_stays_text(portal, desk, row)
    reports_of_sanctions_and_losses_are_there(desk)


def a_figure_leads_to_its_rows(desk, first, row):
    """Each counted figure opens the rows behind it, as far as the reader may see them."""
    with at("2025-10-09 09:00"):
        control = desk.as_(CONTROL).client
        page = control.get(f"/report_snapshot/{row['id']}").text
        assert f"/kept_reports/{row['id']}/rows?measure=closed" in page
        rows = control.get(f"/kept_reports/{row['id']}/rows?measure=closed").text
        assert f'href="/complaint/{first}"' in rows
        assert "250902" not in rows
        table = control.get(f"/kept_reports/{row['id']}/rows?measure=received&table=2&group=1")
        assert "250902" in table.text
        assert "250901" not in table.text
        for wrong in WRONG:
            assert control.get(f"/kept_reports/{row['id']}/rows?{wrong}").status_code == 400, wrong
        assert desk.as_(BOOKS).client.get(f"/kept_reports/{row['id']}/rows?measure=closed").status_code == 404
        assert desk.as_(REP).client.get(f"/kept_reports/{row['id']}/export").status_code == 403


def a_workbook_holds_the_figures_and_its_text_stays_text(portal, desk, row):
    """The workbook opens, a text like a formula is a text, and the export is in the access log."""
    with at("2025-10-21 09:00"):
        answer = desk.as_(CONTROL).client.get(f"/kept_reports/{row['id']}/export")
        assert answer.status_code == 200
        book = zipfile.ZipFile(io.BytesIO(answer.data))
        assert book.testzip() is None
        sheets = {name: ElementTree.fromstring(book.read(name)) for name in book.namelist() if "worksheets/" in name}
        texts = [[cell.text for cell in sheet.iter(f"{MAIN}t")] for sheet in sheets.values()]
        assert "结案件数" in texts[0]
        assert "250901" in texts[-1]
        rows = desk.as_(CONTROL).client.get(f"/kept_reports/{row['id']}/rows?measure=open").text
        assert "=1+1" in rows
    with portal.app_context():
        [log] = session.scalars(sa.select(AccessLog).filter_by(act="export"))
        assert (log.of_register, log.rows, log.facts["period"]) == ("report_snapshot", 2, "2025-09")
        session.remove()


def lists_are_kept_by_themselves_once_and_caught_up(portal, desk):
    """A daily list waits for its time of day; a list of what is open is not made up for; readers get theirs."""
    sweep(portal, "deadlines.due", "2025-10-21 00:05")
    assert sweep(portal, "reports.keep", "2025-10-21 00:20").counts["hit"] > 0
    with at("2025-10-21 00:21"):
        assert [row["period"] for row in kept(desk, OVERDUE)] == ["2025-10-19"]
    assert sweep(portal, "reports.keep", "2025-10-21 00:30").counts["hit"] > 0
    assert sweep(portal, "reports.keep", "2025-10-21 00:40").counts["hit"] == 0
    with at("2025-10-21 09:00"):
        last = kept(desk, OVERDUE)[-1]
        assert (last["period"], last["status"]) == ("2025-10-20", "archived")
        found = figures(desk, last)
        assert {line["case_no"] for line in found["rows"]["result"]} == {"250902"}
        assert int(found["figures"]["measures"]["late_now"]) >= 1
        assert found["rows"]["result"][0]["step"]["zh"]
        page = desk.as_(CONTROL).client.get(f"/report_snapshot/{last['id']}").text
        assert "250902" in page
        weeks = [row["period"] for row in kept(desk, PROOFS, who=MANAGER)]
        assert weeks == ["2025-W42"]
        assert len(kept(desk, "B02.recovery_exclusions", who=BOOKS)) == 1
        assert kept(desk, "B02.deductions", who=MANAGER) == []
        assert desk.as_(GENERAL).call("GET", f"kept_report/{last['id']}")["rows"]["count"] >= 1


def reports_of_sanctions_and_losses_are_there(desk):
    """The other monthly reports have figures, page and paper."""
    with at("2025-10-09 09:00"):
        [review] = kept(desk, "B02.monthly_sanction_review")
        [losses] = kept(desk, "B02.monthly_loss_split")
        assert figures(desk, review)["figures"]["measures"]["proposed"] == "0"
        assert figures(desk, losses)["figures"]["measures"]["loss"] == "0"
        for row in (review, losses):
            assert desk.as_(CONTROL).client.get(f"/report_snapshot/{row['id']}").status_code == 200
            assert desk.as_(CONTROL).client.get(f"/report_snapshot/{row['id']}/print").status_code == 200
