"""Reading a pack whole: its files, its digest, its statements and texts."""

import json
import pathlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from zhengtong.engines.seals import sm3
from zhengtong.matters.catalog.packs.findings import Finding, PackError
from zhengtong.matters.catalog.packs.service import shape_findings
from zhengtong.matters.catalog.packs.sources import Source, read_yaml

MOST_FILES = 200
MOST_BYTES = 8 << 20
LOCALES = ("zh-hans", "en")
ENDINGS = (".yaml", ".json", ".bpmn", ".dmn", ".typ", ".md", ".svg", ".png", ".pdf")


@dataclass(frozen=True)
class Pack:
    """A pack read and well-formed: `service` is service.yaml, `texts` the reader's texts by locale."""

    files: Mapping[str, bytes]
    digest: str
    source: Source
    texts: Mapping[str, Mapping[str, Any]]
    text_sources: Mapping[str, Source] = field(default_factory=dict)

    @property
    def service(self) -> Mapping[str, Any]:
        """What service.yaml states."""
        stated: Mapping[str, Any] = self.source.data
        return stated

    @property
    def id(self) -> str:
        return str(self.service["id"])

    @property
    def version(self) -> int:
        return int(self.service["version"])

    def say(self, key: str, locale: str) -> str:
        """The service text of a dotted key, empty where there is none."""
        found: Any = self.texts.get(locale, {})
        for part in key.split("."):
            found = found.get(part, "") if isinstance(found, Mapping) else ""
        return found if isinstance(found, str) else ""

    def text_of(self, name: str) -> str | None:
        """A file of the pack as text, None where it is absent."""
        raw = self.files.get(name)
        return None if raw is None else raw.decode("utf-8")

    @property
    def form(self) -> dict[str, Any] | None:
        """form.json, None where it is absent; raises ValueError where it is no JSON object."""
        text = self.text_of("form.json")
        if text is None:
            return None
        try:
            made = json.loads(text)
        except RecursionError:
            raise ValueError("nested too deeply") from None
        if not isinstance(made, dict):
            raise ValueError("not an object")
        return made


def load_pack(folder: pathlib.Path | str) -> Pack:
    """The pack in `folder`. Raises PackError with every finding (`file:line`) that keeps it from being read."""
    return pack_of_files(read_folder(folder))


def read_folder(folder: pathlib.Path | str) -> dict[str, bytes]:
    """The files of a pack by relative path; hidden files are left out, links and programs refused."""
    root = pathlib.Path(folder)
    if not root.is_dir():
        raise PackError([Finding("packs.no_folder", str(root), {"folder": str(root)})])
    paths = [
        path
        for path in sorted(root.rglob("*"))
        if not path.is_dir() and not any(part.startswith(".") for part in path.relative_to(root).parts)
    ]
    refused = [path for path in paths if path.is_symlink() or path.suffix not in ENDINGS]
    if refused:
        names = [path.relative_to(root).as_posix() for path in refused]
        raise PackError([Finding("packs.file_kind", f"{name}:1", {"name": name}) for name in names])
    if len(paths) > MOST_FILES or sum(path.stat().st_size for path in paths) > MOST_BYTES:
        params = {"limit": MOST_BYTES >> 20, "files": MOST_FILES}
        raise PackError([Finding("packs.too_large", str(root), params)])
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def digest_of(files: Mapping[str, bytes]) -> str:
    """SM3 over the sorted list of names and digests: the same files give the same digest anywhere."""
    listing = "".join(f"{sm3(files[name]).hex()}  {name}\n" for name in sorted(files))
    return sm3(listing.encode()).hex()


def pack_of_files(files: Mapping[str, bytes]) -> Pack:
    """The pack these files make; raises PackError."""
    if "service.yaml" not in files:
        raise PackError([Finding("packs.no_service", "service.yaml:1")])
    source = read_yaml("service.yaml", files["service.yaml"])
    found = shape_findings(source)
    texts, sources = _texts(files)
    if not found:
        found = [*_duplicates(source), *_text_findings(source, texts, sources)]
    if found:
        raise PackError(found)
    return Pack(dict(files), digest_of(files), source, texts, sources)


def _texts(files: Mapping[str, bytes]) -> tuple[dict[str, dict[str, Any]], dict[str, Source]]:
    texts: dict[str, dict[str, Any]] = {}
    sources: dict[str, Source] = {}
    for locale in LOCALES:
        name = f"texts/service.{locale}.yaml"
        sources[locale] = read_yaml(name, files.get(name, b"{}"))
        data = sources[locale].data
        texts[locale] = data if isinstance(data, dict) else {}
    return texts, sources


def text_keys(service: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each text the service needs, with the pointer in service.yaml that asks for it."""
    keys = [(key, "/item") for key in ("name", "everyday_name", "summary", "item", "result.name")]
    keys += [("implementer.name", "/implementer"), ("office.hours", "/channels"), ("office.place", "/channels")]
    keys += [("remedies.review_organ", "/remedies"), ("remedies.court", "/remedies"), ("quota", "/item")]
    keys += [("approval_reasons", "/documents")]
    keys += _listed(service, "conditions", "conditions", ("text",))
    keys += _listed(service, "materials", "materials", ("name", "issuer", "requirement"))
    keys += _listed(service, "steps", "steps", ("name", "note"))
    keys += _listed(service, "fees", "fees", ("name",))
    keys += _listed(service, "situations", "situations", ("question",))
    keys += _situations(service)
    keys += [(f"result.fields.{f['code']}", "/result/fields") for f in service["result"].get("fields") or []]
    keys += _of_rules(service.get("rules") or {})
    for index, message in enumerate(service.get("messages") or []):
        pointer = f"/messages/{index}"
        keys += [(f"messages.{message['code']}.{part}", pointer) for part in ("subject", "body")]
    return keys


def spoken_keys(service: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Texts that say the same as to a neighbour, for elders: none need be there, but one that is stands in both
    languages."""
    return [
        ("spoken.summary", "/item"),
        *_listed(service, "materials", "materials", ("spoken.name", "spoken.words")),
    ]


def law_keys(service: Mapping[str, Any]) -> list[tuple[str, str]]:
    """English names of the laws that the service cites: none need be there, a reader then sees the Chinese title."""
    return [(f"laws.{law}", pointer) for law, pointer in _cited(service, "")]


def _cited(stated: Any, pointer: str) -> Iterable[tuple[str, str]]:
    if isinstance(stated, Mapping):
        if isinstance(stated.get("law"), str):
            yield stated["law"], pointer
        for name, inner in stated.items():
            yield from _cited(inner, f"{pointer}/{name}")
    elif isinstance(stated, list):
        for index, inner in enumerate(stated):
            yield from _cited(inner, f"{pointer}/{index}")


def _listed(service: Mapping[str, Any], name: str, base: str, parts: Iterable[str]) -> list[tuple[str, str]]:
    return [
        (f"{base}.{entry['code']}.{part}", f"/{name}/{index}")
        for index, entry in enumerate(service.get(name) or [])
        for part in parts
    ]


def _situations(service: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each answer has words; one that leads elsewhere says where to, and how what is searched for there is called."""
    keys = []
    for index, situation in enumerate(service.get("situations") or []):
        for place, option in enumerate(situation["options"]):
            here, pointer = f"situations.{situation['code']}", f"/situations/{index}/options/{place}"
            keys.append((f"{here}.options.{option['code']}", pointer))
            told = ("title", "words", "link") if option.get("find") else ("title", "words")
            if option.get("leads"):
                keys += [(f"{here}.leads.{option['code']}.{part}", pointer) for part in told]
    return keys


def _of_rules(rules: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Names of inputs, decisions and words; the question that supplies an input which no question of the form does."""
    keys = []
    for name, source in (rules.get("inputs") or {}).items():
        pointer = f"/rules/inputs/{name}"
        keys.append((f"rules.inputs.{name}", pointer))
        if str(source).partition(":")[0] in ("applicant", "fact"):
            keys.append((f"rules.questions.{name}", pointer))
    for index, decision in enumerate(rules.get("decisions") or []):
        told = ("name", "letter") if decision.get("letter") else ("name",)
        keys += [(f"rules.decisions.{decision['code']}.{part}", f"/rules/decisions/{index}") for part in told]
    return keys + [(f"rules.words.{word}", "/rules/words") for word in rules.get("words") or []]


def _text_findings(
    source: Source, texts: Mapping[str, Mapping[str, Any]], sources: Mapping[str, Source]
) -> list[Finding]:
    given = {locale: dict(_leaves(texts[locale], "")) for locale in LOCALES}
    spoken = [
        (key, pointer) for key, pointer in spoken_keys(source.data) if any(key in held for held in given.values())
    ]
    needed = [*text_keys(source.data), *spoken]
    laws = [(key, pointer) for key, pointer in dict(law_keys(source.data)).items() if key in given["en"]]
    found: list[Finding] = []
    for locale, held in given.items():
        for key, pointer in [*needed, *(laws if locale == "en" else ())]:
            said = held.pop(key, None)
            if not isinstance(said, str) or not said.strip():
                found.append(Finding("packs.text_missing", source.at(pointer), {"locale": locale, "key": key}))
            elif len(said) > 2000:
                place = sources[locale].at("/" + key.replace(".", "/"))
                found.append(Finding("packs.text_long", place, {"key": key, "limit": 2000}))
        for key in held:
            place = sources[locale].at("/" + key.replace(".", "/"))
            found.append(Finding("packs.text_unused", place, {"key": key}))
    return found


def _leaves(value: Any, path: str) -> Iterable[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}.{name}" if path else name)
    else:
        yield path, value


def _duplicates(source: Source) -> list[Finding]:
    found = []
    for name in ("materials", "conditions", "steps", "situations", "fees"):
        seen: set[str] = set()
        for index, entry in enumerate(source.data.get(name) or []):
            if entry["code"] in seen:
                params = {"name": f"{name}.code", "value": entry["code"]}
                found.append(Finding("packs.duplicate", source.at(f"/{name}/{index}"), params))
            seen.add(entry["code"])
    return found
