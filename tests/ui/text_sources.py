"""Finds all that learners read, wherever it lies in lib: texts keyed by language, and the lessons' prose.

A text is found by what it is (a module's dict keyed by ``Lang``), not by a list, so that a new lesson's are held to
the same rules as the old ones from its first line.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from string import Formatter

from lib.core.lessons import Section, parse_lesson
from lib.ui.lang import Lang

ROOT = Path(__file__).resolve().parents[2]
PROSE_PLACES = ("assets/lessons/*.{lang}.md", "lib/lessons/*/prose.{lang}.md")


@dataclass(frozen=True)
class Texts:
    """What a module says in each language: ``module:NAME``, and what ``NAME`` holds, by language."""

    place: str
    by_lang: Mapping[Lang, object]


@dataclass(frozen=True)
class Prose:
    """A lesson's prose in each language; ``key`` is the lesson's."""

    key: str
    by_lang: dict[str, dict[str, Section]]


@cache
def sources() -> dict[Path, str]:
    """Every Python file of the app."""
    paths = [*(ROOT / "lib").rglob("*.py"), *(ROOT / "pages").glob("*.py"), ROOT / "streamlit_app.py"]
    return {path: path.read_text("utf-8") for path in sorted(paths)}


@cache
def trees() -> dict[Path, ast.Module]:
    """The same, parsed."""
    return {path: ast.parse(text) for path, text in sources().items()}


def _assigned(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
        yield from (target.id for target in targets if isinstance(target, ast.Name))


def _keyed_by_lang(value: object, place: str) -> Iterator[Texts]:
    if isinstance(value, Mapping):
        if value and all(isinstance(key, Lang) for key in value):
            yield Texts(place, value)
        else:
            for key, inner in value.items():
                yield from _keyed_by_lang(inner, f"{place}[{key}]")
    elif is_dataclass(value):
        for field in fields(value):
            yield from _keyed_by_lang(getattr(value, field.name), f"{place}.{field.name}")


@cache
def all_texts() -> tuple[Texts, ...]:
    """Every dict keyed by language in a module of lib, inside other values too."""
    found: list[Texts] = []
    for path, text in sources().items():
        if "Lang.ZH" not in text or path.is_relative_to(ROOT / "pages") or path.parent == ROOT:
            continue
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        module = importlib.import_module(name)
        for variable in _assigned(trees()[path]):
            found += _keyed_by_lang(getattr(module, variable, None), f"{name}:{variable}")
    return tuple(found)


@cache
def all_prose() -> tuple[Prose, ...]:
    """Every lesson's prose."""
    found: dict[str, dict[str, dict[str, Section]]] = {}
    for lang in Lang:
        for place in PROSE_PLACES:
            for path in ROOT.glob(place.format(lang=lang)):
                key = path.parent.name if path.name.startswith("prose.") else path.name.split(".")[0]
                found.setdefault(key, {})[lang] = parse_lesson(path.read_text("utf-8"))
    return tuple(Prose(key, by_lang) for key, by_lang in sorted(found.items()))


def leaves(value: object, path: str = "") -> dict[str, str]:
    """All texts below a value, by where they stand.

    >>> leaves({"a": ("x", "y")})
    {'/a/0': 'x', '/a/1': 'y'}
    """
    if isinstance(value, str):
        return {path: value}
    inner: Iterator[tuple[object, object]]
    if is_dataclass(value):
        inner = ((field.name, getattr(value, field.name)) for field in fields(value))
    elif isinstance(value, Mapping):
        inner = ((getattr(key, "name", key), each) for key, each in value.items())
    elif isinstance(value, tuple | list):
        inner = iter(enumerate(value))
    else:
        return {path: f"{type(value).__name__}"}
    return {place: text for key, each in inner for place, text in leaves(each, f"{path}/{key}").items()}


def slots(text: str) -> list[str]:
    """The named slots of a text, sorted; of what is no format, its braces.

    >>> slots("{out} of {size:.1f}"), slots("nothing"), slots("a { alone")
    (['out', 'size'], [], ['{'])
    """
    try:
        return sorted({name for _, name, _, _ in Formatter().parse(text) if name is not None})
    except ValueError:
        return sorted(re.findall(r"[{}]", text))


@cache
def declared_fields() -> dict[str, dict[str, str]]:
    """The app's classes, as ``module.Name``, with their fields: what is written under each, "" where nothing is."""
    found: dict[str, dict[str, str]] = {}
    for path, tree in trees().items():
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                found[f"{module}.{node.name}"] = _documented(node)
    return found


def _documented(node: ast.ClassDef) -> dict[str, str]:
    found: dict[str, str] = {}
    last = ""
    for line in node.body:
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
            last = line.target.id
            found[last] = ""
        elif last and isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant):
            found[last] = str(line.value.value)
            last = ""
        else:
            last = ""
    return found


def promised_slots(documentation: str) -> list[str] | None:
    """The slots that a field's documentation lists; None where it lists none.

    >>> promised_slots("Slots: out, size."), promised_slots("Slots: those of the problem.")
    (['out', 'size'], None)
    """
    found = re.search(r"Slots?: (\w+(?:, \w+)*)\.(?:\s|$)", documentation)
    return sorted(found.group(1).split(", ")) if found else None


def groups_of_texts(value: object) -> Iterator[object]:
    """The dataclasses in a value, itself and those inside."""
    if is_dataclass(value):
        yield value
        for field in fields(value):
            yield from groups_of_texts(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from groups_of_texts(inner)


@cache
def used_fields(kind: str, constant: str) -> frozenset[str]:
    """The fields of a dataclass ``kind`` of texts that some code reads, in Python or in a browser script that gets all.

    ``constant`` is the variable that holds them in every language.
    """
    held = _holders(kind)
    mentions = re.compile(r"\b(" + "|".join({kind, constant, *held}) + r")\b")
    used: set[str] = set()
    for path, text in sources().items():
        if not mentions.search(text):
            continue
        names = {constant} | held | _names_of(trees()[path], kind, constant, held)
        used |= {name for holder, name in _attributes(path) if holder in names}
        whole = "|".join(names)
        if re.search(rf"\b(asdict|vars)\(([\w.]+\.)?({whole})(\[\w+(\.\w+)*\])?\)", text):
            used |= _browser_words()
        if re.search(rf"\bgetattr\(({whole}), ", text):
            used |= set(re.findall(r"\"(\w+)\"", text))
    return frozenset(used)


@cache
def _attributes(path: Path) -> frozenset[tuple[str, str]]:
    """Names that are read from something, with the name of what they are read from."""
    attributes = (node for node in ast.walk(trees()[path]) if isinstance(node, ast.Attribute))
    return frozenset((_last_name(node.value), node.attr) for node in attributes)


@cache
def _holders(kind: str) -> frozenset[str]:
    """Fields and properties of any class that hold such texts."""
    found = set()
    for tree in trees().values():
        for line in [line for node in tree.body if isinstance(node, ast.ClassDef) for line in node.body]:
            if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
                name, held = line.target.id, ast.unparse(line.annotation)
            elif isinstance(line, ast.FunctionDef) and line.returns is not None:
                name, held = line.name, ast.unparse(line.returns)
            else:
                continue
            if re.search(rf"\b{kind}\b", held):
                found.add(name)
    return frozenset(found)


def _names_of(tree: ast.Module, kind: str, constant: str, held: frozenset[str]) -> set[str]:
    """Local names that hold such texts: parameters of that type, and what is assigned from the constant or a holder."""
    found = set()
    source = re.compile(rf"\b{re.escape(constant)}\b" + (rf"|\.({'|'.join(held)})(\[|$)" if held else ""))
    for node in ast.walk(tree):
        if isinstance(node, ast.arg) and node.annotation is not None:
            if re.search(rf"\b{kind}\b", ast.unparse(node.annotation)):
                found.add(node.arg)
        elif isinstance(node, ast.Assign) and source.search(ast.unparse(node.value)):
            found |= {
                name.id for target in node.targets for name in ast.walk(target) if isinstance(name, ast.Name)
            }
        elif isinstance(node, ast.comprehension) and source.search(ast.unparse(node.iter)):
            found |= {name.id for name in ast.walk(node.target) if isinstance(name, ast.Name)}
    return found


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Subscript):
        return _last_name(node.value)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


@cache
def _browser_words() -> frozenset[str]:
    scripts = (ROOT / "assets" / "components").rglob("*.js")
    return frozenset(word for path in scripts for word in re.findall(r"\w+", path.read_text("utf-8")))


def named_sections(prose: Prose) -> tuple[set[str], set[str]]:
    """The sections of a lesson's prose that code names outright, and those it can name in a pattern."""
    lesson = [path for path in sources() if f"lib/lessons/{prose.key}/" in path.as_posix()]
    stubs = [path for path in sources() if path.stem == prose.key and path.parent.name == "pages"]
    shared = "lib/core/" if lesson else "lib/"
    places = [*stubs, *lesson, *(path for path in sources() if f"/{shared}" in path.as_posix())]
    outright, patterns = set(), set()
    for path in places:
        for node in ast.walk(trees()[path]):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                outright.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
                if any(isinstance(part, str) and re.fullmatch(r"\w+", part) for part in parts):
                    patterns.add("".join(".+" if part is None else re.escape(str(part)) for part in parts))
    keys = set(prose.by_lang[Lang.EN])
    return keys & outright, {key for key in keys if any(re.fullmatch(pattern, key) for pattern in patterns)}
