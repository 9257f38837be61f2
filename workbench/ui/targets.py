"""The explorer of targets: drag a target, see how likely it is and who carries what."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from workbench.calendar.period import Period
from workbench.errors import WorkbenchError
from workbench.forecast.paths import SamplePaths
from workbench.panel.panel import Panel
from workbench.params.models import TargetSettingParams
from workbench.report.figures.backdrop import Backdrop, backdrop, mark
from workbench.report.figures.curve import attainment_chart
from workbench.report.safe import html_text
from workbench.report.words import Words
from workbench.target.anchors import anchors
from workbench.ui.choice import Scene, State, View, look, opening, set_scene
from workbench.ui.controls import Controls, Row, make_controls, make_row
from workbench.ui.export import write_sheet
from workbench.ui.shown import answer_html, part_html, problems_html, rest_html

if TYPE_CHECKING:
    from ipywidgets import VBox

LEVELS = {"commit": 0.8, "base": 0.5, "stretch": 0.2}
LEAST_PLACES = 100
"""The slider has at least so many places, and at most ten times as many."""


@dataclass(eq=False)
class Explorer:
    """The explorer as it stands: shown by a notebook, read and moved by a program.

    Attributes:
        scene: what was read and drawn once.
        controls: the widgets; setting a value is the same as moving it by hand.
        state: what is chosen now.
        view: what follows from it.
    """

    scene: Scene
    words: Words
    controls: Controls
    state: State
    view: View
    drawn: dict[str, Backdrop] = field(default_factory=dict)

    @property
    def box(self) -> "VBox":
        """All of it as one widget."""
        return self.controls.box

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.box._repr_mimebundle_(**options)


def explore_targets(
    panel: Panel, paths: SamplePaths, params: TargetSettingParams, *, period: Period
) -> Explorer:
    """Sliders, boxes and tick marks over the outlook of a period; paths are used as they are.

    The target, locks, limits and rounding of ``params`` are where it begins; ``out`` is where the
    sheet is saved. Whatever cannot be done is said in the explorer, and nothing chosen is lost.

    Raises:
        TargetError: a period that the paths do not reach.
        DataError: a file of targets that cannot be used.
    """
    scene = set_scene(panel, paths, params, period=period)
    words = Words(params.language, params.money)
    state = opening(scene)
    controls = make_controls(scene, state, words)
    explorer = Explorer(scene, words, controls, state, look(scene, state))
    _listen(explorer)
    _show_period(explorer)
    return explorer


def turn_to(explorer: Explorer, state: State) -> None:
    """Choose something else, and show what follows from it."""
    moved = state.period != explorer.state.period
    explorer.state, explorer.view = state, look(explorer.scene, state)
    (_show_period if moved else _show)(explorer)


def _listen(explorer: Explorer) -> None:
    """Connect every widget; one that already shows what is chosen changes nothing."""
    controls = explorer.controls

    def on(widget: Any, shown: Callable[[], object], change: Callable[[Any], State]) -> None:
        def moved(event: Any) -> None:
            if event["new"] != shown():
                turn_to(explorer, change(event["new"]))

        widget.observe(moved, "value")

    def choice() -> Any:
        return explorer.state.choice

    on(controls.slider, lambda: _on_slider(explorer), lambda new: explorer.state.but(target=new))
    on(controls.target, lambda: choice().target, lambda new: explorer.state.but(target=new))
    on(controls.method, lambda: choice().by, lambda new: explorer.state.but(by=new))
    on(controls.period, lambda: explorer.state.period, lambda new: explorer.state.at(new))
    for name, button in controls.levels.items():
        button.on_click(lambda _, name=name: turn_to(explorer, _at_level(explorer, name)))
    controls.unlock.on_click(lambda _: turn_to(explorer, explorer.state.but(locks={})))
    for kind, button in controls.save.items():
        button.on_click(lambda _, kind=kind: _save(explorer, kind))
    for row in controls.rows:
        _listen_to_row(explorer, row)
    controls.more.observe(lambda event: _another(explorer, event["new"]), "value")


def _listen_to_row(explorer: Explorer, row: Row) -> None:
    def held(event: Any) -> None:
        if event["new"] and row.unit not in explorer.state.choice.locks:
            turn_to(explorer, explorer.state.locked(row.unit, row.amount.value))
        elif not event["new"] and row.unit in explorer.state.choice.locks:
            turn_to(explorer, explorer.state.unlocked(row.unit))

    def typed(event: Any) -> None:
        if event["new"] != _amount_of(explorer, row.unit):
            turn_to(explorer, explorer.state.locked(row.unit, event["new"]))

    row.lock.observe(held, "value")
    row.amount.observe(typed, "value")


def _another(explorer: Explorer, unit: str) -> None:
    """Give one more unit a row of its own."""
    controls = explorer.controls
    known = {row.unit for row in controls.rows}
    if unit in explorer.scene.panel.units and unit not in known:
        row = make_row(unit)
        controls.rows.append(row)
        controls.table.children = (*controls.table.children, row.box)
        _listen_to_row(explorer, row)
        controls.more.value = ""
        _show(explorer)


def _at_level(explorer: Explorer, name: str) -> State:
    ahead = explorer.scene.outlooks[explorer.state.period]
    size = max(explorer.scene.params.step, 1.0)
    whole = round(ahead.target_at(LEVELS[name]) / size) * size
    return explorer.state.but(target=max(whole, size))


def _amount_of(explorer: Explorer, unit: str) -> float | None:
    """What a unit's box shows: the amount it is locked at, else its part of the split."""
    held = explorer.state.choice.locks.get(unit)
    if held is not None or explorer.view.plan is None:
        return held
    return float(explorer.view.plan.targets[unit])


def _on_slider(explorer: Explorer) -> float:
    """Where the slider stands: the target, or its end where the target lies beyond."""
    slider, target = explorer.controls.slider, explorer.state.choice.target
    return float(min(max(target, slider.min), slider.max))


def _show_period(explorer: Explorer) -> None:
    """Draw the curve of a period (once), and set what depends on it."""
    controls, words, label = explorer.controls, explorer.words, explorer.state.period
    ahead = explorer.scene.outlooks[label]
    if label not in explorer.drawn:
        usual = anchors(explorer.scene.panel, ahead)
        explorer.drawn[label] = backdrop(attainment_chart(ahead, words, anchors=usual))
    behind = explorer.drawn[label]
    controls.figure.value = behind.svg
    edges = (1 - behind.right / behind.width, behind.left / behind.width)
    controls.slider.layout.margin = "0 {:.1%} 0 {:.1%}".format(*edges)  # along the figure's axis
    slider = controls.slider
    with slider.hold_trait_notifications():
        slider.min, slider.max, slider.step = slider_range(behind.x, explorer.scene.params.step)
        slider.value = _on_slider(explorer)
    for name, button in controls.levels.items():
        amount = words.short(ahead.target_at(LEVELS[name]))
        button.description = f"{words(name)} {amount}"
    controls.period.value = label
    _show(explorer)


def slider_range(ends: tuple[float, float], rounding: float) -> tuple[float, float, float]:
    """Least, most and step of a slider along an axis: some hundred round amounts.

    >>> slider_range((4_123_456.0, 7_654_321.0), 1000.0)
    (4130000.0, 7650000.0, 10000.0)
    """
    low, high = ends
    fine = 10.0 ** math.floor(math.log10(max(high - low, 1e-9) / LEAST_PLACES))
    step = max(math.ceil(fine / rounding), 1) * rounding
    least = max(math.ceil(low / step), 1) * step
    return least, max(math.floor(high / step) * step, least + step), step


def _show(explorer: Explorer) -> None:
    """Show what is chosen and what follows from it; the figure itself stays as it is drawn."""
    controls, words, view = explorer.controls, explorer.words, explorer.view
    choice = explorer.state.choice
    controls.slider.value = _on_slider(explorer)
    controls.target.value = choice.target
    controls.method.value = choice.by
    if view.probability is not None:
        ahead = explorer.scene.outlooks[explorer.state.period]
        controls.answer.value = answer_html(ahead, words, choice.target)
        facts = {"target": words.short(choice.target)}
        label = words("curve.target", **facts, probability=words.probability(view.probability))
        behind = explorer.drawn[explorer.state.period]
        controls.mark.value = mark(behind, choice.target, view.probability, label)
    note = words("explore.kept") if view.problems else ""
    controls.problems.value = problems_html(view.problems, words, note=note)
    for row in controls.rows:
        row.lock.value = row.unit in choice.locks
        amount = _amount_of(explorer, row.unit)
        if amount is not None:
            row.amount.value = amount
        if view.plan is not None:
            row.cells.value = part_html(view.plan, row.unit, words)
    if view.plan is not None:
        shown = {row.unit for row in controls.rows}
        others = [unit for unit in view.plan.targets.index if unit not in shown]
        controls.rest.value = rest_html(view.plan, others, words)


def _save(explorer: Explorer, kind: str) -> None:
    """Write the sheet, and say where it is or why it is not."""
    controls, words = explorer.controls, explorer.words
    try:
        path = write_sheet(explorer.scene, explorer.state, kind)
    except WorkbenchError as error:
        controls.saved.value = ""
        controls.problems.value = problems_html(error.problems, words)
        return
    controls.saved.value = html_text(words("explore.saved", path=path))
