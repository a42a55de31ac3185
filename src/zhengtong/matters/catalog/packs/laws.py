"""Law texts in a folder: which articles exist and what they say."""

import pathlib
import re
from functools import cached_property

_EDITION = re.compile(r"\((\d{4}-\d{2}-\d{2})\)$")
_ARTICLE = re.compile(r"^(第[零〇一二三四五六七八九十百千]+条(?:之[一二三四五六七八九十]+)?)[\s　]*", re.MULTILINE)
_PREFIX = "中华人民共和国"


class LawTexts:
    """The Markdown law texts under `folder`: `# title`, then articles starting with 第…条; files `title(date).md`."""

    def __init__(self, folder: pathlib.Path) -> None:
        self._folder = folder
        self._read: dict[pathlib.Path, dict[str, str]] = {}

    @cached_property
    def _editions(self) -> dict[str, dict[str, pathlib.Path]]:
        found: dict[str, dict[str, pathlib.Path]] = {}
        for path in sorted(self._folder.rglob("*.md")):
            match = _EDITION.search(path.stem)
            title = path.stem[: match.start()] if match else path.stem
            found.setdefault(title.removeprefix(_PREFIX), {})[match.group(1) if match else ""] = path
        return found

    def has(self, law: str, edition: str = "") -> bool:
        """Whether the law is here, in that edition where one is named."""
        return self._path(law, edition) is not None

    def article(self, law: str, article: str, edition: str = "") -> str | None:
        """The text of an article (`第三十五条`), all its paragraphs; None where law or article is absent.

        Without `edition` the newest text counts.
        """
        path = self._path(law, edition)
        if path is None:
            return None
        if path not in self._read:
            self._read[path] = articles_of(path.read_text(encoding="utf-8"))
        whole = _ARTICLE.match(article)
        return self._read[path].get(whole.group(1)) if whole else None

    def _path(self, law: str, edition: str) -> pathlib.Path | None:
        editions = self._editions.get(law.removeprefix(_PREFIX))
        if not editions:
            return None
        return editions.get(edition) if edition else editions[max(editions)]


def articles_of(text: str) -> dict[str, str]:
    """Articles by number; headings (`## 第二章`) end an article."""
    body = re.sub(r"^#.*$", "", text.partition("<!-- INFO END -->")[2] or text, flags=re.MULTILINE)
    starts = list(_ARTICLE.finditer(body))
    made: dict[str, str] = {}
    for index, match in enumerate(starts):
        end = starts[index + 1].start() if index + 1 < len(starts) else len(body)
        lines = (line.strip() for line in body[match.end() : end].splitlines())
        made.setdefault(match.group(1), "\n".join(line for line in lines if line))
    return made
