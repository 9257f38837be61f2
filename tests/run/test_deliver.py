"""Alerts arrive once, in each channel's own form; what fails is sent again; secrets stay home."""

import base64
import datetime as dt
import email
import hashlib
import hmac
import json
import socket
import threading
from email import policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from workbench.data.journal import read_journal
from workbench.report.words import Words
from workbench.run.deliver import deliver
from workbench.run.deliver_channels import read_channels
from workbench.run.deliver_send import LONGEST_BYTES, WECOM_BYTES, Message, payload
from workbench.target.advice import Advice
from workbench.target.alerts import Alert

DAY = dt.date(2026, 8, 20)
SECRET = "SEC-0123456789abcdef"
SAID = Advice("channel_alone", {"en": "Look at it.", "zh": "请查看。"}, {"kind": "discount"})


def alert(unit="线上商城", day=18, *, kind="band", direction="down", open_=True):
    date = dt.date(2026, 8, day)
    facts = {"window": "week", "first": date, "actual": 75894.6, "expected": 112889.1}
    return Alert(
        key=f"{kind}|{unit}|{direction}|{date}",
        kind=kind,
        unit=unit,
        date=date,
        direction=direction,
        facts={**facts, "deviation": -0.3277, "behind": -0.4},
        cause="unit",
        advice=(SAID,),
        open=open_,
    )


class Receiver:
    """A web server on this machine that keeps what it got and answers as it is told."""

    def __init__(self):
        self.got, self.answers = [], []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((self.path, dict(self.headers), json.loads(body), body))
                status, text = receiver.answers.pop(0) if receiver.answers else (200, '{"code":0}')
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_):
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/send?key={SECRET}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def receiver():
    found = Receiver()
    yield found
    found.close()


def send(alerts, folder, environment, language="en"):
    return deliver(
        alerts,
        folder,
        environment=environment,
        words=Words(language),
        as_of=DAY,
        period="2026 Q3",
        clock=lambda: 1_787_184_000.5,
    )


def test_plain_json_arrives_once_and_is_signed(receiver, tmp_path):
    env = {"WORKBENCH_ALERT_WEBHOOK": receiver.url, "WORKBENCH_ALERT_WEBHOOK_SECRET": SECRET}
    first = send([alert()], tmp_path, env)
    again = send([alert(), alert(day=20)], tmp_path, env)
    assert (first.sent, first.waiting, first.notices) == ({"webhook": 1}, {"webhook": 0}, ())
    assert again.sent == {"webhook": 0}
    ((_, headers, body, raw),) = receiver.got
    assert body["alerts"][0]["unit"] == "线上商城"
    assert body["alerts"][0]["facts"]["actual"] == 75894.6
    assert body["alerts"][0]["advice"][0]["simulate"] == {"kind": "discount"}
    assert headers["Idempotency-Key"] == body["id"]
    mark = hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest()
    assert headers["X-Workbench-Signature"] == f"sha256={mark}"


def test_an_event_that_moves_a_day_is_the_same_and_another_unit_is_not(receiver, tmp_path):
    env = {"WORKBENCH_ALERT_WEBHOOK": receiver.url}
    send([alert()], tmp_path, env)
    moved = send([alert(day=17), alert("线下门店")], tmp_path, env)
    assert moved.sent == {"webhook": 1}
    assert receiver.got[1][2]["alerts"][0]["unit"] == "线下门店"


@pytest.mark.parametrize("answer", [(500, ""), (404, "gone"), (302, "")])
def test_what_fails_waits_and_arrives_with_the_next_run(receiver, tmp_path, answer):
    env = {"WORKBENCH_ALERT_WEBHOOK": receiver.url}
    receiver.answers = [answer]
    failed = send([alert()], tmp_path, env)
    assert failed.waiting == {"webhook": 1}
    assert "Alerts could not be delivered" in failed.notices[0].text()
    assert f"HTTP {answer[0]}" in failed.notices[0].text()
    assert len(receiver.got) == 1
    later = send([], tmp_path, env)
    assert (later.sent, later.waiting) == ({"webhook": 1}, {"webhook": 0})
    assert receiver.got[0][2]["id"] == receiver.got[1][2]["id"]
    assert send([alert()], tmp_path, env).sent == {"webhook": 0}


def test_a_channel_that_fails_does_not_hold_up_another(receiver, tmp_path):
    env = {"WORKBENCH_ALERT_WEBHOOK": receiver.url, "WORKBENCH_ALERT_WECOM": receiver.url}
    receiver.answers = [(500, ""), (200, '{"errcode":0,"errmsg":"ok"}')]
    done = send([alert()], tmp_path, env)
    assert (done.sent, done.waiting) == ({"webhook": 0, "wecom": 1}, {"webhook": 1, "wecom": 0})


@pytest.mark.parametrize(
    "text", ['{"errcode":93000,"errmsg":"bad"}', "<html>", "{}", "[0]", '{"code":19021}']
)
def test_a_robot_that_says_no_with_200_is_not_believed(receiver, tmp_path, text):
    receiver.answers = [(200, text)]
    done = send([alert()], tmp_path, {"WORKBENCH_ALERT_WECOM": receiver.url})
    assert done.waiting == {"wecom": 1}


def test_a_server_that_never_answers_times_out(tmp_path):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        env = {
            "WORKBENCH_ALERT_WEBHOOK": f"http://127.0.0.1:{port}/{SECRET}",
            "WORKBENCH_ALERT_TIMEOUT": "0.05",
        }
        done = send([alert()], tmp_path, env)
    assert "timeout" in done.notices[0].text()
    refused = send([], tmp_path, env)
    assert refused.waiting == {"webhook": 1}
    assert "ConnectionRefusedError" in refused.notices[0].text()


def test_the_three_robots_get_their_own_forms(receiver, tmp_path):
    names = ("WECOM", "DINGTALK", "FEISHU")
    env = {f"WORKBENCH_ALERT_{name}": receiver.url for name in names}
    env |= {f"WORKBENCH_ALERT_{name}_SECRET": SECRET for name in names[1:]}
    receiver.answers = [(200, '{"errcode":0}')] * 2 + [(200, '{"code":0,"msg":"success"}')]
    assert sum(send([alert()], tmp_path, env, "zh").sent.values()) == 3
    wecom, dingtalk, feishu = receiver.got
    assert wecom[2]["msgtype"] == "markdown"
    content = wecom[2]["markdown"]["content"]
    assert content.startswith("### 2026 Q3 · 销售预警1条（截至2026年8月20日）")
    assert "【线上商城 · 低于正常区间】截至8月18日，近7天销售额¥75,895" in content
    asked = parse_qs(urlsplit(dingtalk[0]).query)
    assert asked["timestamp"] == ["1787184000500"]
    text = f"1787184000500\n{SECRET}".encode()
    mark = base64.b64encode(hmac.new(SECRET.encode(), text, hashlib.sha256).digest()).decode()
    assert asked["sign"] == [mark]
    assert set(dingtalk[2]["markdown"]) == {"title", "text"}
    assert feishu[2]["msg_type"] == "text"
    assert feishu[2]["timestamp"] == "1787184000"
    key = f"1787184000\n{SECRET}".encode()
    assert (
        feishu[2]["sign"] == base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
    )
    assert "建议：请查看。" in feishu[2]["content"]["text"]


def test_long_messages_are_cut_between_characters():
    channels, _ = read_channels(
        {f"WORKBENCH_ALERT_{name}": "https://example.com" for name in ("WECOM", "FEISHU")}
    )
    long = Message("id", "预警", ("门店销售" * 3000,))
    for channel, most in zip(channels, (WECOM_BYTES, LONGEST_BYTES), strict=True):
        body, _, _ = payload(channel, long, now=0.0)
        text = next(one for one in body.values() if isinstance(one, dict))
        (content,) = text.values()
        assert most - 8 <= len(content.encode()) <= most
        assert content.endswith("…")


def test_names_cannot_mention_or_link(receiver, tmp_path):
    bad = '<at user_id="all">[x](http://evil)'
    send([alert(bad)], tmp_path, {"WORKBENCH_ALERT_FEISHU": receiver.url})
    text = receiver.got[0][2]["content"]["text"]
    assert "<" not in text
    assert "[" not in text


def test_more_than_twenty_are_counted_and_all_are_marked(receiver, tmp_path):
    env = {"WORKBENCH_ALERT_WEBHOOK": receiver.url}
    done = send([alert(f"store {at}") for at in range(23)], tmp_path, env)
    assert done.sent == {"webhook": 23}
    assert receiver.got[0][2]["text"].endswith("And 3 more; see the report.")
    assert len(receiver.got[0][2]["alerts"]) == 23
    assert send([], tmp_path, env).sent == {"webhook": 0}


def test_what_is_long_over_is_no_news(receiver, tmp_path):
    env = {"WORKBENCH_ALERT_WEBHOOK": receiver.url}
    old, lasting = alert("a", day=5, open_=False), alert("b", day=5)
    assert send([old, lasting], tmp_path, env).sent == {"webhook": 1}


def test_two_runs_at_once_send_one_message(receiver, tmp_path):
    env = {"WORKBENCH_ALERT_WEBHOOK": receiver.url}
    runs = [threading.Thread(target=send, args=([alert()], tmp_path, env)) for _ in range(4)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert len(receiver.got) == 1


def test_secrets_are_in_no_file_message_or_repr(receiver, tmp_path):
    env = {"WORKBENCH_ALERT_WEBHOOK": receiver.url, "WORKBENCH_ALERT_DINGTALK_SECRET": SECRET}
    env["WORKBENCH_ALERT_DINGTALK"] = f"http://{SECRET}.example.com/robot"
    env["WORKBENCH_ALERT_EMAIL_TO"] = f"{SECRET}, planner@example.com"
    env["WORKBENCH_ALERT_SMTP_PASSWORD"] = SECRET
    receiver.answers = [(500, SECRET)]
    done = send([alert()], tmp_path, env)
    channels, problems = read_channels(env)
    shown = [*map(repr, channels), repr(done), *(p.text(x) for p in problems for x in ("en", "zh"))]
    written = [path.read_text("utf-8") for path in tmp_path.rglob("*") if path.is_file()]
    assert written
    assert len(problems) == 3
    assert not [text for text in (*shown, *written) if SECRET in text]


def test_no_channel_means_no_journal(tmp_path):
    done = send([alert()], tmp_path / "runs", {})
    assert (done.sent, done.notices) == ({}, ())
    assert not (tmp_path / "runs").exists()


def test_the_journal_says_what_waited_and_what_arrived(receiver, tmp_path):
    send([alert()], tmp_path, {"WORKBENCH_ALERT_WEBHOOK": receiver.url})
    states = [(one["channel"], one["state"]) for one in read_journal(tmp_path / "alerts.jsonl")]
    assert states == [("webhook", "waiting"), ("webhook", "sent")]


@pytest.mark.parametrize(
    ("environment", "says", "sagt"),
    [
        (
            {"WEBHOOK": "ftp://x"},
            "address of a webhook for alerts cannot be used",
            "推送地址无法使用",
        ),
        ({"WECOM": "http://example.com"}, "begins with https://", "https:// 开头"),
        ({"FEISHU": "https://[bad"}, "its value is not shown", "其内容不予显示"),
        ({"TIMEOUT": "soon"}, "not a usable number", "不是可用的数字"),
        ({"TIMEOUT": "0"}, "WORKBENCH_ALERT_TIMEOUT", "WORKBENCH_ALERT_TIMEOUT"),
        ({"EMAIL_TO": "a@b"}, "SMTP_HOST, WORKBENCH_ALERT_EMAIL_FROM", "缺少设置"),
        (
            {"EMAIL_TO": "a", "EMAIL_FROM": "b@c", "SMTP_HOST": "h"},
            "mail address for alerts cannot be used",
            "邮箱地址无法使用",
        ),
        (
            {"EMAIL_TO": "a@b", "EMAIL_FROM": "b@c", "SMTP_HOST": "h", "SMTP_SECURITY": "rot13"},
            "security of the mail server is not known",
            "加密方式无法识别",
        ),
        (
            {"EMAIL_TO": "a@b", "EMAIL_FROM": "b@c", "SMTP_HOST": "h", "SMTP_PORT": "99999"},
            "WORKBENCH_ALERT_SMTP_PORT",
            "端口请填",
        ),
        (
            {
                "EMAIL_TO": "a@b",
                "EMAIL_FROM": "b@c",
                "SMTP_HOST": "mail.example.com",
                "SMTP_SECURITY": "none",
                "SMTP_PASSWORD": "p",
            },
            "password of the mail server would travel unencrypted",
            "明文传输",
        ),
    ],
)
def test_settings_that_cannot_be_used(environment, says, sagt):
    given = {f"WORKBENCH_ALERT_{name}": value for name, value in environment.items()}
    channels, (problem,) = read_channels(given)
    assert channels == ()
    assert says in problem.text()
    assert sagt in problem.text("zh")


class MailServer:
    """Enough of SMTP to take one mail or to refuse it."""

    def __init__(self, *, refuse=False):
        self.mails, self.refuse = [], refuse
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def serve(self):
        connection, _ = self.socket.accept()
        with connection, connection.makefile("rwb") as stream:
            self.say(stream, "220 here")
            while line := stream.readline():
                verb = line.split()[0].upper().decode()
                if verb == "DATA":
                    self.say(stream, "354 go on")
                    lines = []
                    while (part := stream.readline()) != b".\r\n":
                        lines.append(part)
                    self.mails.append(
                        email.message_from_bytes(b"".join(lines), policy=policy.default)
                    )
                    self.say(stream, "250 taken")
                elif verb == "QUIT":
                    self.say(stream, "221 bye")
                    return
                elif verb == "RCPT" and self.refuse:
                    self.say(stream, "550 no such person")
                else:
                    self.say(stream, "250 fine")

    def say(self, stream, text):
        stream.write(f"{text}\r\n".encode())
        stream.flush()

    def close(self):
        self.thread.join(5)
        self.socket.close()


def mail_environment(port):
    return {
        "WORKBENCH_ALERT_EMAIL_TO": "planner@example.com, 二@example.com".replace("二", "two"),
        "WORKBENCH_ALERT_EMAIL_FROM": "alerts@example.com",
        "WORKBENCH_ALERT_SMTP_HOST": "127.0.0.1",
        "WORKBENCH_ALERT_SMTP_PORT": str(port),
        "WORKBENCH_ALERT_SMTP_SECURITY": "none",
    }


def test_mail_arrives_with_its_chinese_and_the_same_id(tmp_path):
    server = MailServer()
    done = send([alert()], tmp_path, mail_environment(server.port), "zh")
    server.close()
    assert done.sent == {"email": 1}
    (mail,) = server.mails
    assert mail["Subject"] == "2026 Q3 · 销售预警1条（截至2026年8月20日）"
    assert mail["To"] == "planner@example.com, two@example.com"
    assert mail["Message-ID"].endswith("@workbench>")
    assert "近7天销售额¥75,895" in mail.get_content()


def test_mail_that_is_refused_waits(tmp_path):
    server = MailServer(refuse=True)
    done = send([alert()], tmp_path, mail_environment(server.port))
    server.close()
    assert done.waiting == {"email": 1}
    assert "example.com" not in done.notices[0].text()


def test_mail_is_not_sent_in_the_clear_where_the_server_has_no_encryption(tmp_path):
    server = MailServer()
    env = mail_environment(server.port) | {"WORKBENCH_ALERT_SMTP_SECURITY": "starttls"}
    done = send([alert()], tmp_path, env)
    server.close()
    assert done.waiting == {"email": 1}
    assert server.mails == []
