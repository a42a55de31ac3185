"""An answer that was asked for and never read keeps nothing else back."""

import pytest

from zhengtong.foundation.core.sequences import ask_number, next_number
from zhengtong.foundation.core.writes import write


@pytest.mark.django_db
def test_an_unread_answer_keeps_no_savepoint_from_being_undone() -> None:
    asked: list[object] = []

    def fails() -> None:
        asked.append(ask_number("unread"))
        raise ValueError("in between")

    with pytest.raises(ValueError, match="in between"):
        write(fails)
    assert write(lambda: next_number("unread")) == 1
