"""Names of the DMN standard: its versions' namespaces, hit policies, aggregations, kinds of boxed expressions."""

from enum import StrEnum

VERSIONS = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}
FEEL_LANGUAGES = frozenset(
    {
        "",
        "feel",
        "http://www.omg.org/spec/FEEL/20140401",
        "http://www.omg.org/spec/DMN/20180521/FEEL/",
        "https://www.omg.org/spec/DMN/20191111/FEEL/",
        "https://www.omg.org/spec/DMN/20211108/FEEL/",
        "https://www.omg.org/spec/DMN/20230324/FEEL/",
    }
)


class HitPolicy(StrEnum):
    """What becomes of a table's matching rules (DMN 1.5 §8.2.10)."""

    UNIQUE = "UNIQUE"
    ANY = "ANY"
    PRIORITY = "PRIORITY"
    FIRST = "FIRST"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"
    COLLECT = "COLLECT"

    @property
    def letter(self) -> str:
        """How it is drawn in the corner of a table."""
        return self.value[0]


class Aggregation(StrEnum):
    """What COLLECT makes of its outputs."""

    SUM = "SUM"
    COUNT = "COUNT"
    MIN = "MIN"
    MAX = "MAX"

    @property
    def sign(self) -> str:
        """How it is drawn behind the letter C."""
        return {"SUM": "+", "COUNT": "#", "MIN": "<", "MAX": ">"}[self.value]


# Older names of types that modellers still write (DMN 1.1 and 1.2).
TYPE_ALIASES = {
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
}
