"""The trial of a policy on its screen: inputs, results, and what is kept of what was typed."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.scenarios.desk import CONTROL, GENERAL, REP, at
from tests.scenarios.trying import BIG, START, cells, look

__all__ = ["look"]


# -- the screen --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_screen_draws_the_inputs_of_the_chosen_item(look, language):
    page = look(language=language)
    assert re.findall(r'<option value="([^"]*)" selected', page)[:1] == ["B02/2"]
    assert 'name="f_start"' in page
    assert 'name="f_market"' in page
    for what, item, name in (("authority", "decision", "f_claimed_amount"), ("class", "tracking", "f_systemic_cause"),
                             ("calculation", "limits.monthly_cap", "f_requested")):
        page = look(language=language, policy="B02", what=what, item=item)
        assert f'name="{name}"' in page
        assert not BIG.search(page)


def test_a_due_instant_on_the_screen(look):
    page = look(policy="B02/2", unit="", what="due", item="case", f_start=START, f_market="domestic")
    assert BIG.search(page)[1] == "2025-10-21 Tue 23:59:59"
    assert re.findall(r'kz-num fs-2[^>]*>(\d+)<', page) == ["13", "2", "13", "25"]
    assert re.findall(r'<i class="([^"]*)"[^>]*>28<small>([^<]*)', page)[0] == ("on mk", "1 work")
    assert re.search(r'<i class="due"[^>]*>21<small>due', page)
    assert "09-26 Fri Skipped The day of receipt does not count （十）1 —" in cells(page)
    assert "10-01 – 10-03 Skipped National Day （十） —" in cells(page)
    assert cells(page)[-1] == "10-20 – 10-21 Counted Working day （十）1 13"
    assert "If “Market” were “Overseas”" in page
    assert "2025-10-27 Mon 23:59:59" in page
    assert "If it began after office hours, at 17:31" in page
    assert 'href="/policy/B02/2?at=（十）1#（十）1"' in page
    assert 'data-copy="calc-text"' in page


def test_all_limits_of_a_case_at_once(look):
    page = look(policy="B02/2", unit="", what="due", item="all:complaint", f_start=START, f_market="overseas")
    found = cells(page)
    assert any(row.startswith("Closing limit 17 working days 2025-10-27") for row in found)
    assert any("Collection limit" in row and "No limit is given yet." in row for row in found)
    (link,) = re.findall(r'<a href="(/calculator/[^"]*)">Opinion of sales</a>', page)
    assert "item=step_sales_opinion" in link
    assert "f_market=overseas" in link


def test_authority_class_and_amount_on_the_screen(look):
    page = look(policy="B02", what="authority", item="decision", f_claimed_amount="98,000",
                f_proposed_settlement_amount="102000")
    assert BIG.search(page)[1] == "Deputy general manager"
    assert "48,000.01 yuan more" in page
    page = look(policy="B02", what="class", item="sanction_grade", f_burden="100001")
    assert BIG.search(page)[1] == "One minor demerit"
    assert "Two reprimands" in page
    page = look(policy="B02", what="calculation", item="calculations.loss_return", f_quantity="500", f_unit_price="86")
    assert BIG.search(page)[1] == "8,600.00"
    assert "500 × 86.00 × 20 % = 8,600.00" in page
    page = look(policy="B02", what="calculation", item="limits.monthly_cap", f_bonus="1000", f_requested="600")
    assert BIG.search(page)[1] == "Not kept"


def test_bad_input_is_kept_beside_its_sentence(look):
    page = look(422, policy="B02", what="authority", item="decision", f_claimed_amount="1.234",
                f_proposed_settlement_amount="7")
    assert 'value="1.234"' in page
    assert 'value="7"' in page
    assert "At most 2 decimals." in page
    assert 'href="#f-f_claimed_amount"' in page
    page = look(422, policy="B02", what="calculation", item="calculations.loss_return", go="1")
    assert "“Loss of a return” needs “Quantity”." in page
    page = look(422, policy="B02", unit="999999", what="due", item="case", f_start=START, f_market="domestic")
    assert "There is no such unit that works by policy B02." in page
    assert f'value="{START}"' in page
    assert "is not one of" in look(422, policy="B02", what="class", item="nothing")
    look(404, policy="Z99")
    look(404, policy="B02/77")
    look(404, policy="B02/x")


def test_choosing_something_else_loses_nothing(look):
    page = look(policy="B02", what="due", item="step_qc", f_start=START, f_market="overseas", f_burden="77",
                choose="1")
    assert f'value="{START}"' in page
    assert '<option value="overseas" selected' in page
    assert '<input type="hidden" name="f_burden" value="77">' in page
    assert "f_burden=77" in page  # the other tabs take it along


def test_the_policy_page_leads_to_each_trial(look, sign_in):
    page = unescape(sign_in(GENERAL).client.get("/policy/B02?at=all&_l_=en").text)
    links = re.findall(r'class="kz-try[^"]*" href="([^"]*)"', page)
    wanted = {
        "/calculator/?policy=B02/2&what=due&item=case", "/calculator/?policy=B02/2&what=authority&item=decision",
        "/calculator/?policy=B02/2&what=class&item=sanction_grade",
        "/calculator/?policy=B02/2&what=calculation&item=calculations.loss_return",
        "/calculator/?policy=B02/2&what=calculation&item=limits.monthly_cap",
    }
    assert wanted <= set(links)
    assert not any("return_proofs" in link or "loss_total" in link for link in links)
    for link in sorted(set(links)):
        with at("2025-09-26 14:30"):
            assert sign_in(GENERAL).client.get(link).status_code == 200, link


def test_a_case_leads_to_the_trial_of_its_clock(look, desk):
    with at("2025-09-26 14:30"):
        case = desk.accepted(market="overseas")
    with at("2025-09-28 09:00"):
        desk.as_(CONTROL).move(case, "send_to_qc")
        page = unescape(desk.as_(CONTROL).client.get(f"/complaint/{case}?_l_=en").text)
        whole, step = re.findall(r'href="(/calculator/\?[^"]*)"', page)[:2]
        assert "item=case" in whole
        assert "f_whole_start=2025-09-26T14:30" in step
        tried = [BIG.search(unescape(desk.as_(CONTROL).client.get(f"{link}&_l_=en").text))[1] for link in (whole, step)]
    assert tried == ["2025-10-27 Mon 23:59:59", "2025-09-29 Mon 23:59:59"]


def test_the_calls_are_documented_with_examples_that_work(sign_in):
    with at("2025-09-26 14:30"):
        paths = sign_in(REP).call("GET", "_openapi")["paths"]
        for what in ("due", "authority", "classify", "calculate"):
            said = paths[f"/api/v1/policy/{{code}}/{what}"]["post"]["requestBody"]["content"]["application/json"]
            assert said["examples"]
            for name, example in said["examples"].items():
                sign_in(REP).call("POST", f"policy/{name[:3]}/{what}", **example["value"])
