"""The resolved parameters as a reader sees them: label, name, value; what was set stands out."""

from dataclasses import dataclass
from functools import cache
from html import escape
from importlib import resources
from typing import Any

from workbench.errors import Language
from workbench.params.base import NotebookParams, language_of

TITLES: dict[Language, str] = {"en": "Parameters", "zh": "参数"}


@cache
def labels(notebook: str = "") -> dict[str, dict[Language, str]]:
    """What each parameter means, in a few words, in English and Chinese.

    In labels.yaml ``30_target_tracking.period`` says what ``period`` means in that notebook.

    >>> labels()["period"]["en"], labels("30_target_tracking")["period"]["en"]
    ('2026Q4 or 2026-11; empty: next quarter', '2026Q4 or 2026-11; empty: the running quarter')
    """
    import yaml

    text = resources.files("workbench").joinpath("params/labels.yaml").read_text("utf-8")
    found: dict[str, dict[Language, str]] = yaml.safe_load(text)
    return {
        name: found.get(f"{notebook}.{name}", meaning)
        for name, meaning in found.items()
        if "." not in name
    }


@dataclass(frozen=True)
class ParamTable:
    """A parameter set to be displayed; plain text in a terminal, a folded table in a report."""

    params: NotebookParams

    def rows(self) -> list[tuple[str, str, str, bool]]:
        """(name, meaning, value, whether it was set), one per parameter."""
        language, given = language_of(self.params.plain()), self.params.given()
        plain = self.params.plain()
        return [
            (name, meaning[language], _value(plain[name]), name in given)
            for name, meaning in labels(self.params.NOTEBOOK).items()
            if name in plain
        ]

    def title(self) -> str:
        """One line with the parameters that were set."""
        language = language_of(self.params.plain())
        given = [f"{name}={value}" for name, _, value, is_set in self.rows() if is_set]
        separator = "：" if language == "zh" else ": "
        return TITLES[language] + (separator + ", ".join(given) if given else "")

    def __repr__(self) -> str:
        rows = [f"{'*' if is_set else ' '} {n} = {v}" for n, _, v, is_set in self.rows()]
        return "\n".join([TITLES[language_of(self.params.plain())], *rows])

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<tr class="{"given" if is_set else "default"}"><td>{escape(meaning)}</td>'
            f"<td><code>{escape(name)}</code></td><td>{escape(value)}</td></tr>"
            for name, meaning, value, is_set in self.rows()
        )
        return (
            f'<details class="params"><summary>{escape(self.title())}</summary>'
            f"<table>{rows}</table></details>"
        )


def _value(value: Any) -> str:
    if value in ("", [], {}):
        return "—"
    if isinstance(value, list):
        return ", ".join(_called(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{unit}={amount:,.15g}" for unit, amount in value.items())
    return value if isinstance(value, str) else f"{value:,.15g}"


def _called(item: Any) -> str:
    """What an item of a list is called: its label, its name, else its kind; a group its names."""
    if isinstance(item, list):
        return " | ".join(map(str, item))
    if not isinstance(item, dict):
        return str(item)
    return next((str(item[key]) for key in ("label", "name", "kind") if item.get(key)), "…")
