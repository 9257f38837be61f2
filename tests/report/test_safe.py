import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.report.safe import cell_text, columns, file_name, html_text, plot_text, shorten


@given(st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), max_size=80))
def test_html_shows_exactly_the_text_and_no_marks(text):
    shown = html_text(text)
    assert not set("<>\"'") & set(shown)
    assert html.unescape(shown).split() == text.split()


@given(st.text(max_size=100))
def test_any_text_makes_one_plain_file_name(text):
    name = file_name(text)
    assert 0 < len(name) <= 66
    assert not set(name) & set('/\\:*?"<>|\0\n ')
    assert not name.startswith(".")
    assert name.split(".")[0].lower() not in {"con", "nul", "aux", "prn", "com1"}


def test_names_that_windows_reserves_get_a_prefix():
    assert file_name("CON") == "table-CON"
    assert file_name("../..") == "table"


def test_direction_overrides_and_line_breaks_do_not_reach_the_page():
    assert html_text("a\u202eb\nc\x00") == "ab c"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_no_text_starts_a_formula(text):
    assert cell_text(text) == f"'{text}"


def test_dollars_are_dollars():
    assert plot_text("a $x$ b") == r"a \$x\$ b"


@given(st.text(max_size=60), st.integers(2, 30))
def test_shortened_text_fits(text, width):
    assert columns(shorten(text, width)) <= width
