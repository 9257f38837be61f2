"""The explorer's widgets and where they stand; what they do is said in ``ui/targets.py``."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workbench.report.words import Words
from workbench.ui.choice import Scene, State
from workbench.ui.shown import heads_html

if TYPE_CHECKING:
    from ipywidgets import (
        HTML,
        Button,
        Checkbox,
        Combobox,
        Dropdown,
        FloatSlider,
        FloatText,
        HBox,
        VBox,
    )

LEVELS = ("commit", "base", "stretch")
KINDS = ("CSV", "Excel")
MOST_ROWS = 20
NAME, AMOUNT, CELLS = "230px", "190px", "320px"


@dataclass(frozen=True, eq=False)
class Row:
    """One unit: locked or not, its target, and what follows from it."""

    unit: str
    lock: "Checkbox"
    amount: "FloatText"
    cells: "HTML"
    box: "HBox"


@dataclass(frozen=True, eq=False)
class Controls:
    """Every widget of the explorer, by what it is for."""

    slider: "FloatSlider"
    target: "FloatText"
    levels: Mapping[str, "Button"]
    method: "Dropdown"
    period: "Dropdown"
    unlock: "Button"
    more: "Combobox"
    save: Mapping[str, "Button"]
    saved: "HTML"
    answer: "HTML"
    problems: "HTML"
    figure: "HTML"
    mark: "HTML"
    rest: "HTML"
    rows: list[Row]
    table: "VBox"
    box: "VBox"


def make_controls(scene: Scene, state: State, words: Words) -> Controls:
    """All widgets, empty but for the names and choices that do not change."""
    import ipywidgets as w

    ahead = scene.outlooks[scene.first]
    largest = list(ahead.targets_at(0.5).sort_values(ascending=False, kind="stable").index)
    rows = [make_row(str(unit)) for unit in largest[:MOST_ROWS]]
    periods = [(words.period(seen.period), label) for label, seen in scene.outlooks.items()]
    ways = [(words(f"explore.by.{way}"), way) for way in scene.methods]
    wide = w.Layout(width="auto")
    one = w.Layout(width="auto", min_width="260px")
    controls = {
        "slider": w.FloatSlider(readout=False, layout=w.Layout(width="auto")),
        "target": w.FloatText(description=words("explore.target"), layout=one),
        "levels": {name: w.Button(layout=w.Layout(width="auto")) for name in LEVELS},
        "method": w.Dropdown(
            description=words("explore.method"), options=ways, value=state.choice.by, layout=one
        ),
        "period": w.Dropdown(
            description=words("explore.period"), options=periods, value=state.period, layout=one
        ),
        "unlock": w.Button(description=words("explore.unlock"), layout=w.Layout(width="auto")),
        "more": w.Combobox(
            placeholder=words("explore.more"),
            options=[str(unit) for unit in largest[MOST_ROWS:]],
            continuous_update=False,
            layout=w.Layout(display="" if len(largest) > MOST_ROWS else "none"),
        ),
        "save": {kind: _save_button(kind, words) for kind in KINDS},
        "saved": w.HTML(),
        "answer": w.HTML(layout=wide),
        "problems": w.HTML(layout=wide),
        "figure": w.HTML(layout=_over()),
        "mark": w.HTML(layout=_over()),
        "rest": w.HTML(),
        "rows": rows,
        "table": w.VBox([_heads(words), *(row.box for row in rows)]),
    }
    return Controls(**controls, box=_laid_out(controls))


def make_row(unit: str) -> Row:
    """The widgets of one unit."""
    import ipywidgets as w

    lock = w.Checkbox(description=unit, indent=False, layout=w.Layout(width=NAME))
    amount = w.FloatText(layout=w.Layout(width=AMOUNT))
    cells = w.HTML(layout=w.Layout(width=CELLS))
    return Row(unit, lock, amount, cells, w.HBox([lock, amount, cells]))


def _save_button(kind: str, words: Words) -> "Button":
    import ipywidgets as w

    name = words("explore.save", kind=kind)
    return w.Button(description=name, icon="download", layout=w.Layout(width="auto"))


def _heads(words: Words) -> "HBox":
    import ipywidgets as w

    unit, amount = words("explore.unit"), words("explore.amount")
    return w.HBox(
        [
            w.HTML(f"<b>{unit}</b>", layout=w.Layout(width=NAME)),
            w.HTML(f"<b>{amount}</b>", layout=w.Layout(width=AMOUNT)),
            w.HTML(f"<b>{heads_html(words)}</b>", layout=w.Layout(width=CELLS)),
        ]
    )


def _over() -> object:
    """The figure and its moving mark lie in one cell, one over the other."""
    import ipywidgets as w

    return w.Layout(grid_area="1 / 1 / 2 / 2", width="auto", margin="0")


def _laid_out(c: Mapping[str, Any]) -> "VBox":
    import ipywidgets as w

    one_cell = w.Layout(width="auto", grid_template_columns="100%", overflow="hidden")
    figure = w.GridBox([c["figure"], c["mark"]], layout=one_cell)
    wrap = w.Layout(flex_flow="row wrap", align_items="center")
    return w.VBox(
        [
            w.HBox([c["period"], c["target"], *c["levels"].values()], layout=wrap),
            c["answer"],
            figure,
            c["slider"],
            w.HBox([c["method"], c["unlock"], c["more"]], layout=wrap),
            c["problems"],
            c["table"],
            c["rest"],
            w.HBox([*c["save"].values(), c["saved"]], layout=wrap),
        ],
        layout=w.Layout(max_width="980px", overflow="hidden"),
    )
