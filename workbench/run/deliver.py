"""Delivering alerts: each event once through each channel, and none lost when sending fails."""

import datetime as dt
import hashlib
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from workbench.data.journal import append_record, read_journal
from workbench.errors import Problem
from workbench.report.alert_text import alert_line, alert_record, alerts_title
from workbench.report.words import Words
from workbench.run.deliver_channels import Channel, read_channels
from workbench.run.deliver_send import Message, NotDelivered, send
from workbench.target.alerts import Alert, same_event

LEDGER, LOCK, KIND = "alerts.jsonl", ".alerts.lock", "alert_delivery"
RECENT_DAYS = 14
"""An event that is over is news for so many days after it began."""
AT_ONCE = 20
"""Alerts spelled out in one message; the rest are counted."""


@dataclass(frozen=True)
class Delivery:
    """What became of the alerts.

    Attributes:
        sent: channel → how many alerts arrived in this run.
        waiting: channel → how many are still to arrive; the next run tries again.
        notices: channels that are not set up properly, and sendings that failed.
    """

    sent: Mapping[str, int]
    waiting: Mapping[str, int]
    notices: tuple[Problem, ...] = ()


def deliver(
    alerts: Sequence[Alert],
    folder: str | Path,
    *,
    environment: Mapping[str, str],
    words: Words,
    as_of: dt.date,
    period: str = "",
    clock: Callable[[], float] = time.time,
) -> Delivery:
    """Send what is new through every channel that the environment names.

    The journal ``alerts.jsonl`` in the folder of all runs says what waits and what has arrived,
    channel by channel. An alert is written down before it is sent and marked when it has arrived:
    one that fails is tried again by the next run; one event is sent once. A crash between arriving
    and marking sends it once more, with the same id.

    Args:
        alerts: as found by ``watch``.
        folder: of all runs.
        environment: such as ``os.environ``; see ``read_channels``.
        words: language and currency of the messages.
        as_of: the last day whose sales are known.
        period: what the alerts are about, for the title.
        clock: seconds since 1970, for the signatures of 钉钉 and 飞书.

    Raises:
        DataError: a journal that was changed or cannot be written.
    """
    channels, problems = read_channels(environment)
    notices = list(problems)
    sent: dict[str, int] = {}
    waiting: dict[str, int] = {}
    if not channels:
        return Delivery({}, {}, tuple(notices))
    store = Path(folder)
    store.mkdir(parents=True, exist_ok=True)
    with _alone(store / LOCK):
        for channel in channels:
            due = _due(store / LEDGER, channel, alerts, words, as_of)
            sent[channel.kind], waiting[channel.kind] = 0, len(due)
            if not due:
                continue
            try:
                send(channel, message_of(due, words, as_of, period), now=clock())
            except NotDelivered as error:
                facts = {"channel": channel.kind, "count": str(len(due)), "reason": error.reason}
                notices.append(Problem("deliver.failed", facts))
                continue
            for one in due:
                _note(store / LEDGER, channel, str(one["key"]), "sent")
            sent[channel.kind], waiting[channel.kind] = len(due), 0
    return Delivery(sent, waiting, tuple(notices))


def message_of(
    due: Sequence[Mapping[str, Any]], words: Words, as_of: dt.date, period: str
) -> Message:
    """One message of everything that waits; its id tells its content."""
    keys = "\n".join(sorted(str(one["key"]) for one in due))
    lines = [str(one["text"]) for one in due[:AT_ONCE]]
    if len(due) > AT_ONCE:
        lines.append(words("alert.more", count=words.count(len(due) - AT_ONCE)))
    return Message(
        id=hashlib.sha256(keys.encode("utf-8")).hexdigest()[:32],
        title=alerts_title(words, count=len(due), as_of=as_of, period=period),
        lines=tuple(lines),
        alerts=tuple(dict(one["alert"]) for one in due),
    )


def _due(
    ledger: Path, channel: Channel, alerts: Sequence[Alert], words: Words, as_of: dt.date
) -> list[dict[str, Any]]:
    """Everything that has yet to arrive: left from earlier runs, and new, which is written down."""
    said = [one for one in read_journal(ledger) if one["channel"] == channel.kind]
    done = {str(one["key"]) for one in said if one["state"] == "sent"}
    due = [one for one in said if one["state"] == "waiting" and one["key"] not in done]
    known = [str(one["key"]) for one in said]
    since = as_of - dt.timedelta(days=RECENT_DAYS)
    for alert in alerts:
        old = not alert.open and alert.date < since
        if old or any(same_event(alert.key, key) for key in known):
            continue
        known.append(alert.key)
        more = {"text": alert_line(alert, words), "alert": alert_record(alert)}
        due.append(_note(ledger, channel, alert.key, "waiting", **more))
    return due


def _note(ledger: Path, channel: Channel, key: str, state: str, **more: object) -> dict[str, Any]:
    record = {"channel": channel.kind, "key": key, "state": state, **more}
    return append_record(ledger, lambda _: record, kind=KIND)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Two runs at once take turns, so that neither sends what the other is sending."""
    with path.open("a+b") as file:
        _take(file)
        yield


def _take(file: IO[bytes]) -> None:
    """Wait for the file; closing it gives it back."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
    else:
        import fcntl

        fcntl.flock(file.fileno(), fcntl.LOCK_EX)
