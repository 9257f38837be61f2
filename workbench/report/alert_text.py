"""An alert in words: one line for a message, one record for a file, a paragraph for the report."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from workbench.report.prose import Html
from workbench.report.safe import html_text, shorten
from workbench.report.words import Words

if TYPE_CHECKING:
    from workbench.target.alerts import Alert

NAME_WIDTH = 40
SPELLED_OUT = 5
MARKUP = str.maketrans(dict.fromkeys("<>[]`*#", ""))
"""Characters that chat robots take for links, mentions or headings."""


def alert_title(alert: "Alert", words: Words) -> str:
    """Whom it is about and what kind of news it is: 线上商城 · 低于区间."""
    kind = words(f"alert.kind.{alert.kind}.{alert.direction}")
    return words("alert.title", unit=unit_name(alert, words), kind=kind)


def alert_happened(alert: "Alert", words: Words) -> str:
    """What happened, in numbers."""
    facts = alert.facts
    said = {
        "date": words.date(alert.date, year=False),
        "actual": words.money(_number(facts, "actual")),
        "expected": words.money(_number(facts, "expected")),
        "deviation": words.percent(_number(facts, "deviation"), sign=True),
    }
    if alert.kind == "silence":
        rows, usual = words.count(_number(facts, "rows")), words.count(_number(facts, "usual"))
        return words("alert.silence", rows=rows, usual=usual, **said)
    if alert.kind == "calibration":
        drift = words.either(f"alert.drift.{facts['drift']}", facts["drift"])
        return words("alert.calibration", drift=drift, periods=facts["periods"], **said)
    if alert.kind == "probability":
        before = words.probability(_number(facts, "before"))
        now = words.probability(_number(facts, "now"))
        return words(f"alert.probability.{alert.direction}", before=before, now=now, **said)
    length = words.count(_number(facts, "length")) if "length" in facts else ""
    window = words(f"alert.window.{facts['window']}", length=length)
    if alert.kind == "sibling":
        behind = words.percent(abs(_number(facts, "behind")))
        return words("alert.sibling", window=window, behind=behind, **said)
    if alert.kind == "funnel":
        stage = str(facts["stage"])
        amounts = {name: _stage_amount(facts, name, words) for name in ("actual", "expected")}
        return words(f"alert.funnel.{stage}", window=window, **{**said, **amounts})
    return words("alert.band", window=window, **said)


def _stage_amount(facts: Mapping[str, object], name: str, words: Words) -> str:
    """Visitors as a count, orders per visitor as a percentage, sales per order as money."""
    amount = _number(facts, name)
    if facts["stage"] == "traffic":
        return words.count(round(amount))
    return (
        words.percent(amount, digits=2) if facts["stage"] == "conversion" else words.money(amount)
    )


def alert_cause(alert: "Alert", words: Words) -> str:
    """Why, as far as it is known; empty otherwise, and where the line says it already."""
    if not alert.cause or alert.kind == "calibration":
        return ""
    return words.either(f"alert.cause.{alert.cause}", alert.cause)


def alert_advice(alert: "Alert", words: Words) -> list[str]:
    """What may help."""
    return [said.text[words.language] for said in alert.advice]


def alert_line(alert: "Alert", words: Words) -> str:
    """The whole alert in one line, harmless to chat robots."""
    parts = [words("alert.head", title=alert_title(alert, words)), alert_happened(alert, words)]
    cause = alert_cause(alert, words)
    if cause:
        parts.append(words("alert.because", cause=cause))
    parts += [words("alert.advice", text=text) for text in alert_advice(alert, words)[:1]]
    return (
        " ".join(parts).translate(MARKUP)
        if words.language == "en"
        else "".join(parts).translate(MARKUP)
    )


def alerts_title(words: Words, *, count: int, as_of: dt.date, period: str) -> str:
    """The head of a message."""
    key = "alert.message.one" if count == 1 else "alert.message"
    day = words.date(as_of)
    about = f"{period} · " if period else ""
    return about + words(key, count=words.count(count), as_of=day)


def alert_record(alert: "Alert") -> dict[str, Any]:
    """The alert as plain data, for ``alerts.json`` and webhooks."""
    return {
        "key": alert.key,
        "kind": alert.kind,
        "unit": alert.unit,
        "date": f"{alert.date:%Y-%m-%d}",
        "direction": alert.direction,
        "open": alert.open,
        "cause": alert.cause,
        "facts": {name: _plain(value) for name, value in alert.facts.items()},
        "advice": [
            {"rule": said.rule, **said.text, "simulate": dict(said.simulate)}
            for said in alert.advice
        ],
    }


def alerts_json(alerts: Sequence["Alert"]) -> str:
    """All alerts as the text of ``alerts.json``."""
    import json

    records = [alert_record(alert) for alert in alerts]
    return json.dumps({"alerts": records}, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def alerts_answer(alerts: Sequence["Alert"], words: Words, *, rate: float) -> Html:
    """How many alerts there are, and the latest of those that last, with cause and advice."""
    lasting = [alert for alert in alerts if alert.open]
    often = words.count(round(1 / rate)) if rate < 1 else words.count(1)
    if not alerts:
        return Html(f"<p>{html_text(words('alert.none', quarters=often))}</p>")
    lead = words("alert.lead", count=words.count(len(alerts)), open=words.count(len(lasting)))
    blocks = [f"<p><strong>{html_text(lead)}</strong></p>"]
    blocks += [_block(alert, words) for alert in (lasting or list(alerts))[:SPELLED_OUT]]
    return Html("\n".join(blocks))


def alerts_told(alerts: Sequence["Alert"], words: Words) -> Html:
    """Every alert with its cause and advice; nothing where there is none."""
    return Html("\n".join(_block(alert, words) for alert in alerts))


def _block(alert: "Alert", words: Words) -> str:
    head = f"<p><strong>{html_text(alert_title(alert, words))}</strong> "
    said = [alert_happened(alert, words)]
    cause = alert_cause(alert, words)
    said += [words("alert.because", cause=cause)] if cause else []
    between = " " if words.language == "en" else ""
    advice = "".join(f"<li>{html_text(text)}</li>" for text in alert_advice(alert, words))
    listed = f"<ul>{advice}</ul>" if advice else ""
    return f"{head}{html_text(between.join(said))}</p>{listed}{_campaigns(alert, words)}"


def _campaigns(alert: "Alert", words: Words) -> str:
    """The proposed campaigns as a snippet for the parameters of ``40_campaign_plan``."""
    wanted = [dict(said.simulate) for said in alert.advice if said.simulate]
    if not wanted:
        return ""
    import yaml

    text = yaml.safe_dump({"campaigns": wanted}, allow_unicode=True, sort_keys=False)
    head = html_text(words("alert.simulate"))
    return f"<details><summary>{head}</summary><pre>{html_text_lines(text)}</pre></details>"


def html_text_lines(text: str) -> str:
    """``text`` of several lines as HTML that keeps them."""
    return "\n".join(
        " " * (len(line) - len(line.lstrip())) + html_text(line.lstrip())
        for line in text.splitlines()
    )


def unit_name(alert: "Alert", words: Words) -> str:
    """The unit's name, or that of the sum of all."""
    return shorten(alert.unit, NAME_WIDTH) or words("total")


def _number(facts: Mapping[str, object], name: str) -> float:
    value = facts.get(name)
    return float(value) if isinstance(value, int | float) else float("nan")


def _plain(value: object) -> object:
    if isinstance(value, dt.date):
        return f"{value:%Y-%m-%d}"
    return round(value, 6) if isinstance(value, float) else value


def alert_units(alerts: Iterable["Alert"]) -> list[str]:
    """The units that alerts are about, each once, in their order."""
    return list(dict.fromkeys(alert.unit for alert in alerts))
