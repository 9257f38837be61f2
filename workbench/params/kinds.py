"""Kinds of parameter: what arrives from YAML, a command line or a cell → the value that was meant.

YAML and papermill change values on their way in: ``00123`` becomes 83, ``NO`` becomes False and
``12:30`` becomes 750, so a text field refuses a number or a truth value and says "quote it". The
other direction is harmless: text that reads as a number becomes one.
"""

import datetime
import difflib
import math
from collections.abc import Callable, Collection, Mapping
from typing import Annotated, LiteralString, NoReturn

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

SEPARATORS = (",", "，", "、", ";", "；")


def refuse(code: LiteralString, **facts: object) -> NoReturn:
    """Stop one field with the message ``params.<code>``; the field's name is added by the model."""
    raise PydanticCustomError(code, code, dict(facts))


def shown(value: object) -> str:
    """A value as a person would write it in a parameter file, at most 60 characters long."""
    if isinstance(value, str):
        text = f'"{value}"'
    elif isinstance(value, bool):
        text = str(value).lower()
    else:
        text = str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def nearest(word: str, words: Collection[str]) -> str:
    """The known word most like ``word``, or "" when none is.

    >>> nearest("perod", ["period", "source"]), nearest("zzz", ["period"])
    ('period', '')
    """
    lower = {known.lower(): known for known in words}
    found = difflib.get_close_matches(word.lower(), list(lower), n=1, cutoff=0.6)
    return lower[found[0]] if found else ""


def as_text(value: object) -> str:
    """Text as it was meant; refuses what YAML has already turned into something else."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        refuse("text_is_truth", value=shown(value))
    if isinstance(value, int | float):
        refuse("text_is_number", value=shown(value))
    refuse("text_is_other", value=shown(value))


def as_number(value: object) -> float:
    """A number, from a number or from text such as ``5e-2``; never from a truth value."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        refuse("not_number", value=shown(value))
    try:
        number = float(value)
    except (ValueError, OverflowError):
        refuse("not_number", value=shown(value))
    if not math.isfinite(number):
        refuse("not_number", value=shown(value))
    return number


def as_whole(value: object) -> int:
    """A whole number; ``2000.0`` and ``"2000"`` are one, 2000.5 is not."""
    number = as_number(value)
    if number != int(number):
        refuse("not_whole", value=shown(value))
    return int(number)


def as_number_or_unset(value: object) -> float | None:
    """A number, or None for the empty text that means unset."""
    return None if value is None or value == "" else as_number(value)


def as_target(value: object) -> float | None:
    """A target above zero, or None when unset."""
    if isinstance(value, str) and value.strip() and not _reads_as_number(value):
        refuse("target_text", value=shown(value))
    number = as_number_or_unset(value.strip() if isinstance(value, str) else value)
    if number is not None and number <= 0:
        refuse("target_not_positive", value=shown(value))
    return number


def as_date(value: object) -> str:
    """An ISO date as text, or "" when unset."""
    text = as_text(value)
    if text:
        try:
            return datetime.date.fromisoformat(text).isoformat()
        except ValueError:
            refuse("not_date", value=shown(value))
    return text


def as_texts(value: object) -> tuple[str, ...]:
    """A list of texts; one text may hold several, separated by commas."""
    if isinstance(value, str):
        for separator in SEPARATORS:
            value = value.replace(separator, ",")
        value = [part for part in value.split(",") if part.strip()]
    if not isinstance(value, list | tuple):
        refuse("not_list", value=shown(value))
    return tuple(as_text(item) for item in value)


def as_amounts(value: object) -> dict[str, float]:
    """An amount per unit: a mapping, or text such as ``线上商城=3000000, 线下门店=900000``."""
    if isinstance(value, str):
        value = dict(_pair(part) for part in as_texts(value))
    if not isinstance(value, Mapping):
        refuse("not_amounts", value=shown(value))
    for unit, amount in value.items():
        if not isinstance(unit, str):
            refuse("unit_is_number", value=shown(unit))
        if as_number(amount) < 0:
            refuse("amount_negative", value=f"{unit}: {shown(amount)}")
    return {str(unit): as_number(amount) for unit, amount in value.items()}


def one_of(*choices: str) -> BeforeValidator:
    """A validator for a text that has to be one of ``choices``."""

    def as_choice(value: object) -> str:
        text = as_text(value)
        if text not in choices:
            near = nearest(text, choices) or choices[0]
            refuse("not_choice", value=shown(value), choices=" | ".join(choices), nearest=near)
        return text

    return BeforeValidator(as_choice)


def between(convert: Callable[[object], float | None], low: float, high: float) -> BeforeValidator:
    """A validator for a number from ``low`` to ``high``, both allowed, or unset."""

    def within(value: object) -> float | None:
        number = convert(value)
        if number is not None and not low <= number <= high:
            refuse("out_of_range", value=shown(value), low=f"{low:g}", high=f"{high:g}")
        return number

    return BeforeValidator(within)


def _pair(text: str) -> tuple[str, float]:
    unit, equals, amount = text.rpartition("=")
    if not equals:
        refuse("not_amounts", value=shown(text))
    return unit.strip(), as_number(amount.strip())


def _reads_as_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


Text = Annotated[str, BeforeValidator(as_text)]
File = Annotated[str, BeforeValidator(as_text)]
Date = Annotated[str, BeforeValidator(as_date)]
Texts = Annotated[tuple[str, ...], BeforeValidator(as_texts)]
Amounts = Annotated[dict[str, float], BeforeValidator(as_amounts)]
Target = Annotated[float | None, BeforeValidator(as_target)]
