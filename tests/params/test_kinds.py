"""What arrives from YAML, papermill and command lines, field by field."""

import pytest
import yaml

from workbench.errors import ParameterError
from workbench.params.kinds import nearest
from workbench.params.models import TargetSettingParams


def refused(**values: object) -> ParameterError:
    with pytest.raises(ParameterError) as caught:
        TargetSettingParams.read(values)
    return caught.value


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("where: 00123", "where: 83"),
        ("where: 12:30", "where: 750"),
        ("where: 1_0.5", "where: 10.5"),
    ],
)
def test_text_that_yaml_made_a_number_is_refused_and_told_to_be_quoted(line, found):
    error = refused(**yaml.safe_load(line))
    assert [p.code for p in error.problems] == ["params.text_is_number"]
    assert found in error.text("en")
    assert 'Quote it in the parameter file: where: "…"' in error.text("en")
    assert "请在参数文件中加上引号" in error.text("zh")


def test_norway_is_not_false():
    error = refused(**yaml.safe_load("country: NO"))
    assert "country: false" in error.text("en")
    assert 'country: "…" (without quotes YAML reads NO, OFF and N as false' in error.text("en")
    assert "加上引号" in error.text("zh")


def test_quoted_text_keeps_its_zeros_and_loses_outer_blanks():
    assert TargetSettingParams.read({"where": " store=00123 "}).where == "store=00123"


@pytest.mark.parametrize("value", [["a"], {"a": 1}])
def test_text_refuses_lists_and_mappings(value):
    assert "must be one piece of text" in refused(period=value).text()


@pytest.mark.parametrize(("value", "number"), [("5e-2", 0.05), (5, 5.0), ("0.01", 0.01)])
def test_numeric_text_becomes_a_number(value, number):
    assert TargetSettingParams.read({"rounding": value, "source": "x"}).rounding == max(
        number, 0.01
    )


@pytest.mark.parametrize("value", ["abc", True, "nan", "inf", "1,000", [3], "9" * 400])
def test_what_is_no_number_is_refused(value):
    assert "must be a number" in refused(rounding=value).text("en")


def test_whole_numbers():
    assert TargetSettingParams.read({"n_paths": "2000"}).n_paths == 2000
    assert TargetSettingParams.read({"n_paths": 2e3}).n_paths == 2000
    assert "must be a whole number" in refused(n_paths=2000.5).text("en")
    assert "应为整数" in refused(seed="1.5").text("zh")


@pytest.mark.parametrize(
    ("values", "limits"),
    [
        ({"n_paths": 99}, "from 100 to 100000"),
        ({"fiscal_year_start": 13}, "from 1 to 12"),
        ({"rounding": 0}, "from 0.01 to 1e+09"),
        ({"max_growth": -2}, "from -1 to 100"),
        ({"seed": -1}, "from 0 to"),
    ],
)
def test_numbers_out_of_range_name_the_range(values, limits):
    assert limits in refused(**values).text("en")


@pytest.mark.parametrize("value", [0, -1, -3e6, "0", "-5"])
def test_a_target_of_zero_or_less_is_refused(value):
    error = refused(target=value)
    assert "A target must be above zero" in error.text("en")
    assert "目标必须大于零" in error.text("zh")


@pytest.mark.parametrize("value", ["three million", "300万", "3,000,000", True, [1]])
def test_a_target_of_text_is_refused(value):
    assert "must be a number" in refused(target=value).text("en")


@pytest.mark.parametrize("value", ["", "  ", None])
def test_an_empty_target_or_limit_means_unset(value):
    params = TargetSettingParams.read({"target": value, "max_growth": value and ""})
    assert params.target is None
    assert params.max_growth is None


def test_dates_are_iso_text():
    assert TargetSettingParams.read({"as_of": "2026-09-30"}).as_of == "2026-09-30"
    assert "must be a date" in refused(as_of="30.9.2026").text("en")
    assert "应为日期" in refused(as_of="2026-02-30").text("zh")


def test_choices_name_the_nearest():
    error = refused(metric="netsales")
    assert "Choose one of net_sales | gmv | units, for example net_sales" in error.text("en")
    assert refused(language="Chinese").problems[0].code == "params.not_choice"


@pytest.mark.parametrize("text", ["channel, category", "channel，category", "channel、category"])
def test_lists_may_be_written_with_commas_of_both_scripts(text):
    assert TargetSettingParams.read({"by": text}).by == ("channel", "category")


def test_lists_refuse_numbers_inside():
    assert refused(by=[12]).problems[0].code == "params.text_is_number"
    assert "must be a list of texts" in refused(by=3).text("en")


def test_amounts_by_unit():
    wanted = {"线上商城": 3e6, "线下门店": 9e5}
    assert TargetSettingParams.read({"locks": wanted}).locks == wanted
    text = "线上商城=3000000，线下门店=900000"
    assert TargetSettingParams.read({"locks": text}).locks == wanted
    assert TargetSettingParams.read({"caps": "a=b=5"}).caps == {"a=b": 5.0}


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({83: 5.0}, "params.unit_is_number"),
        ({"a": -1}, "params.amount_negative"),
        ({"a": "x"}, "params.not_number"),
        ("a", "params.not_amounts"),
        (5, "params.not_amounts"),
    ],
)
def test_amounts_that_cannot_be_used(value, code):
    error = refused(floors=value)
    assert [p.code for p in error.problems] == [code]
    assert "floors" in error.text("en")


def test_every_mistake_is_named_at_once():
    error = refused(perod="2026Q4", target=-1, metric="gmw", xyzzy=1)
    assert {p.code for p in error.problems} == {
        "params.unknown_near",
        "params.target_not_positive",
        "params.not_choice",
        "params.unknown",
    }
    assert "Did you mean 'period'?" in error.text("en")
    assert "您要写的是“period”吗" in error.text("zh")
    assert "use one of these: source, mapping" in error.text("en")


def test_nearest_ignores_case():
    assert nearest("Period", ["period"]) == "period"
