"""What the fields of a campaign are called, and how the size of one is told."""

from collections.abc import Mapping, Sequence
from typing import Any

from workbench.campaign.meaning import meanings
from workbench.report.words import Words


def field_label(kind: str, field: str, words: Words) -> str:
    """What a field is called: as an input, else as a decision, else by its own name.

    >>> field_label("drive", "customers", Words("zh")), field_label("ads", "x", Words("en"))
    ('可参与的老客人数', 'x')
    """
    known = meanings(kind)
    if field in known:
        return known[field].label[words.language]
    return words.either(f"field.{field}", field)


def size_text(kind: str, changes: Mapping[str, Any], words: Words) -> str:
    """What makes up a size, as a person reads it; "" for a campaign as it is.

    >>> size_text("group_buy", {"visits": 2300, "discount": 0.25}, Words("en"))
    'visits per day 2,300, discount 25 %'
    """
    comma = "、" if words.language == "zh" else ", "
    return comma.join(
        f"{_short(field_label(kind, name, words), words)} {_value(value, words)}"
        for name, value in changes.items()
    )


def _short(label: str, words: Words) -> str:
    """The label within a sentence: without its remark in brackets, in English not capitalised."""
    plain = label.split("（" if words.language == "zh" else " (")[0]
    return plain[:1].lower() + plain[1:] if words.language == "en" else plain


def _value(value: Any, words: Words) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float | Sequence):
        return str(value)
    if isinstance(value, str):
        return value
    if isinstance(value, Sequence):
        return "–".join(_value(one, words) for one in value)
    if 0 < value < 1:
        return f"{100 * value:.4g}{'%' if words.language == 'zh' else ' %'}"
    return f"{value:,.6g}" if value != round(value) else words.count(value)
