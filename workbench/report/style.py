"""How figures look: colours that colour-blind readers can tell apart, and fonts with Chinese."""

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from workbench.errors import Problem, WorkbenchWarning
from workbench.report.safe import plot_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure

INK = "#1f2933"
MUTED = "#6b7785"
GRID = "#e4e8ed"
PAPER = "#ffffff"
BLUE = "#0b5fa5"
SKY = "#5aa9e6"
ORANGE = "#e07b00"
GREEN = "#00896b"
RED = "#c8421f"
PURPLE = "#7b5ea7"
BANDS = ("#d6e6f5", "#a9cdec", "#6fabdc")
"""Fills of the 95, 80 and 50 % bands, pale to strong."""

CJK_FAMILIES = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN")
LATIN_FAMILY = "DejaVu Sans"
BUNDLED = ("NotoSansCJKsc-Regular.otf", "NotoSansCJKsc-Bold.otf")
REPLACEMENT = "□"
Grid = Literal["", "x", "y", "both"]


@cache
def cjk_family() -> str | None:
    """The name of a font with Chinese: the system's, else that of the ``fonts`` extra, else None.

    Warns once where there is none.
    """
    from matplotlib import font_manager

    manager = font_manager.fontManager
    for attempt in (_nothing, _add_bundled):
        attempt()
        installed = {entry.name for entry in manager.ttflist}
        for family in CJK_FAMILIES:
            if family in installed:
                return family
    warnings.warn(WorkbenchWarning(Problem("report.no_chinese_font")), stacklevel=2)
    return None


def cjk_path() -> Path | None:
    """The file of that font, for embedding into pages."""
    from matplotlib import font_manager

    family = cjk_family()
    return None if family is None else Path(font_manager.findfont(family))


def families() -> list[str]:
    """Font families in order; the Chinese one first, because fallback to it loses glyphs."""
    family = cjk_family()
    return [LATIN_FAMILY] if family is None else [family, LATIN_FAMILY]


@contextmanager
def house_style() -> Iterator[None]:
    """Within it figures are drawn in the house style; outside nothing is changed."""
    from matplotlib import rcParams

    # Not rc_context: that also undoes what a notebook's backend sets with its first figure.
    settings: Any = rcParams
    before = {key: settings[key] for key in _rc()}
    settings.update(_rc())
    try:
        yield
    finally:
        settings.update(before)


def new_axes(width: float = 9.0, height: float = 4.2) -> "Axes":
    """A figure of one chart, in inches; call it within :func:`house_style`."""
    from matplotlib import pyplot

    return pyplot.subplots(figsize=(width, height))[1]


def text(value: object) -> str:
    """``value`` as figures can show it: no formulas, and a box for what no font can draw."""
    plain = plot_text(value)
    glyphs = _glyphs()
    if not glyphs:
        return plain
    return "".join(c if ord(c) in glyphs else REPLACEMENT for c in plain)


def text_lines(value: str) -> str:
    """The same, where line breaks are meant."""
    return "\n".join(text(line) for line in value.split("\n"))


def finish(ax: "Axes", *, title: str, subtitle: str = "", grid: Grid = "y") -> "Axes":
    """Title, subtitle, grid and fonts, the same for every figure.

    The fonts of tick labels are set here, because matplotlib makes some of them only when drawing.
    """
    lift = 24 if subtitle else 10
    ax.set_title(text(title), loc="left", pad=lift, fontsize=13, fontweight="bold", color=INK)
    if subtitle:
        ax.annotate(
            text(subtitle),
            (0, 1),
            xycoords="axes fraction",
            xytext=(0, 9),
            textcoords="offset points",
            fontsize=9.5,
            color=MUTED,
        )
    ax.grid(visible=False)
    if grid:
        ax.grid(visible=True, axis=grid, color=GRID, linewidth=0.8)
    ax.set_axisbelow(True)
    ax.tick_params(labelfontfamily=families())
    for label in (*ax.get_xticklabels(), *ax.get_yticklabels()):
        label.set_fontfamily(families())
    return ax


def chance_map() -> "Colormap":
    """Colours of probabilities: orange for unlikely, grey for even, blue for likely."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("chance", [ORANGE, "#f3d9b8", "#f4f6f8", SKY, BLUE])


def is_dark(colour: tuple[float, float, float, float]) -> bool:
    """Whether white letters read better than dark ones on a colour (red, green, blue, alpha).

    Relative luminance of sRGB as in WCAG 2; ink and paper contrast alike near 0.2.

    >>> is_dark((0.05, 0.35, 0.65, 1.0)), is_dark((0.97, 0.6, 0.2, 1.0))
    (True, False)
    """
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] < 0.2


def to_png(figure: "Figure", *, dpi: int = 144) -> bytes:
    """The figure as PNG bytes, and closed."""
    import io

    from matplotlib import pyplot

    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=dpi, bbox_inches="tight", pad_inches=0.15)
    pyplot.close(figure)
    return buffer.getvalue()


def _nothing() -> None:
    """The fonts that matplotlib already knows."""


def _add_bundled() -> None:
    """Add the fonts of the ``fonts`` extra by path: importing it would change global style."""
    from matplotlib import font_manager

    spec = find_spec("mpl_font")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for name in BUNDLED:
            file = Path(folder) / "fonts" / "noto" / name
            if file.is_file():
                font_manager.fontManager.addfont(file)


@cache
def _glyphs() -> frozenset[int]:
    """Code points that the fonts can draw; empty without a Chinese font, to keep the words."""
    from matplotlib import font_manager

    if cjk_family() is None:
        return frozenset()
    found: set[int] = set()
    for family in families():
        found.update(font_manager.get_font(font_manager.findfont(family)).get_charmap())
    return frozenset(found)


def _rc() -> Mapping[str, Any]:
    return MappingProxyType(
        {
            "font.family": families(),
            "font.size": 10,
            "axes.unicode_minus": False,
            "axes.titlesize": 13,
            "axes.labelsize": 10,
            "axes.labelcolor": MUTED,
            "axes.edgecolor": "#b8c1cc",
            "axes.linewidth": 0.8,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "text.color": INK,
            "xtick.color": "#b8c1cc",
            "ytick.color": "#b8c1cc",
            "xtick.labelcolor": MUTED,
            "ytick.labelcolor": MUTED,
            "xtick.labelsize": 9.5,
            "ytick.labelsize": 9.5,
            "legend.frameon": False,
            "legend.fontsize": 9.5,
            "figure.facecolor": PAPER,
            "axes.facecolor": PAPER,
            "figure.dpi": 144,
            "figure.constrained_layout.use": True,
            "savefig.facecolor": PAPER,
        }
    )
