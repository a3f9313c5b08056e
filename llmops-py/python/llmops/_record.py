"""Answers as frozen objects, and requests as JSON."""

from __future__ import annotations

import math
from dataclasses import fields
from datetime import date, datetime, timezone
from os import PathLike, fspath
from typing import Any, Callable, ClassVar, Dict, Mapping, Tuple, Type, TypeVar
from uuid import UUID

from ._empty import EMPTY

Reader = Callable[[Any], Any]
Plan = Dict[str, Tuple[str, "Reader | None"]]
R = TypeVar("R", bound="Record")


class Record:
    """What every answer is: a frozen dataclass that knows its JSON."""

    _shapes: ClassVar[Dict[str, str]] = {}

    @classmethod
    def from_dict(cls: Type[R], data: Mapping[str, Any]) -> R:
        """Reads JSON; what a newer server adds is left out."""
        given = {}
        for wire, (name, reader) in _plan(cls).items():
            value = data.get(wire)
            if value is not None:
                given[name] = reader(value) if reader else value
        return cls(**given)

    def to_dict(self) -> Dict[str, Any]:
        """The JSON it came from: camelCase, without what is absent."""
        names = ((wire, getattr(self, name)) for wire, (name, _) in _plan(type(self)).items())
        return {wire: encode(value) for wire, value in names if value is not None}

    def _repr_html_(self) -> str:
        from html import escape

        rows = ((name, getattr(self, name)) for name, _ in _plan(type(self)).values())
        cells = (f"<tr><th>{name}</th><td>{escape(str(value))}</td></tr>" for name, value in rows if value is not None)
        return f"<table><caption>{type(self).__name__}</caption>{''.join(cells)}</table>"


def encode(value: Any) -> Any:
    """A request's value as JSON."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if value is EMPTY:
        return None
    if isinstance(value, float):
        if math.isfinite(value):
            return value
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, Record):
        return value.to_dict()
    if isinstance(value, Mapping):
        return {str(key): encode(one) for key, one in value.items()}
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.astimezone()
        return aware.astimezone(timezone.utc).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, PathLike):
        return fspath(value)
    if hasattr(value, "item") and not hasattr(value, "__len__"):
        return encode(value.item())  # a number of numpy's
    if hasattr(value, "__iter__") and not isinstance(value, (bytes, bytearray)):
        return [encode(one) for one in value]
    raise TypeError(f"{type(value).__name__} cannot be sent: {value!r:.80}")


_plans: Dict[str, Plan] = {}


def _plan(cls: Type[Record]) -> Plan:
    """By name in JSON: the attribute, and how it is read."""
    plan = _plans.get(cls.__name__)
    if plan is None:
        named = fields(cls)  # type: ignore[arg-type]
        plan = {camel(f.name): (f.name, _reader(cls._shapes.get(f.name))) for f in named}
        _plans[cls.__name__] = plan
    return plan


def camel(name: str) -> str:
    """``model_id`` as ``modelId``."""
    first, *rest = name.rstrip("_").split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


def _reader(shape: str | None) -> Reader | None:
    if shape is None:
        return None
    if shape == "time":
        return _time
    if shape == "number":
        return float
    if shape[0] in "[{":
        inner = _reader(shape[1:-1])
        assert inner is not None
        one = inner
        # Where there are several shapes, what is none of this one stays as it is.
        if shape[0] == "[":
            return lambda items: [_each(one, item) for item in items] if isinstance(items, list) else items
        return lambda items: {k: _each(one, v) for k, v in items.items()} if isinstance(items, dict) else items
    record = _record(shape)
    return lambda value: record.from_dict(value) if isinstance(value, dict) else value


def _each(reader: Reader, item: Any) -> Any:
    return None if item is None else reader(item)


def _record(name: str) -> Type[Record]:
    from ._generated import types

    found: Type[Record] = getattr(types, name)
    return found


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
