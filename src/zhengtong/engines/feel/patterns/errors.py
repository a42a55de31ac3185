"""How a pattern is refused."""


class PatternError(ValueError):
    """A pattern, its flags or a replacement that XPath does not allow; `reason` is one of `REASONS`."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)
