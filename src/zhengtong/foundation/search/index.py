"""The full-text index under the entries: FTS5 on SQLite, a tsvector on PostgreSQL; the same tokens in both."""

from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from zhengtong.foundation.policy import Tokens
from zhengtong.foundation.search.tokens import scope_token

Terms = Sequence[tuple[str, bool]]
Readable = Sequence[tuple[str | None, Tokens]]
"""What a reader may find: for each kind (None: any) the tokens an entry must carry."""

_CREATE = {
    "sqlite": [
        "CREATE VIRTUAL TABLE search_index USING fts5"
        "(title, words, body, scope, kind, tokenize = \"unicode61 remove_diacritics 0 tokenchars '_'\")"
    ],
    "postgresql": [
        "CREATE TABLE search_index (id bigint PRIMARY KEY, terms tsvector NOT NULL)",
        "CREATE INDEX search_index_terms ON search_index USING gin (terms)",
    ],
}


def create(editor: BaseDatabaseSchemaEditor) -> None:
    """Make the index; called by the first migration."""
    for sql in _CREATE[editor.connection.vendor]:
        editor.execute(sql)


def drop(editor: BaseDatabaseSchemaEditor) -> None:
    """Unmake it; the entries stay, and putting each thing in again fills a new one."""
    editor.execute("DROP TABLE search_index")


ANY_KIND = "_any"


def kind_token(kind: str) -> str:
    """The token an entry carries for its kind."""
    return scope_token(f"kind:{kind}")


def put(
    entry_id: int,
    *,
    title: Sequence[str],
    words: Sequence[str],
    body: Sequence[str],
    scope: Iterable[str],
    kind: str,
) -> None:
    """Index one entry anew."""
    remove(entry_id)
    scopes = [scope_token(token) for token in scope]
    kinds = [ANY_KIND, kind_token(kind)]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "INSERT INTO search_index (rowid, title, words, body, scope, kind) VALUES (%s, %s, %s, %s, %s, %s)",
                [entry_id, *(" ".join(part) for part in (title, words, body, scopes, kinds))],
            )
            return
        cursor.execute(
            "INSERT INTO search_index (id, terms) VALUES (%s, setweight(array_to_tsvector(%s::text[]), 'A') || "
            "setweight(array_to_tsvector(%s::text[]), 'B') || setweight(array_to_tsvector(%s::text[]), 'D'))",
            [entry_id, _distinct(title), _distinct(words), _distinct([*body, *scopes, *kinds])],
        )


def _distinct(tokens: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(tokens))


def remove(entry_id: int) -> None:
    """Take one entry out."""
    key = "rowid" if connection.vendor == "sqlite" else "id"
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM search_index WHERE {key} = %s", [entry_id])  # noqa: S608 a constant name


def find(terms: Terms, readable: Readable, *, limit: int, offset: int = 0) -> list[int]:
    """Entry ids that hold every term and that the reader may find, best first."""
    readable = [(kind, tokens) for kind, tokens in readable if not tokens.never]
    if not readable:
        return []
    if connection.vendor == "sqlite":
        return _find_fts5(terms, readable, limit, offset)
    return _find_tsvector(terms, readable, limit, offset)


def _find_fts5(terms: Terms, readable: Readable, limit: int, offset: int) -> list[int]:
    words = [f'{{title words body}} : "{term}"{" *" if prefix else ""}' for term, prefix in terms]
    guards = [_guard(kind, tokens, either=" OR ", both=" AND ", neither=" NOT ") for kind, tokens in readable]
    matching = " AND ".join([*words, "{scope kind} : (" + " OR ".join(guards) + ")"])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.id FROM search_index JOIN search_entry e ON e.id = search_index.rowid "
            "WHERE search_index MATCH %s "
            "ORDER BY bm25(search_index, 10.0, 6.0, 1.0, 0.0, 0.0) * e.weight, e.id DESC LIMIT %s OFFSET %s",
            [matching, limit, offset],
        )
        return [row[0] for row in cursor.fetchall()]


def _find_tsvector(terms: Terms, readable: Readable, limit: int, offset: int) -> list[int]:
    words = " & ".join(f"'{term}'{':*' if prefix else ''}" for term, prefix in terms)
    guards = [_guard(kind, tokens, either=" | ", both=" & ", neither=" & ! ") for kind, tokens in readable]
    # The index is read first, as a fence: for "newest" the planner otherwise walks the whole table by date.
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH hits AS MATERIALIZED (SELECT id, terms FROM search_index WHERE terms @@ %s::tsquery) "
            "SELECT e.id FROM hits JOIN search_entry e ON e.id = hits.id "
            "ORDER BY ts_rank(hits.terms, %s::tsquery) * e.weight DESC, e.id DESC LIMIT %s OFFSET %s",
            [f"{words} & ({' | '.join(guards)})", words, limit, offset],
        )
        return [row[0] for row in cursor.fetchall()]


def _guard(kind: str | None, tokens: Tokens, *, either: str, both: str, neither: str) -> str:
    """One kind's condition in the index's own language; every entry carries its kind, so none is empty."""
    groups = [sorted(scope_token(token) for token in group) for group in tokens.any_of]
    groups.insert(0, [kind_token(kind) if kind else ANY_KIND])
    text = both.join(f"({either.join(group)})" for group in groups)
    if tokens.none_of:
        text += f"{neither}({either.join(sorted(scope_token(token) for token in tokens.none_of))})"
    return f"({text})"
