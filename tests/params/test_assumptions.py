"""Adjustments and the other parameters of the cascade, as files and command lines give them."""

import pytest

from workbench.errors import ParameterError
from workbench.params.models import TargetSettingParams

LAUNCH = {"label": "新品", "low": "0.02", "mid": 0.05, "high": 0.1}


def read(**values):
    return TargetSettingParams.read({"source": "orders.csv", **values})


def test_a_list_in_a_file_and_a_text_on_a_command_line_say_the_same():
    one = read(adjustments=[{**LAUNCH, "units": "线上商城, 门店", "start": "2026-11-01"}])
    numbers = "label: 新品, low: 0.02, mid: 0.05, high: 0.1"
    text = f"[{{{numbers}, units: [线上商城, 门店], start: 2026-11-01}}]"
    assert one.adjustments == read(adjustments=text).adjustments
    assert one.adjustments[0] == {
        "label": "新品",
        "units": ["线上商城", "门店"],
        "low": 0.02,
        "mid": 0.05,
        "high": 0.1,
        "kind": "relative",
        "start": "2026-11-01",
    }
    assert read(adjustments="").adjustments == ()
    assert read(**one.plain()).adjustments == one.adjustments


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("launch", "must be a list of adjustments"),
        ("[{", "must be a list of adjustments"),
        (["launch"], "must be a list of adjustments"),
        ([LAUNCH | {"lable": "x"}], "has a key that is not known"),
        ([{"label": "x", "low": 0}], 'x" lacks mid, high'),
        ([LAUNCH | {"kind": "share"}], "kind of an adjustment in 'adjustments' is not known"),
        ([LAUNCH | {"mid": "much"}], "much"),
        ([LAUNCH | {"start": "soon"}], "soon"),
    ],
)
def test_what_is_no_adjustment_is_refused(value, said):
    with pytest.raises(ParameterError) as failed:
        read(adjustments=value)
    assert said in str(failed.value)


def test_incomplete_adjustments_are_told_as_such():
    with pytest.raises(ParameterError, match="is not complete"):
        read(adjustments=[{"label": "x"}])


def test_the_band_and_mistyped_names():
    assert read(band_low="0.4").band == (0.4, 0.8)
    with pytest.raises(ParameterError, match="staff_file"):
        read(staff_fil="staff.csv")
    with pytest.raises(ParameterError, match="band_low"):
        read(band_low=1.2)
