"""A pack's decision rules: compiled, fed from what is known of a case, checked before they are used, told in words."""

from zhengtong.matters.catalog.packs.rules.checking import Facts, rule_findings
from zhengtong.matters.catalog.packs.rules.origins import Known, Origin, age_on, read_origin
from zhengtong.matters.catalog.packs.rules.rulebook import FILE, Rulebook, Ruled, rulebook_of
from zhengtong.matters.catalog.packs.rules.wording import Line, Wording, letter_of, undecided, wording_of

__all__ = [
    "FILE",
    "Facts",
    "Known",
    "Line",
    "Origin",
    "Ruled",
    "Rulebook",
    "Wording",
    "age_on",
    "letter_of",
    "read_origin",
    "rule_findings",
    "rulebook_of",
    "undecided",
    "wording_of",
]
