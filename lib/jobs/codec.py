"""Configs, reports and logs as bytes and back: JSON and NumPy arrays in one npz file. Nothing is ever unpickled.

Of the classes that a file names only dataclasses and enums of :data:`TRUSTED` packages are made, by their
constructors, which validate what they are given.
"""

from __future__ import annotations

import base64
import dataclasses
import importlib
import io
import json
import zipfile
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

TRUSTED = ("lib.core.",)
_JSON = "json"


class CodecError(ValueError):
    """These bytes hold nothing that can be read here, or this value cannot be written."""


def encode(value: object) -> bytes:
    """Numbers, texts, bytes, arrays, enums, dataclasses, and tuples, lists and dictionaries of them.

    >>> decode(encode({"a": (1, 2.5, None), "b": np.arange(3)}))["b"].tolist()
    [0, 1, 2]

    Raises: CodecError.
    """
    arrays: dict[str, NDArray[Any]] = {}
    plain = json.dumps(_plain(value, arrays), ensure_ascii=False)
    stream = io.BytesIO()
    np.savez(stream, allow_pickle=False, **{_JSON: np.frombuffer(plain.encode(), np.uint8)}, **arrays)
    return stream.getvalue()


def decode(data: bytes) -> Any:
    """The inverse of :func:`encode`. Raises: CodecError."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            return _value(json.loads(arrays[_JSON].tobytes()), arrays)
    except CodecError:
        raise
    except (ValueError, KeyError, TypeError, OSError, EOFError, ImportError, AttributeError) as error:
        raise CodecError(f"cannot be read: {error}") from error
    except zipfile.BadZipFile as error:
        raise CodecError(f"damaged: {error}") from error


def _plain(value: object, arrays: dict[str, NDArray[Any]]) -> object:
    if isinstance(value, Enum):
        return {"enum": _name(type(value)), "value": value.value}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, bytes):
        return {"bytes": base64.b64encode(value).decode()}
    if isinstance(value, np.ndarray):
        if value.dtype.hasobject:
            raise CodecError("an array of objects")
        name = f"a{len(arrays)}"
        arrays[name] = value
        return {"array": name}
    if isinstance(value, tuple):
        return {"tuple": [_plain(each, arrays) for each in value]}
    if isinstance(value, list):
        return [_plain(each, arrays) for each in value]
    if isinstance(value, dict):
        return {"dict": [[_plain(key, arrays), _plain(each, arrays)] for key, each in value.items()]}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        kept = {each.name: getattr(value, each.name) for each in dataclasses.fields(value) if each.init}
        named = {name: _plain(each, arrays) for name, each in kept.items()}
        return {"class": _name(type(value)), "fields": named}
    raise CodecError(f"a {type(value).__name__} cannot be kept")


def _value(plain: Any, arrays: Any) -> Any:
    if isinstance(plain, list):
        return [_value(each, arrays) for each in plain]
    if not isinstance(plain, dict):
        return plain
    if "class" in plain:
        fields = {name: _value(each, arrays) for name, each in plain["fields"].items()}
        return _class(plain["class"])(**fields)
    if "enum" in plain:
        return _class(plain["enum"])(plain["value"])
    if "array" in plain:
        return arrays[plain["array"]]
    if "tuple" in plain:
        return tuple(_value(each, arrays) for each in plain["tuple"])
    if "dict" in plain:
        return {_value(key, arrays): _value(each, arrays) for key, each in plain["dict"]}
    return base64.b64decode(plain["bytes"])


def _name(kind: type) -> str:
    return f"{kind.__module__}:{kind.__qualname__}"


def _class(name: str) -> Any:
    module, _, qualified = name.partition(":")
    if not f"{module}.".startswith(TRUSTED):
        raise CodecError(f"{name} is none of ours")
    found = getattr(importlib.import_module(module), qualified)
    if not (isinstance(found, type) and (issubclass(found, Enum) or dataclasses.is_dataclass(found))):
        raise CodecError(f"{name} is no dataclass and no enum")
    return found
