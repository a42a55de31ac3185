"""The run on PostgreSQL takes every test that asks for the database of the run, by whatever way, and no other."""

import pytest

from on_postgres import asks_for_the_database


@pytest.fixture
def through_another(db: None) -> None:
    """As most fixtures of ours have it."""


@pytest.fixture
def once_for_many(django_db_setup: None) -> None:
    """As what lives longer than a test has it."""


@pytest.mark.django_db
def test_marked(request: pytest.FixtureRequest) -> None:
    assert asks_for_the_database(request.node)


def test_by_name(request: pytest.FixtureRequest, db: None) -> None:
    assert asks_for_the_database(request.node)


def test_through_another(request: pytest.FixtureRequest, through_another: None) -> None:
    assert asks_for_the_database(request.node)


def test_for_longer_than_a_test(request: pytest.FixtureRequest, once_for_many: None) -> None:
    assert asks_for_the_database(request.node)


def test_what_asks_for_none(request: pytest.FixtureRequest, tmp_path: object) -> None:
    assert not asks_for_the_database(request.node)
