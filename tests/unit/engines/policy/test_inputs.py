"""What a trial asks for is drawn from the pack: fields of its registers, or made for the values it looks for."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import Babel

from app import discover
from app.core.register import registers
from app.engines.policy import inputs
from app.engines.policy.reading.words import Wording
from app.packs import schema
from app.packs.schema import FOLDER

assert list(discover())


@pytest.fixture(scope="module")
def words():
    app = Flask("inputs")
    Babel(app)
    with app.test_request_context():
        pack = schema.build(schema.parse((FOLDER / "B02.yaml").read_text(encoding="utf-8")))
        yield Wording(pack, lambda key: f"<{key}>")


def kinds(fields):
    return {name: spec.kind.name for name, spec in fields.items()}


def test_conditions_ask_for_the_registers_own_field(words):
    found = inputs.of_clock(words, words.pack.clocks["case"])
    market = registers()["complaint"].fields["market"]
    assert (found["market"].label, found["market"].choices) == (market.label, market.choices)
    assert not found["market"].required


def test_a_clock_asks_for_the_fields_that_it_counts_from_and_until(words):
    assert kinds(inputs.of_clock(words, words.pack.clocks["report"])) == {"investigated_on": "date"}
    assert kinds(inputs.of_clock(words, words.pack.clocks["collection"])) == {"collection_due_on": "date"}
    assert kinds(inputs.of_clock(words, words.pack.clocks["urgent_alert"])) == {"reported_at": "datetime"}


def test_several_clocks_ask_for_each_field_once(words):
    clocks = [one for one in words.pack.clocks.values() if one.register_ == "complaint"]
    assert set(inputs.of_clocks(words, clocks)) == {"market", "founded", "collection_due_on"}


def test_amounts_bands_and_criteria(words):
    pack = words.pack
    amounts = inputs.of_authority(words, pack.authority["decision"])
    assert kinds(amounts) == {"claimed_amount": "money", "proposed_settlement_amount": "money"}
    assert kinds(inputs.of_tier(words, pack.tiers["sanction_grade"])) == {"burden": "money"}
    assert kinds(inputs.of_tier(words, pack.tiers["market"])) == {"country": "text"}
    faults = inputs.of_tier(words, pack.tiers["cause_category"])["fault_item"]
    assert set(pack.tiers["fault_items"].classes) == set(faults.choices)


def test_facts_that_no_register_keeps_are_made_for_their_values(words):
    found = inputs.of_tier(words, words.pack.tiers["loss_or_not"])
    assert kinds(found) == {"has_loss": "boolean", "has_demand": "boolean"}
    assert found["has_loss"].label == "<has_loss>"
    made = inputs._made("colour", "Colour", ("red", None))
    assert list(made.choices) == ["red", inputs.OTHER]


def test_a_formula_asks_in_the_quantities_that_it_names(words):
    found = inputs.of_formula(words, words.pack.calculations["loss_return"])
    assert kinds(found) == {"quantity": "integer", "unit_price": "money"}
    assert found["quantity"].label == registers()["loss_item"].fields["quantity"].label
    fine = inputs.of_formula(words, words.pack.calculations["conversion_fine"])
    assert fine["fine"].label == "<fine>"
