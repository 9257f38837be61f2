"""The explorer of campaigns: move size, discount and days, see what follows, save the file."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.campaign.season import Season
from workbench.errors import Problem, RunError, WorkbenchError
from workbench.panel.panel import Panel
from workbench.params.models import CampaignParams
from workbench.report.safe import file_name, html_text
from workbench.report.words import Words
from workbench.run.learned import Learned
from workbench.target.capacity import Capacity
from workbench.target.outlook import Outlook
from workbench.ui.campaign_choice import (
    CampaignScene,
    CampaignView,
    Drafts,
    days_of,
    free_name,
    moved_to,
    new_item,
    numbers_of,
    try_out,
    unit_of,
)
from workbench.ui.campaign_controls import CampaignControls, Form, make_form, make_panel
from workbench.ui.campaign_shown import plan_html
from workbench.ui.shown import notices_html, problems_html

if TYPE_CHECKING:
    from ipywidgets import VBox

FOLDER = "explore_campaigns"


@dataclass(eq=False)
class CampaignExplorer:
    """The explorer as it stands: shown by a notebook, read and moved by a program.

    Attributes:
        scene: what was read once.
        controls: the widgets; setting a value is the same as moving it by hand.
        drafts: the campaigns that are tried out.
        view: what follows from them.
    """

    scene: CampaignScene
    words: Words
    controls: CampaignControls
    drafts: Drafts
    view: CampaignView
    quiet: bool = field(default=False)

    @property
    def box(self) -> "VBox":
        """All of it as one widget."""
        return self.controls.box

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.box._repr_mimebundle_(**options)


def explore_campaigns(
    panel: Panel,
    before: Outlook,
    params: CampaignParams,
    *,
    target: float | None = None,
    learned: Learned | None = None,
    capacity: Capacity | None = None,
    season: Season | None = None,
) -> CampaignExplorer:
    """Sliders over the campaigns of a parameter file, and what they bring at once.

    What cannot be simulated is said in the explorer, and nothing chosen is lost.

    Args:
        panel: the history and what is known ahead.
        before: the period without these campaigns.
        params: where it begins, and what the saved file holds besides the campaigns.
        target: of all units, where there is one.
        learned: inputs from the shop's own past.
        capacity: of the people of each unit; what is beyond it is not sold.
        season: how strong days are; by default all alike.
    """
    scene = CampaignScene(panel, before, params, learned or Learned(), capacity, season)
    words = Words(params.language, params.money)
    drafts = Drafts(params.campaigns, 0, target)
    view = try_out(scene, drafts)
    controls = make_panel(words, target)
    explorer = CampaignExplorer(scene, words, controls, drafts, view)
    _listen(explorer)
    _show_form(explorer)
    _show(explorer)
    return explorer


def save_plan_file(scene: CampaignScene, drafts: Drafts) -> Path:
    """Write the parameter file that ``40_campaign_plan`` runs; one that is there stays.

    Raises:
        RunError: a folder that cannot be written.
    """
    import yaml

    exclusive = _still_there(scene.params, drafts)
    changes = {"campaigns": drafts.items, "target": drafts.target, "exclusive": exclusive}
    values = scene.params.model_copy(update=changes).given()
    text = yaml.safe_dump(
        {n: v for n, v in values.items() if n.islower()}, allow_unicode=True, sort_keys=False
    )
    folder = scene.params.folder() / FOLDER
    stem, number = f"40_campaign_plan.{file_name(scene.before.period.label)}", 1
    path = folder / f"{stem}.yaml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        while path.exists():
            number += 1
            path = folder / f"{stem}-{number}.yaml"
        path.write_text(text, "utf-8")
    except OSError as error:
        facts = {"folder": str(folder), "reason": error.strerror or str(error)}
        raise RunError(Problem("run.cannot_write", facts)) from error
    return path


def _still_there(params: CampaignParams, drafts: Drafts) -> bool | tuple[tuple[str, ...], ...]:
    """Exclusive groups less the campaigns that were removed or renamed."""
    if isinstance(params.exclusive, bool):
        return params.exclusive
    names = {str(item.get("name")) for item in (*drafts.items, *params.options)}
    left = (tuple(name for name in group if name in names) for group in params.exclusive)
    return tuple(group for group in left if len(group) > 1)


def choose(explorer: CampaignExplorer, drafts: Drafts, *, anew: bool = False) -> None:
    """Try other drafts, and show what follows; ``anew`` also makes the form again."""
    explorer.drafts = drafts
    explorer.view = try_out(explorer.scene, drafts)
    if anew:
        _show_form(explorer)
    _show(explorer)


def _listen(explorer: CampaignExplorer) -> None:
    controls, words = explorer.controls, explorer.words

    def add(_: object) -> None:
        drafts = explorer.drafts
        kind = str(controls.kind.value)
        pattern = words("draft.new", kind=words(f"kind.{kind}"), number="{number}")
        name = free_name(drafts, "", pattern)
        choose(explorer, drafts.adding(new_item(explorer.scene, kind, name)), anew=True)

    def copy(_: object) -> None:
        drafts = explorer.drafts
        if drafts.item is not None:
            pattern = words("draft.copied", name="{name}", number="{number}")
            name = free_name(drafts, str(drafts.item.get("name")), pattern)
            choose(explorer, drafts.adding({**drafts.item, "name": name}), anew=True)

    def pick(event: Any) -> None:
        if not explorer.quiet and event["new"] is not None and event["new"] != explorer.drafts.at:
            drafts = explorer.drafts
            choose(explorer, Drafts(drafts.items, event["new"], drafts.target), anew=True)

    def aim(event: Any) -> None:
        drafts, target = explorer.drafts, event["new"] if event["new"] > 0 else None
        if target != drafts.target:
            choose(explorer, Drafts(drafts.items, drafts.at, target))

    controls.add.on_click(add)
    controls.copy.on_click(copy)
    controls.remove.on_click(lambda _: choose(explorer, explorer.drafts.without(), anew=True))
    controls.pick.observe(pick, "value")
    controls.target.observe(aim, "value")
    controls.save.on_click(lambda _: _save(explorer))


def _show_form(explorer: CampaignExplorer) -> None:
    """The widgets of the campaign that is looked at."""
    controls, drafts, words = explorer.controls, explorer.drafts, explorer.words
    names = [(str(item.get("name", at + 1)), at) for at, item in enumerate(drafts.items)]
    explorer.quiet = True
    controls.pick.options = names
    controls.pick.value = drafts.at if names else None
    explorer.quiet = False
    item = drafts.item
    controls.remove.disabled = controls.copy.disabled = item is None
    form = None if item is None else make_form(item, explorer.scene.before, words)
    controls.form = form
    controls.place.children = () if form is None else (form.box,)
    if form is not None:
        _listen_to_form(explorer, form)


def _listen_to_form(explorer: CampaignExplorer, form: Form) -> None:
    def on(widget: Any, change: Callable[[Any], dict[str, Any]], *, anew: bool = False) -> None:
        def moved(event: Any) -> None:
            drafts = explorer.drafts
            after = drafts.but(**change(event["new"]))
            if after != drafts:
                choose(explorer, after, anew=anew)

        widget.observe(moved, "value")

    def item() -> Any:
        return explorer.drafts.item

    def dated(start: dt.date, days: int) -> dict[str, Any]:
        end = start + dt.timedelta(days=days - 1)
        return {"start": start.isoformat(), "end": end.isoformat()}

    on(form.name, lambda new: {"name": new}, anew=True)
    on(form.start, lambda new: dated(new, days_of(item())[1]) if new else {})
    on(form.days, lambda new: dated(days_of(item())[0], int(new)))
    on(form.unit, lambda new: {"units": new} if new and new != _unit(explorer) else {})
    for field_name, slider in form.numbers.items():
        on(slider, partial(_moved, explorer, field_name))


def _unit(explorer: CampaignExplorer) -> str:
    item = explorer.drafts.item
    return "" if item is None else unit_of(item, explorer.scene.before)


def _moved(explorer: CampaignExplorer, name: str, new: float) -> dict[str, Any]:
    item = explorer.drafts.item or {}
    return {} if numbers_of(item).get(name) == new else {name: moved_to(item[name], new)}


def _show(explorer: CampaignExplorer) -> None:
    """What follows; the last plan that could be simulated stays where there is none now."""
    controls, words, view = explorer.controls, explorer.words, explorer.view
    if view.plan is not None:
        controls.shown.value = plan_html(view.plan, explorer.drafts.at, words)
        controls.problems.value = notices_html(view.plan.notices, words)
        return
    controls.problems.value = problems_html(view.problems, words, note=words("draft.kept"))


def _save(explorer: CampaignExplorer) -> None:
    """Write the file, and say where it is or why it is not; a plan that cannot run is not saved."""
    controls, words = explorer.controls, explorer.words
    controls.saved.value = ""
    if explorer.view.plan is None:
        return
    try:
        path = save_plan_file(explorer.scene, explorer.drafts)
    except WorkbenchError as error:
        controls.problems.value = problems_html(error.problems, words)
        return
    controls.saved.value = html_text(words("draft.saved", path=path))
