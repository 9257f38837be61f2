"""Sending one message through one channel, and hearing whether it arrived."""

import base64
import hashlib
import hmac
import json
import smtplib
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from http.client import HTTPException
from urllib.parse import quote_plus

from workbench.run.deliver_channels import Channel

WECOM_BYTES = 4000
"""企业微信 takes 4096 bytes of Markdown."""
LONGEST_BYTES = 15000
LONGEST_REPLY = 65536


@dataclass(frozen=True)
class Message:
    """What is sent: the same through every channel, in the channel's own form.

    Attributes:
        id: the same when it is sent again, so that a receiver can tell.
        title: one line.
        lines: Markdown, one alert each.
        alerts: the alerts as plain data.
    """

    id: str
    title: str
    lines: tuple[str, ...]
    alerts: Sequence[Mapping[str, object]] = ()


class NotDelivered(Exception):
    """It did not arrive; ``reason`` holds no address and no secret."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def send(channel: Channel, message: Message, *, now: float) -> None:
    """Send ``message``; it has arrived when this returns.

    Args:
        channel: where to.
        message: what.
        now: seconds since 1970, for signatures.

    Raises:
        NotDelivered: no answer in time, an answer that says no, a server that refuses.
    """
    if channel.kind == "email":
        _mail(channel, message)
        return
    body, url, headers = payload(channel, message, now=now)
    reply = _post(url, body, headers, channel.timeout)
    if channel.kind != "webhook":
        _check_reply(reply)


def payload(
    channel: Channel, message: Message, *, now: float
) -> tuple[dict[str, object], str, dict[str, str]]:
    """The body, the address and the headers of a webhook, signed where there is a secret."""
    headers = {"Idempotency-Key": message.id}
    url = channel.url
    if channel.kind == "wecom":
        text = _within("\n".join([f"### {message.title}", *message.lines]), WECOM_BYTES)
        return {"msgtype": "markdown", "markdown": {"content": text}}, url, headers
    if channel.kind == "dingtalk":
        text = _within("\n\n".join([f"### {message.title}", *message.lines]), LONGEST_BYTES)
        if channel.secret:
            url = f"{url}{'&' if '?' in url else '?'}{dingtalk_signature(channel.secret, now)}"
        marked = {"title": message.title, "text": text}
        return {"msgtype": "markdown", "markdown": marked}, url, headers
    if channel.kind == "feishu":
        text = _within("\n".join([message.title, *message.lines]), LONGEST_BYTES)
        signed = feishu_signature(channel.secret, now) if channel.secret else {}
        return {**signed, "msg_type": "text", "content": {"text": text}}, url, headers
    body: dict[str, object] = {
        "id": message.id,
        "title": message.title,
        "text": "\n".join(message.lines),
        "alerts": list(message.alerts),
    }
    if channel.secret:
        mark = hmac.new(channel.secret.encode(), _encoded(body), hashlib.sha256).hexdigest()
        headers["X-Workbench-Signature"] = f"sha256={mark}"
    return body, url, headers


def dingtalk_signature(secret: str, now: float) -> str:
    """What 钉钉 wants in the address: milliseconds, and their signature.

    >>> dingtalk_signature("SEC", 1.5)[:29]
    'timestamp=1500&sign=H3%2FpzUX'
    """
    stamp = str(round(now * 1000))
    mark = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
    return f"timestamp={stamp}&sign={quote_plus(base64.b64encode(mark))}"


def feishu_signature(secret: str, now: float) -> dict[str, str]:
    """What 飞书 wants in the body: seconds, and a signature of nothing keyed by both."""
    stamp = str(int(now))
    mark = hmac.new(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return {"timestamp": stamp, "sign": base64.b64encode(mark).decode()}


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A webhook that points elsewhere is not followed: its address holds a key."""

    def redirect_request(self, *_: object) -> None:
        return None


def _post(
    url: str, body: Mapping[str, object], headers: Mapping[str, str], seconds: float
) -> bytes:
    kind = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "workbench-alerts"}
    asked = urllib.request.Request(url, _encoded(body), {**kind, **headers}, method="POST")
    try:
        with urllib.request.build_opener(_NoRedirect).open(asked, timeout=seconds) as reply:
            return bytes(reply.read(LONGEST_REPLY))
    except urllib.error.HTTPError as error:
        code = error.code
        error.close()
        raise NotDelivered(f"HTTP {code}") from None
    except TimeoutError:
        raise NotDelivered("timeout") from None
    except urllib.error.URLError as error:
        raise NotDelivered(_named(error.reason)) from None
    except (OSError, HTTPException, ValueError) as error:
        raise NotDelivered(type(error).__name__) from None


def _check_reply(reply: bytes) -> None:
    """The three robots answer 200 and say in the body whether they took it."""
    try:
        said = json.loads(reply)
    except ValueError:
        raise NotDelivered("reply is not JSON") from None
    codes = (
        [said[name] for name in ("errcode", "code", "StatusCode") if name in said]
        if (isinstance(said, dict))
        else []
    )
    if not codes or codes[0] != 0:
        raise NotDelivered(f"code {str(codes[0])[:12]}" if codes else "reply without a code")


def _mail(channel: Channel, message: Message) -> None:
    try:
        with _server(channel) as server:
            if channel.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if channel.user:
                server.login(channel.user, channel.password)
            server.send_message(letter(channel, message))
    except TimeoutError:
        raise NotDelivered("timeout") from None
    except smtplib.SMTPResponseException as error:
        raise NotDelivered(f"SMTP {error.smtp_code}") from None
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise NotDelivered(_named(error)) from None


def letter(channel: Channel, message: Message) -> EmailMessage:
    """The message as a mail; its Message-ID is the same when it is sent again."""
    mail = EmailMessage()
    mail["Subject"] = " ".join(message.title.split())
    mail["From"] = channel.sender
    mail["To"] = ", ".join(channel.receivers)
    mail["Message-ID"] = f"<{message.id}@workbench>"
    mail.set_content("\n\n".join([message.title, *message.lines]) + "\n")
    return mail


def _server(channel: Channel) -> smtplib.SMTP:
    if channel.security == "ssl":
        secure = ssl.create_default_context()
        return smtplib.SMTP_SSL(channel.host, channel.port, timeout=channel.timeout, context=secure)
    return smtplib.SMTP(channel.host, channel.port, timeout=channel.timeout)


def _encoded(body: Mapping[str, object]) -> bytes:
    return json.dumps(body, ensure_ascii=False, allow_nan=False).encode("utf-8")


def _named(error: object) -> str:
    """The kind of an error; its text may hold an address."""
    return "timeout" if isinstance(error, TimeoutError) else type(error).__name__


def _within(text: str, size: int) -> str:
    """``text`` cut to ``size`` bytes, never within a character."""
    whole = text.encode("utf-8")
    if len(whole) <= size:
        return text
    return whole[: size - 4].decode("utf-8", "ignore") + "…"
