"""Reading types as FEEL writes them (DMN 1.5 §10.3.1.2, rule 52): `list<number>`, `context<a: string>`, names."""

from collections.abc import Mapping

from zhengtong.engines.feel.errors import FeelError
from zhengtong.engines.feel.naming import NAME, TOKEN, WORD, NameSet, past_blank, tidy
from zhengtong.engines.feel.running import Place
from zhengtong.engines.feel.types import NAMED, FeelType, context_of, function_of, list_of, range_of

DEEPEST = 32
_OWN_NAMES = NameSet(NAMED)


def read_type(text: str, types: Mapping[str, FeelType] | None = None) -> FeelType | None:
    """The type that a text names: one of FEEL's, or one in `types`; None for what names none."""
    if types and text in types:
        return types[text]
    if text in NAMED:
        return NAMED[text]
    try:
        kind, end = TypeReader(text, 0, types).read()
    except FeelError:
        return None
    return kind if past_blank(text, end) == len(text) else None


class TypeReader:
    """Reads one type from `start`; names that are no type give None for the whole."""

    def __init__(self, text: str, start: int, types: Mapping[str, FeelType] | None) -> None:
        self.text = text
        self.at = start
        self.types = types or {}
        self.names = NameSet(self.types)
        self.depth = 0

    def read(self) -> tuple[FeelType | None, int]:
        """The type and where it ends; FeelError where its brackets are broken."""
        return self._type(), self.at

    def _refuse(self, code: str, **params: object) -> FeelError:
        return FeelError(code, Place(self.text, self.at), **params)

    def _type(self) -> FeelType | None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self._refuse("feel.too_deep", most=DEEPEST)
        name = self._name()
        kind = self._constructed(name) if self._sees("<") else self._named(name)
        self.depth -= 1
        return kind

    def _named(self, name: str) -> FeelType | None:
        found = self.types.get(name)
        return NAMED.get(name) if found is None else found

    def _name(self) -> str:
        self.at = past_blank(self.text, self.at)
        word = WORD.match(self.text, self.at)
        if word is None:
            raise self._refuse("feel.type_expected")
        known = [
            found
            for names in (self.names, _OWN_NAMES)
            if (found := names.longest(self.text, self.at, word.group())) is not None
        ]
        if known:
            name, self.at, _length = max(known, key=lambda one: one[2])
            return name
        return self._qualified()

    def _qualified(self) -> str:
        """A name of words joined by full stops, known or not."""
        start = self.at
        while True:
            word = TOKEN.match(self.text, self.at)
            if word is None:
                raise self._refuse("feel.type_expected")
            self.at = word.end()
            if not self.text.startswith(".", self.at) or self.text.startswith("..", self.at):
                return self.text[start : self.at]
            self.at += 1

    def _constructed(self, name: str) -> FeelType | None:
        self._expect("<")
        if name == "function":
            return self._function()
        if name == "context":
            return self._context()
        inner = self._type()
        self._expect(">")
        if inner is None or name not in ("list", "range"):
            return None
        return list_of(inner) if name == "list" else range_of(inner)

    def _function(self) -> FeelType | None:
        parameters: list[FeelType | None] = []
        while not self._sees(">"):
            if parameters:
                self._expect(",")
            parameters.append(self._type())
        self._expect(">")
        self._expect("->")
        result = self._type()
        known = tuple(kind for kind in parameters if kind is not None)
        return None if result is None or len(known) < len(parameters) else function_of(known, result)

    def _context(self) -> FeelType | None:
        entries: dict[str, FeelType | None] = {}
        while not entries or self._sees(","):
            if entries:
                self._expect(",")
            self.at = past_blank(self.text, self.at)
            found = NAME.match(self.text, self.at)
            if found is None:
                raise self._refuse("feel.name_expected")
            self.at = found.end()
            self._expect(":")
            entries[tidy(found.group())] = self._type()
        self._expect(">")
        known = {name: kind for name, kind in entries.items() if kind is not None}
        return context_of(known) if len(known) == len(entries) else None

    def _sees(self, sign: str) -> bool:
        self.at = past_blank(self.text, self.at)
        return self.text.startswith(sign, self.at)

    def _expect(self, sign: str) -> None:
        if not self._sees(sign):
            raise self._refuse("feel.expected", expected=sign, found=self.text[self.at : self.at + 1] or "…")
        self.at += len(sign)
