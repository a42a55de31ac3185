"""How a verb refuses: one family of errors that every door knows how to draw, as a page or as problem details."""

from collections.abc import Mapping, Sequence
from typing import ClassVar


class Refusal(Exception):
    """A refusal the reader should understand.

    `code` is stable (machines rely on it), `message` a sentence in the reader's language (a lazy translation
    is welcome), `details` go into problem details as they are. `status` is the HTTP status a door answers.
    """

    status: ClassVar[int] = 400

    def __init__(self, code: str, message: object, **details: object) -> None:
        self.code = code
        self.message = message
        self.details = details
        super().__init__(code)

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class SignInNeeded(Refusal):
    """The act needs somebody signed in, or somebody better identified."""

    status = 401


class NotAllowed(Refusal):
    """The actor may not do this; the refusal is recorded."""

    status = 403


class NotFound(Refusal):
    """Nothing here that the actor may see (what is hidden and what is absent look the same)."""

    status = 404


class Conflict(Refusal):
    """The thing has moved on: somebody else acted, or the life cycle forbids the act now."""

    status = 409


class TooLarge(Refusal):
    """More than the stated bound."""

    status = 413


class Invalid(Refusal):
    """The input has faults; `errors` is a sequence of (path, code, sentence)."""

    status = 422

    def __init__(
        self, code: str, message: object, errors: Sequence[tuple[str, str, str]] = (), **details: object
    ) -> None:
        super().__init__(code, message, **details)
        self.errors: tuple[tuple[str, str, str], ...] = tuple(errors)

    def by_path(self) -> Mapping[str, list[str]]:
        """The sentences of each path, in order."""
        grouped: dict[str, list[str]] = {}
        for path, _code, sentence in self.errors:
            grouped.setdefault(path, []).append(sentence)
        return grouped


class TooMany(Refusal):
    """Too often; `retry_after` seconds stand in the details."""

    status = 429


class Unavailable(Refusal):
    """Something outside does not answer; what was typed is safe."""

    status = 503
