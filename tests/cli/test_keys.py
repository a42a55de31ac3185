"""`zhengtong key`: the secret once, lists without it, an end at once."""

import json

import pytest
from click.testing import CliRunner, Result

from factories import identity as people
from zhengtong.doors.cli.keys import SCOPES
from zhengtong.doors.cli.main import program
from zhengtong.foundation.core.errors import SignInNeeded
from zhengtong.people.identity import queries
from zhengtong.people.identity.choices import KeyScope

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> Result:
    return CliRunner().invoke(program, ["key", *arguments])


def test_a_key_is_issued_listed_and_revoked() -> None:
    account = people.account()
    issued = run("issue", account.username, "--name", "ERP", "--scope", "read", "--scope", "apply")
    secret = issued.stdout.strip()
    assert issued.exit_code == 0
    assert queries.api_key(secret).scopes == ["apply", "read"]
    listed = run("list", account.username, "--json")
    assert secret not in listed.stdout
    assert [each["name"] for each in json.loads(listed.stdout)] == ["ERP"]
    assert run("revoke", account.username, secret).exit_code == 0
    with pytest.raises(SignInNeeded):
        queries.api_key(secret)
    assert run("revoke", account.username, secret).exit_code == 1


def test_what_is_refused_ends_with_1() -> None:
    account = people.account()
    assert run("issue", "nobody", "--name", "ERP", "--scope", "read").exit_code == 1
    assert run("issue", account.username, "--name", "ERP", "--scope", "read", "--days", "400").exit_code == 1


def test_what_is_wrong_is_said_word_by_word() -> None:
    account = people.account()
    refused = run("issue", account.username, "--name", "x", "--scope", "read", "--days", "400")
    assert refused.exit_code == 1
    assert "2 to 80 characters" in " ".join(refused.stderr.split())
    assert "1 to 366 days" in " ".join(refused.stderr.split())
    nobody = run("list", "[/x]")
    assert (nobody.exit_code, "[/x]" in nobody.stderr) == (1, True)
    assert run("issue", account.username, "--name", "E R P", "--scope", "read", "--capacity", "org:1").exit_code == 1


def test_every_scope_that_there_is_can_be_given() -> None:
    assert list(SCOPES) == KeyScope.values
