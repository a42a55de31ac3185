"""Regular expressions: what XPath says they mean, what it refuses, and that none takes long."""

import re
import time

import pytest
from feel_reckoning import run, value
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtong.engines.feel import compile_expression
from zhengtong.engines.feel.patterns import PatternError, pattern_of
from zhengtong.engines.feel.running import ExhaustedError, Limits

MATCHES = [
    ("foobar", "^fo*b", "", True),
    ("foobar", "bar$", "", True),
    ("foobar\n", "bar$", "", False),  # the end is the end
    ("foobar", "^bar", "", False),
    ("abc", "a|x|c$", "", True),
    ("aaa", "^a{2}$", "", False),
    ("aaa", "^a{2,}$", "", True),
    ("aaa", "^a{1,2}$", "", False),
    ("a.b", "a\\.b", "", True),
    ("a\nb", "a.b", "", False),
    ("a\rb", "a.b", "", False),
    ("a\nb", "a.b", "s", True),
    ("x\ny", "^y", "m", True),
    ("x\n", "^$", "m", False),  # no line begins behind the last newline
    ("\nx", "^$", "m", True),
    ("ABC", "abc", "i", True),
    ("\u212a", "k", "i", True),  # the sign of Kelvin
    ("k", "[\u212a]", "i", True),
    ("x", "[A-Z-[OI]]", "i", True),
    ("o", "[A-Z-[OI]]", "i", False),
    ("q", "[^Q]", "i", False),
    ("hello world", "hello\\ sworld", "x", True),
    ("hello world", "hello[ ]world", "x", True),
    ("hello", "\\p{ IsBasicLatin}+", "x", True),
    ("高", "\\p{IsCJKUnifiedIdeographs}", "", True),
    ("高", "\\p{Lo}", "", True),
    ("高", "\\P{Lo}", "", False),
    ("a", "\\p{Lu}", "i", False),  # of which the flag knows nothing
    ("٣", "^\\d$", "", True),
    ("a_1", "^\\w+$", "", False),  # the low line is punctuation
    ("a b", "\\s", "", True),
    ("_a:b-c", "^\\i\\c*$", "", True),
    ("-", "[a-]", "", True),
    ("-", "[-a]", "", True),
    ("^", "[a^]", "", True),
    ("]", "[\\]]", "", True),
    ("b", "[a-z-[aeiou]]", "", True),
    ("e", "[a-z-[aeiou]]", "", False),
    ("e", "[^a-z-[aeiou]]", "", False),
    ("abab", "^(ab)\\1$", "", True),
    ("aA", "(a)\\1", "i", True),
    ("aab", "^(a*)\\1b$", "", True),
    ("abcabc", "^(?:abc)+$", "", True),
    ("", "^$", "", True),
    ("", "", "", True),
    ("aaab", "^(a*)*b$", "", True),
    ("b", "^(a|b*)*$", "", True),
    ("110105194912310021", "^[1-9]\\d{16}[\\dX]$", "", True),
]


@pytest.mark.parametrize(("text", "pattern", "flags", "expected"), MATCHES)
def test_matches(text: str, pattern: str, flags: str, expected: bool) -> None:
    assert (pattern_of(pattern, flags).search(text, 0, run()) is not None) is expected


@pytest.mark.parametrize(
    ("pattern", "flags", "reason"),
    [
        ("(", "", "bracket"),
        (")", "", "bracket"),
        ("[a", "", "unfinished"),
        ("[]", "", "bracket"),
        ("a**", "", "character"),
        ("*", "", "character"),
        ("a{2,1}", "", "repeats"),
        ("a{99999}", "", "repeats"),
        ("[z-a]", "", "range"),
        ("\\q", "", "escape"),
        ("\\", "", "unfinished"),
        ("\\p{Xx}", "", "category"),
        ("\\p{IsNowhere}", "", "category"),
        ("(a)\\2", "", "reference"),
        ("(a\\1)", "", "reference"),
        ("(a)[\\1]", "", "escape"),
        ("a", "q", "flags"),
        ("a", " ", "flags"),
        ("(" * 100 + ")" * 100, "", "deep"),
        ("a" * 6000, "", "long"),
        ("(?=a)", "", "character"),
        ("((a{1000}){1000}){1000}", "", "long"),
    ],
)
def test_refused(pattern: str, flags: str, reason: str) -> None:
    with pytest.raises(PatternError) as refused:
        pattern_of(pattern, flags)
    assert refused.value.reason == reason


REPLACEMENTS = [
    ('replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")', "[1=ab][2=]cd"),
    ('replace("abracadabra", "a.*?a", "*")', "*c*bra"),
    ('replace("darted", "^(.*?)d(.*)$", "$1c$2")', "carted"),
    ('replace("AAAA", "A+?", "b")', "bbbb"),
    ('replace("abc", "b", "[$0]")', "a[b]c"),
    ('replace("abc", "(b)", "$12")', "ab2c"),  # one group, and a 2
    ('replace("abc", "b", "\\\\$\\\\\\\\")', "a$\\c"),
    ('replace("abc", "B", "x", "i")', "axc"),
    ('replace("abc", "x*", "-")', None),  # which matches nothing at all
    ('replace("abc", "b", "$")', None),
    ('replace("abc", "b", "\\\\n")', None),
    ('replace("2024年3月4日", "(\\d+)年(\\d+)月(\\d+)日", "$1-$2-$3")', "2024-3-4"),
]


@pytest.mark.parametrize(("text", "expected"), REPLACEMENTS, ids=[text for text, _ in REPLACEMENTS])
def test_replace(text: str, expected: str | None) -> None:
    assert value(text) == expected


ATOMS = st.sampled_from(["a", "b", "c", ".", "[ab]", "[^a]", "(a)", "(b|c)", "(?:ab)", "(a|)"])
TIMES = st.sampled_from(["", "", "*", "+", "?", "{2}", "*?", "{0,2}"])
PIECES = st.builds(lambda atom, times: atom + times, ATOMS, TIMES)
PATTERNS = st.lists(st.lists(PIECES, min_size=1, max_size=4).map("".join), min_size=1, max_size=2).map("|".join)


@settings(max_examples=300, deadline=None)
@given(PATTERNS, st.text(alphabet="abc", max_size=8))
def test_it_finds_what_python_finds(pattern: str, text: str) -> None:
    """On what both know. Groups are left out: Python keeps those of a round that takes nothing."""
    ours, theirs = pattern_of(pattern, "").search(text, 0, run()), re.search(pattern, text)
    assert (ours is None) is (theirs is None)
    if ours is not None and theirs is not None:
        assert ours[:2] == theirs.span()


@given(st.text(alphabet="ab()[]{}*+?|\\^$.-,1 pPdw", max_size=15), st.text(alphabet="ab1 -", max_size=10))
def test_any_pattern_ends(pattern: str, text: str) -> None:
    try:
        pattern_of(pattern, "").search(text, 0, run())
    except PatternError as refused:
        assert refused.reason  # noqa: PT017 (which texts are patterns is what is tried)


EVIL = [
    ("(a+)+$", "a" * 5000 + "b"),
    ("(a|aa)+$", "a" * 5000 + "b"),
    ("(.*)*x", "a" * 5000),
    ("^(([a-z])+.)+[A-Z]([a-z])+$", "a" * 5000),
    ("(x+x+)+y", "x" * 3000),
    (".*.*.*.*b", "a" * 3000),
    ("(a?){1000}a{1000}", "a" * 1000),
    ("(a*)\\1b", "a" * 2000),
    ("(.*)(.*)\\1\\2x", "ab" * 500),
]


@pytest.mark.parametrize(("pattern", "text"), EVIL, ids=[pattern for pattern, _ in EVIL])
def test_no_pattern_takes_long(pattern: str, text: str) -> None:
    began = time.process_time()
    at = run(limits=Limits(steps=500_000))
    try:
        pattern_of(pattern, "").search(text, 0, at)
    except ExhaustedError:
        assert at.steps < 0  # the budget was the end of it
    assert time.process_time() - began < 5


def test_giving_up_is_null_and_said() -> None:
    at = run(limits=Limits(steps=10_000))
    expression = compile_expression('matches(text, "(a*)\\1b")')
    assert expression.evaluate({"text": "a" * 2000}, at) is None
    assert [problem.code for problem in at.diagnostics] == ["feel.too_many_steps"]
