"""A figure drawn once, over which a mark moves without drawing it again."""

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.report import style
from workbench.report.safe import html_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

POINTS = 72
FONT = 13


@dataclass(frozen=True)
class Backdrop:
    """A figure as SVG, and where its axes lie in it.

    Attributes:
        svg: the drawing, as wide as the page allows.
        width, height: its size in its own units (points).
        left, right, top, bottom: the edges of the axes, in points from the upper left corner.
        x: the values at the left and the right edge.
        y: the values at the bottom and the top edge.
    """

    svg: str
    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    x: tuple[float, float]
    y: tuple[float, float]

    def place(self, x: float, y: float) -> tuple[float, float]:
        """A point of the axes in points from the upper left corner; beyond them, their edge."""
        across = (min(max(x, self.x[0]), self.x[1]) - self.x[0]) / (self.x[1] - self.x[0])
        up = (min(max(y, self.y[0]), self.y[1]) - self.y[0]) / (self.y[1] - self.y[0])
        down = self.bottom - up * (self.bottom - self.top)
        return self.left + across * (self.right - self.left), down


def backdrop(ax: "Axes") -> Backdrop:
    """Draw the figure of ``ax``, and close it."""
    from matplotlib import pyplot

    figure = ax.get_figure(root=True)
    if figure is None:
        raise ValueError("axes without a figure")
    buffer = io.StringIO()
    with style.house_style():
        figure.savefig(buffer, format="svg")
    width, height = (float(side) * POINTS for side in figure.get_size_inches())
    box = ax.get_position()
    pyplot.close(figure)
    drawing = buffer.getvalue()
    return Backdrop(
        svg=drawing[drawing.index("<svg") :].replace("<svg ", f"<svg {_wide()} ", 1),
        width=width,
        height=height,
        left=box.x0 * width,
        right=box.x1 * width,
        top=(1 - box.y1) * height,
        bottom=(1 - box.y0) * height,
        x=ax.get_xlim(),
        y=ax.get_ylim(),
    )


def mark(behind: Backdrop, x: float, y: float, label: str) -> str:
    """A drawing as large as ``behind`` with one labelled point, and nothing else."""
    across, down = behind.place(x, y)
    before = across > (behind.left + behind.right) / 2
    return (
        f'<svg {_wide()} viewBox="0 0 {behind.width:g} {behind.height:g}" '
        f'xmlns="http://www.w3.org/2000/svg">'
        f'<path d="M{behind.left:.1f} {down:.1f}H{across:.1f}V{behind.bottom:.1f}" '
        f'fill="none" stroke="{style.ORANGE}" stroke-width="1.5"/>'
        f'<path d="M{across:.1f} {down - 7:.1f}l7 7l-7 7l-7 -7z" fill="{style.ORANGE}"/>'
        f'<text x="{across - 10 if before else across + 10:.1f}" y="{behind.bottom - 10:.1f}" '
        f'font-size="{FONT}" font-weight="bold" font-family="sans-serif" '
        f'text-anchor="{"end" if before else "start"}" fill="{style.ORANGE}" '
        f'stroke="{style.PAPER}" stroke-width="4" paint-order="stroke">'
        f"{html_text(label)}</text></svg>"
    )


def _wide() -> str:
    return 'style="display:block;width:100%;height:auto"'
