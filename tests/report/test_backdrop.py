"""A figure drawn once, and the mark that moves over it."""

import re

import pytest

from workbench.report import style
from workbench.report.figures.backdrop import Backdrop, backdrop, mark

PLAIN = Backdrop("<svg/>", 100, 50, left=10, right=90, top=5, bottom=45, x=(0, 8), y=(0, 1))


@pytest.mark.parametrize(
    ("point", "place"),
    [((0, 0), (10, 45)), ((8, 1), (90, 5)), ((2, 0.5), (30, 25)), ((99, -1), (90, 45))],
)
def test_points_lie_where_the_axes_are_and_never_beyond(point, place):
    assert PLAIN.place(*point) == place


def test_the_mark_lies_where_matplotlib_drew_the_same_point():
    with style.house_style():
        ax = style.new_axes()
        (line,) = ax.plot([3.0, 7.0], [0.25, 0.75], gid="here")
        line.set_gid("here")
        ax.set_ylabel("something to leave room for")
        behind = backdrop(ax)
    path = re.search(r'<g id="here">\s*<path d="M ([\d.]+) ([\d.]+)', behind.svg)
    assert path is not None
    drawn = tuple(float(number) for number in path.groups())
    assert behind.place(3.0, 0.25) == pytest.approx(drawn, abs=0.05)


def test_the_label_is_text_and_turns_to_the_side_with_room():
    left, right = mark(PLAIN, 1, 0.5, "a<b"), mark(PLAIN, 7, 0.5, "a<b")
    assert "a&lt;b" in left
    assert 'text-anchor="start"' in left
    assert 'text-anchor="end"' in right
