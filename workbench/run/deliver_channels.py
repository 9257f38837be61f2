"""Where alerts go: webhooks and e-mail, named by environment variables and by nothing else.

Addresses and secrets never enter parameters, messages, results or the journal of deliveries.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from workbench.errors import Problem

Kind = Literal["webhook", "wecom", "dingtalk", "feishu", "email"]
PREFIX = "WORKBENCH_ALERT_"
WEBHOOKS: tuple[Kind, ...] = ("webhook", "wecom", "dingtalk", "feishu")
SECURITY = ("starttls", "ssl", "none")
DEFAULT_TIMEOUT = 10.0
PORTS: Mapping[str, int] = {"starttls": 587, "ssl": 465, "none": 25}
HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Channel:
    """One way out. ``repr`` shows neither address nor secret.

    Attributes:
        kind: ``webhook`` (plain JSON), ``wecom`` 企业微信, ``dingtalk`` 钉钉, ``feishu`` 飞书,
            or ``email``.
        url: of a webhook.
        secret: signs what is sent.
        host: of the mail server; ``port``, ``security``, ``user``, ``password`` likewise.
        sender: of the mail.
        receivers: of the mail.
        timeout: seconds.
    """

    kind: Kind
    url: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    host: str = field(default="", repr=False)
    port: int = field(default=0, repr=False)
    security: str = field(default="starttls", repr=False)
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    sender: str = field(default="", repr=False)
    receivers: tuple[str, ...] = field(default=(), repr=False)
    timeout: float = DEFAULT_TIMEOUT


def read_channels(environment: Mapping[str, str]) -> tuple[tuple[Channel, ...], list[Problem]]:
    """The channels that the environment names, and what is wrong with others.

    ``WORKBENCH_ALERT_WEBHOOK``, ``…_WECOM``, ``…_DINGTALK``, ``…_FEISHU`` hold addresses, the same
    with ``_SECRET`` what they are signed with (not 企业微信). E-mail: ``WORKBENCH_ALERT_EMAIL_TO``
    (several with commas), ``…_EMAIL_FROM``, ``…_SMTP_HOST``, ``…_SMTP_PORT``, ``…_SMTP_SECURITY``
    (starttls, ssl, none), ``…_SMTP_USER``, ``…_SMTP_PASSWORD``. ``WORKBENCH_ALERT_TIMEOUT`` is in
    seconds.

    >>> channels, wrong = read_channels({"WORKBENCH_ALERT_WECOM": "https://example.com/?key=k"})
    >>> channels[0], wrong
    (Channel(kind='wecom', timeout=10.0), [])
    """
    given = {
        name.removeprefix(PREFIX): value.strip()
        for name, value in environment.items()
        if name.startswith(PREFIX) and value.strip()
    }
    timeout, problems = _timeout(given.get("TIMEOUT", ""))
    found = []
    for kind in WEBHOOKS:
        url = given.get(kind.upper(), "")
        if not url:
            continue
        if not _is_address(url):
            problems.append(Problem("deliver.bad_address", {"name": f"{PREFIX}{kind.upper()}"}))
            continue
        secret = given.get(f"{kind.upper()}_SECRET", "")
        found.append(Channel(kind, url=url, secret=secret, timeout=timeout))
    if given.get("EMAIL_TO"):
        mail, wrong = _mail(given, timeout)
        problems += wrong
        found += [mail] if mail else []
    return tuple(found), problems


def _timeout(text: str) -> tuple[float, list[Problem]]:
    try:
        seconds = float(text or DEFAULT_TIMEOUT)
    except ValueError:
        seconds = 0.0
    if 0 < seconds <= 300:
        return seconds, []
    return DEFAULT_TIMEOUT, [Problem("deliver.bad_number", {"name": f"{PREFIX}TIMEOUT"})]


def _is_address(url: str) -> bool:
    """https, or http on this machine: secrets do not travel in the clear."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in HERE))


def _mail(given: Mapping[str, str], timeout: float) -> tuple[Channel | None, list[Problem]]:
    problems = []
    missing = [f"{PREFIX}{name}" for name in ("SMTP_HOST", "EMAIL_FROM") if not given.get(name)]
    if missing:
        problems.append(Problem("deliver.mail_missing", {"names": ", ".join(missing)}))
    security = given.get("SMTP_SECURITY", "starttls").lower()
    if security not in SECURITY:
        problems.append(Problem("deliver.bad_security", {"known": ", ".join(SECURITY)}))
    elif security == "none" and given.get("SMTP_PASSWORD") and given.get("SMTP_HOST") not in HERE:
        problems.append(Problem("deliver.open_password", {"name": f"{PREFIX}SMTP_SECURITY"}))
    port = given.get("SMTP_PORT", "") or str(PORTS.get(security, 587))
    if not port.isdecimal() or not 0 < int(port) < 65536:
        problems.append(Problem("deliver.bad_number", {"name": f"{PREFIX}SMTP_PORT"}))
    receivers = tuple(one.strip() for one in given["EMAIL_TO"].split(",") if one.strip())
    addresses = (*receivers, given.get("EMAIL_FROM", "a@b"))
    if any("@" not in one or any(c in one for c in "\r\n ") for one in addresses):
        names = f"{PREFIX}EMAIL_TO, {PREFIX}EMAIL_FROM"
        problems.append(Problem("deliver.bad_mail_address", {"names": names}))
    if problems:
        return None, problems
    return Channel(
        "email",
        host=given["SMTP_HOST"],
        port=int(port),
        security=security,
        user=given.get("SMTP_USER", ""),
        password=given.get("SMTP_PASSWORD", ""),
        sender=given["EMAIL_FROM"],
        receivers=receivers,
        timeout=timeout,
    ), []
