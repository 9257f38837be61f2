"""The widgets of the explorer of campaigns; what they do is said in ``ui/campaigns.py``."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.report.fields import field_label
from workbench.report.words import Words
from workbench.run.placing import EVERYWHERE
from workbench.target.outlook import Outlook
from workbench.ui.campaign_choice import NEW, Item, days_of, numbers_of, reach_of, unit_of

if TYPE_CHECKING:
    from ipywidgets import (
        HTML,
        Button,
        DatePicker,
        Dropdown,
        FloatSlider,
        FloatText,
        IntSlider,
        Text,
        VBox,
    )

MOST_DAYS = 60
WIDE, LABEL = "560px", "230px"


@dataclass(frozen=True, eq=False)
class Form:
    """The widgets of one campaign: its name, days and unit, and a slider per number."""

    name: "Text"
    start: "DatePicker"
    days: "IntSlider"
    unit: "Dropdown"
    numbers: Mapping[str, "FloatSlider"]
    box: "VBox"


@dataclass(eq=False)
class CampaignControls:
    """Every widget of the explorer, by what it is for; ``form`` changes with the campaign."""

    pick: "Dropdown"
    kind: "Dropdown"
    add: "Button"
    copy: "Button"
    remove: "Button"
    target: "FloatText"
    save: "Button"
    saved: "HTML"
    problems: "HTML"
    shown: "HTML"
    place: "VBox"
    box: "VBox"
    form: Form | None = None


def make_panel(words: Words, target: float | None) -> CampaignControls:
    """The widgets that do not depend on a campaign."""
    import ipywidgets as w

    wide = w.Layout(width="auto")
    pick = w.Dropdown(description=words("draft.campaign"), options=[], layout=wide)
    buttons = {
        name: w.Button(description=words(f"draft.{name}"), layout=wide)
        for name in ("add", "copy", "remove", "save")
    }
    kinds = [(words(f"kind.{kind}"), kind) for kind in NEW]
    kind = w.Dropdown(description=words("draft.kind"), options=kinds, layout=wide)
    goal = w.FloatText(description=words("draft.target"), value=target or 0.0, layout=wide)
    html = {name: w.HTML() for name in ("saved", "problems", "shown")}
    place = w.VBox([])
    wrap = w.Layout(flex_flow="row wrap", align_items="center")
    box = w.VBox(
        [
            w.HBox([kind, buttons["add"]], layout=wrap),
            w.HBox([pick, buttons["copy"], buttons["remove"], goal], layout=wrap),
            place,
            html["problems"],
            html["shown"],
            w.HBox([buttons["save"], html["saved"]], layout=wrap),
        ],
        layout=w.Layout(max_width="980px", overflow="hidden"),
    )
    return CampaignControls(
        pick=pick, kind=kind, target=goal, place=place, box=box, **buttons, **html
    )


def make_form(item: Item, outlook: Outlook, words: Words) -> Form:
    """The widgets of one campaign, set to what it says."""
    import ipywidgets as w

    wide, label = w.Layout(width=WIDE), {"description_width": LABEL}
    start, days = days_of(item)
    unit = unit_of(item, outlook)
    units = [(words("draft.all"), EVERYWHERE), *((name, name) for name in outlook.units)]
    if not unit:
        units = [(words("draft.some"), ""), *units]
    name = w.Text(
        description=words("draft.name"), value=str(item.get("name", "")), layout=wide, style=label,
        continuous_update=False,
    )  # fmt: skip
    first = w.DatePicker(description=words("draft.start"), value=start, layout=wide, style=label)
    span = w.IntSlider(
        description=words("draft.days"), value=days, min=1, max=max(MOST_DAYS, days), layout=wide,
        style=label,
    )  # fmt: skip
    place = w.Dropdown(
        description=words("draft.units"), options=units, value=unit, layout=wide, style=label
    )
    numbers = {}
    for field, value in numbers_of(item).items():
        low, high, step = reach_of(field, value)
        numbers[field] = w.FloatSlider(
            description=field_label(str(item.get("kind")), field, words),
            min=min(low, value),
            max=max(high, value),
            step=step,
            value=value,
            readout_format=",.0f" if step >= 1 else ".2f",
            layout=wide,
            style=label,
        )
    box = w.VBox([name, place, first, span, *numbers.values()])
    return Form(name, first, span, place, numbers, box)
