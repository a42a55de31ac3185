"""Text to index tokens: Han runs as character bigrams, everything else as words.

Measured on a million rows (DESIGN §8): words by dictionary lose two-character queries, trigrams cannot find them at
all; bigrams lost none.
"""

import re
import unicodedata

MAX_TEXT = 20_000
MAX_QUERY = 80
MAX_TERMS = 24

_RUN = re.compile(r"[㐀-䶿一-鿿豈-﫿\U00020000-\U0003134f]+|[0-9a-z]+")


def normal(text: str) -> str:
    """Full-width folded to half, compatibility forms unified, lower case."""
    return unicodedata.normalize("NFKC", text).lower()


def _is_word(run: str) -> bool:
    return run[0].isascii()


def index_tokens(text: str) -> list[str]:
    """Tokens under which `text` is found: each word whole, each Han pair, and the last Han character of a run alone.

    With the lone last character every single character begins some token, so one-character queries work by prefix.
    """
    tokens: list[str] = []
    for run in _RUN.findall(normal(text[:MAX_TEXT])):
        if _is_word(run):
            tokens.append(run)
        else:
            tokens.extend(run[i : i + 2] for i in range(len(run)))
    return tokens


def query_terms(text: str) -> list[tuple[str, bool]]:
    """Terms of a query as (token, is prefix): all must be found. Words match as prefixes, Han pairs exactly."""
    terms: list[tuple[str, bool]] = []
    for run in _RUN.findall(normal(text[:MAX_QUERY])):
        if _is_word(run) or len(run) == 1:
            terms.append((run, True))
        else:
            terms.extend((run[i : i + 2], False) for i in range(len(run) - 1))
    return list(dict.fromkeys(terms))[:MAX_TERMS]


def scope_token(token: str) -> str:
    """A policy token (`org:12`) in a shape that no text produces: words never begin with `_`."""
    return "_" + "".join(c if c.isascii() and c.isalnum() else f"_{ord(c):x}_" for c in token.lower())
