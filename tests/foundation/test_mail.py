"""E-mail through a mail server named by one address: what arrives, what is tried again, what is refused."""

import contextlib
import email
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from email.policy import default
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from zhengtong.config.mail import mail_server
from zhengtong.foundation.core.errors import Unavailable
from zhengtong.foundation.messages.providers import email_provider

REFUSED = {"full": b"452 insufficient storage\r\n", "unknown": b"550 no such user\r\n"}


class MailServer(threading.Thread):
    """Speaks enough SMTP (RFC 5321) to take one letter after another; recipients of REFUSED are turned away."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.letters: list[bytes] = []
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]

    def run(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _address = self.door.accept()
                with line, line.makefile("rb") as said:
                    self.talk(line, said)

    def talk(self, line: socket.socket, said: Any) -> None:
        line.sendall(b"220 test\r\n")
        while word := said.readline():
            verb = word[:4].upper()
            if verb == b"DATA":
                line.sendall(b"354 go on\r\n")
                self.letters.append(b"".join(iter(said.readline, b".\r\n")))
            refused = [answer for name, answer in REFUSED.items() if verb == b"RCPT" and name.encode() in word]
            line.sendall(refused[0] if refused else b"250 ok\r\n")
            if verb == b"QUIT":
                return


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    started = MailServer()
    started.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.ZT_EMAIL_PROVIDER = "zhengtong.foundation.messages.providers.DjangoMailProvider"
    for name, value in mail_server(f"smtp://127.0.0.1:{started.port}").items():
        setattr(settings, name, value)
    yield started
    started.door.close()


def send(address: str) -> str:
    return email_provider().send(stable_id="case:7", address=address, subject="已受理", text="您的申请已经受理。")


def test_a_letter_arrives_whole(server: MailServer) -> None:
    assert email_provider().reach()
    assert send("reader@example.cn") == "case:7"
    letter = email.message_from_bytes(server.letters[0], policy=default)
    assert (letter["To"], letter["Subject"]) == ("reader@example.cn", "已受理")
    assert letter["From"] == "no-reply@zhengtong.local"
    assert letter["X-Stable-Id"] == "case:7"
    assert letter.get_content().strip() == "您的申请已经受理。"


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_server_does_not_take_is_tried_again(name: str, server: MailServer) -> None:
    with pytest.raises(Unavailable):
        send(f"{name}@example.cn")
    assert server.letters == []


def test_a_server_that_is_gone_is_unavailable(server: MailServer) -> None:
    server.door.shutdown(socket.SHUT_RDWR)
    server.door.close()
    with pytest.raises(Unavailable):
        send("reader@example.cn")
    with pytest.raises(Unavailable):
        email_provider().reach()


@pytest.mark.parametrize(
    ("address", "host", "port", "user", "password", "tls", "ssl"),
    [
        ("smtp://mail.example.cn", "mail.example.cn", 25, "", "", False, False),
        ("smtp://[::1]:2525", "::1", 2525, "", "", False, False),
        ("smtp+starttls://zt%40gov:p%2Fss@mail.example.cn", "mail.example.cn", 587, "zt@gov", "p/ss", True, False),
        ("smtps://zt:pass@mail.example.cn:4650", "mail.example.cn", 4650, "zt", "pass", False, True),
    ],
)
def test_one_address_says_everything(
    address: str, host: str, port: int, user: str, password: str, tls: bool, ssl: bool
) -> None:
    found = mail_server(address)
    assert found.pop("EMAIL_TIMEOUT") == 10
    assert list(found.values()) == [host, port, user, password, tls, ssl]


@pytest.mark.parametrize(
    "address", ["imap://mail.example.cn", "mail.example.cn:25", "smtp://", "smtp://zt:pass@mail.cn"]
)
def test_an_address_that_cannot_be_is_refused_at_the_start(address: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="ZHENGTONG_EMAIL_SERVER"):
        mail_server(address)


@pytest.mark.parametrize(
    ("server", "provider"), [("smtps://zt:pass@mail.example.cn", "DjangoMailProvider"), ("", "FolderProvider")]
)
def test_the_environment_names_the_server(server: str, provider: str) -> None:
    program = "from zhengtong.config import settings as s; print(s.ZT_EMAIL_PROVIDER, getattr(s, 'EMAIL_HOST', ''))"
    environment = os.environ | {"ZHENGTONG_EMAIL_SERVER": server}
    said = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    ).stdout.split()
    assert said[0].endswith(provider)
    assert said[1:] == (["mail.example.cn"] if server else [])
