"""How numbers are rounded and written, in one place, so that every page shows the same number."""

import math
from collections.abc import Mapping
from types import MappingProxyType

from workbench.errors import Language

NBSP = "\u00a0"
MINUS = "\u2212"
NOTHING = "–"
SYMBOLS: Mapping[str, str] = MappingProxyType(
    {
        "CNY": "¥",
        "USD": "$",
        "EUR": "€",
        "GBP": "£",
        "JPY": "¥",
        "HKD": "HK$",
        "TWD": "NT$",
        "SGD": "S$",
        "AUD": "A$",
        "CAD": "C$",
        "KRW": "₩",
        "INR": "₹",
        "": "",
    }
)
STEPS: Mapping[Language, tuple[tuple[float, str], ...]] = MappingProxyType(
    {
        "en": ((1e9, "B"), (1e6, "M"), (1e3, "k")),
        "zh": ((1e8, "亿"), (1e4, "万")),
    }
)


def rounded(value: float, unit: str = "") -> float | None:
    """``value`` as it is published: money to the cent, ratios and probabilities to six places.

    None where there is no number, because ``results.json`` knows neither NaN nor infinity.

    >>> rounded(1234.5678, "CNY"), rounded(0.43215678, "probability"), rounded(float("nan"))
    (1234.57, 0.432157, None)
    """
    number = float(value)
    if not math.isfinite(number):
        return None
    return round(number, 6 if unit in ("probability", "ratio") else 2) + 0.0


def money(value: float, currency: str = "", *, cents: bool = False) -> str:
    """An amount in full digits; cents where asked for, and below 100.

    >>> money(5000000, "CNY"), money(-1234.5, "USD"), money(1234.5, "CNY", cents=True)
    ('¥5,000,000', '−$1,234', '¥1,234.50')
    """
    number = rounded(value, currency)
    if number is None:
        return NOTHING
    digits = 2 if cents or (0 < abs(number) < 100 and number != round(number)) else 0
    return _signed(number, f"{_symbol(currency)}{abs(number):,.{digits}f}")


def money_short(value: float, language: Language, currency: str = "") -> str:
    """An amount in about four digits, for labels in figures: k and M, or 万 and 亿.

    >>> money_short(1234567, "en", "CNY"), money_short(1234567, "zh", "CNY")
    ('¥1.23M', '¥123.5万')
    """
    number = rounded(value, currency)
    if number is None:
        return NOTHING
    return _signed(number, f"{_symbol(currency)}{_short(abs(number), language)}")


def tick(value: float, language: Language) -> str:
    """The same for axes: no currency, and no zeros at the end.

    >>> tick(1500000, "en"), tick(1500000, "zh"), tick(0, "en")
    ('1.5M', '150万', '0')
    """
    text = _short(abs(value), language)
    digits = text.rstrip("BMk亿万")
    mark = text[len(digits) :]
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return _signed(value, f"{digits}{mark}")


def percent(value: float, language: Language, *, digits: int = 0, sign: bool = False) -> str:
    """A ratio as percent.

    >>> percent(0.0812, "zh", digits=1), percent(-0.05, "zh"), percent(0.05, "zh", sign=True)
    ('8.1%', '−5%', '+5%')
    """
    number = rounded(value, "ratio")
    if number is None:
        return NOTHING
    text = f"{abs(number) * 100:,.{digits}f}"
    seen = number if text.strip("0.") else 0.0
    return _signed(seen, f"{'+' if sign and seen > 0 else ''}{text}{_percent_sign(language)}")


def probability(value: float, language: Language) -> str:
    """A probability in whole percent; never 0 % or 100 %, which no forecast can promise.

    >>> probability(0.4312, "zh"), probability(0.0, "zh"), probability(0.9999, "zh")
    ('43%', '<1%', '>99%')
    """
    number = rounded(value, "probability")
    if number is None:
        return NOTHING
    mark = _percent_sign(language)
    if number < 0.01:
        return f"<1{mark}"
    if number > 0.99:
        return f">99{mark}"
    return f"{number * 100:.0f}{mark}"


def count(value: float) -> str:
    """A whole number with separators.

    >>> count(12345.0)
    '12,345'
    """
    number = float(value)
    return _signed(number, f"{abs(number):,.0f}") if math.isfinite(number) else NOTHING


def _percent_sign(language: Language) -> str:
    return "%" if language == "zh" else f"{NBSP}%"


def _symbol(currency: str) -> str:
    return SYMBOLS.get(currency, f"{currency}{NBSP}")


def _signed(number: float, text: str) -> str:
    return f"{MINUS}{text}" if number < 0 else text


def _short(amount: float, language: Language) -> str:
    for size, mark in STEPS[language]:
        # 999,996 would print as "1,000k": the next larger mark takes over there.
        if amount >= size * 0.99995:
            return f"{_four_digits(amount / size)}{mark}"
    return _four_digits(amount)


def _four_digits(number: float) -> str:
    digits = 2 if number < 99.995 else 1 if number < 999.95 else 0
    return f"{number:,.0f}" if number == round(number) else f"{number:,.{digits}f}"
