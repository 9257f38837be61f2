"""Inputs: numbers, ranges, distributions; bounds; sources; one draw per path."""

import numpy as np
import pytest

from workbench.campaign.distribution import Distribution
from workbench.campaign.files import KINDS
from workbench.campaign.inputs import as_distribution, draw_inputs, read_inputs
from workbench.campaign.meaning import meanings
from workbench.campaign.streams import Streams


def draw(seed=0, name="one", n_paths=1000, **given):
    used, problems = read_inputs("group_buy", name, given)
    assert not problems
    return draw_inputs("group_buy", used, Streams(seed, name), n_paths)


def codes(**given):
    return [problem.code for problem in read_inputs("group_buy", "one", given)[1]]


@pytest.mark.parametrize(
    ("kind", "parameters", "mean"),
    [
        ("fixed", (0.31,), 0.31),
        ("triangular", (0.1, 0.2, 0.6), 0.3),
        ("triangular", (0.4, 0.4, 0.4), 0.4),
        ("uniform", (0.1, 0.5), 0.3),
        ("normal", (0.3, 0.02), 0.3),
        ("lognormal", (0.3, 0.2), 0.3 * np.exp(0.02)),
        ("beta", (12.0, 88.0), 0.12),
        ("gamma", (0.3, 40.0), 0.3),
        ("samples", (0.1, 0.2, 0.3), 0.2),
    ],
)
def test_distributions_have_the_mean_they_say(kind, parameters, mean):
    one = Distribution(kind, parameters)
    assert one.sound
    assert draw(pay_rate=one).values["pay_rate"].mean() == pytest.approx(mean, abs=1e-3)


@pytest.mark.parametrize(
    "bad",
    [
        Distribution("triangular", (0.3, 0.2, 0.4)),
        Distribution("beta", (0.0, 1.0)),
        Distribution("normal", (0.3, -0.1)),
        Distribution("lognormal", (-1.0, 0.1)),
        Distribution("uniform", (0.1,)),
        Distribution("samples", ()),
        Distribution("fixed", (float("nan"),)),
        (0.4, 0.2),
    ],
)
def test_distributions_that_make_no_sense(bad):
    assert codes(pay_rate=bad) == ["campaign.bad_distribution"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"visits": None}, "campaign.missing_input"),
        ({"visits": "many"}, "campaign.not_a_number"),
        ({"visits": True}, "campaign.not_a_number"),
        ({"visits": (1, 2, 3, 4)}, "campaign.not_a_number"),
        ({"pay_rate": {"kind": "betta", "parameters": [1, 2]}}, "campaign.not_a_number"),
        ({"pay_rate": 1.2}, "campaign.out_of_range"),
        ({"pay_rate": -0.1}, "campaign.out_of_range"),
        ({"pay_rate": Distribution("normal", (0.9, 0.3))}, "campaign.out_of_range"),
        ({"visits": -5}, "campaign.out_of_range"),
    ],
)
def test_inputs_that_cannot_be_used(given, code):
    assert codes(**given) == [code]


def test_all_that_is_wrong_is_told_at_once_in_both_languages():
    _, problems = read_inputs("group_buy", "拼团", {"visits": None, "pay_rate": 30})
    assert len(problems) == 2
    assert "pay_rate (orders that are paid) = 30; possible: 0 to 1" in problems[1].text("en")
    assert "付款转化率" in problems[1].text("zh")


def test_sources():
    used, _ = read_inputs(
        "group_buy",
        "one",
        {
            "joiners": None,
            "open_rate": None,
            "visits": 100,
            "pay_rate": {"kind": "beta", "parameters": [70, 30], "source": "history"},
        },
    )
    source = {name: one.source for name, one in used.items()}
    assert source["joiners"].startswith("BeiBei")
    assert (source["open_rate"], source["visits"], source["pay_rate"]) == (
        "assumption",
        "given",
        "history",
    )
    assert as_distribution((1, 2), source="history").source == "history"
    with pytest.raises(ValueError, match="neither number"):
        as_distribution("much")


def test_an_input_keeps_its_numbers_whatever_else_is_drawn():
    alone = draw(pay_rate=(0.5, 0.6, 0.9))
    beside = draw(visits=(1, 3), pay_rate=(0.5, 0.6, 0.9))
    assert (alone.values["pay_rate"] == beside.values["pay_rate"]).all()
    other = draw(name="two", pay_rate=(0.5, 0.6, 0.9))
    assert (alone.values["pay_rate"] != other.values["pay_rate"]).any()
    assert (
        alone.values["pay_rate"] != draw(seed=1, pay_rate=(0.5, 0.6, 0.9)).values["pay_rate"]
    ).any()


def test_draws_are_spread_evenly():
    few = draw(n_paths=50, visits=(0, 1)).values["visits"]
    assert (np.histogram(few, bins=50, range=(0, 1))[0] == 1).all()


@pytest.mark.parametrize("kind", KINDS)
def test_every_prior_is_sound_and_has_a_source_and_names_in_both_languages(kind):
    for meaning in meanings(kind).values():
        assert meaning.label["en"]
        assert meaning.label["zh"]
        if meaning.prior is not None:
            assert meaning.prior.sound
            assert meaning.prior.source
            low, high = meaning.prior.at(np.array([1e-6, 1 - 1e-6]))
            assert meaning.least <= low <= high <= meaning.most


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (0.1226713, "0.1227"),
        (258.5, "258.5"),
        (12_345, "12345"),
        ((0.016589, 0.018321), "0.0175 (0.0166–0.0183)"),
        ((810, 1035.4, 1260), "1035 (810–1260)"),
    ],
)
def test_numbers_are_shown_with_the_digits_that_count(given, text):
    assert as_distribution(given).text() == text
