"""Take out of decoded JSON the fields that a schema of Structs doesn't know, and count them."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, cast

import msgspec
from msgspec import inspect

# Prunes a value in place.
Prune = Callable[[Any, Counter[str]], None]


def pruner(schema: type[msgspec.Struct], path: str = "") -> Prune:
    """How to prune decoded JSON so that no field is left that the schema doesn't know.

    Args:
        schema: of the value.
        path: of the value, as a prefix of the paths of its fields, such as ``"users.visit."``.

    Returns:
        A function of a value, which it changes, and of a counter, to which it adds one for every
        field that it takes out, under the field's path: names joined by dots, such as
        ``"users.visit.colour"``. Lists and mappings with free keys add nothing to a path.
    """
    return cast(Prune, _pruner(inspect.type_info(schema), path))


def _pruner(kind: inspect.Type, path: str) -> Prune | None:
    """How to prune a value of this type; None where there is nothing to prune.

    What doesn't have the type is left as it is: decoding says what is wrong with it.
    """
    match kind:
        case inspect.StructType():
            return _object_pruner(kind, path)
        case inspect.ListType(item_type=inside) | inspect.DictType(value_type=inside):
            prune_each = _pruner(inside, path)
            return prune_each and _items_pruner(prune_each)
        case inspect.UnionType(types=types):
            structs = [each for each in types if isinstance(each, inspect.StructType)]
            if len(structs) > 1:
                return _tagged_pruner(structs, path)
            return next((prune for each in types if (prune := _pruner(each, path))), None)
    return None


def _object_pruner(kind: inspect.StructType, path: str) -> Prune:
    fields = {
        each.encode_name: _pruner(each.type, f"{path}{each.encode_name}.") for each in kind.fields
    }
    known = fields.keys() | {kind.tag_field}
    nested = [(name, prune) for name, prune in fields.items() if prune]

    def prune_object(value: Any, unknown: Counter[str]) -> None:
        if not isinstance(value, dict):
            return
        if not value.keys() <= known:
            for name in value.keys() - known:
                unknown[path + name] += 1
                del value[name]
        for name, prune in nested:
            if name in value:
                prune(value[name], unknown)

    return prune_object


def _tagged_pruner(kinds: list[inspect.StructType], path: str) -> Prune:
    """How to prune an object that says itself which of some Structs it is."""
    tag_field = str(kinds[0].tag_field)
    prune_by_tag = {kind.tag: _object_pruner(kind, path) for kind in kinds}

    def prune_tagged(value: Any, unknown: Counter[str]) -> None:
        tag = value.get(tag_field) if isinstance(value, dict) else None
        if isinstance(tag, str) and tag in prune_by_tag:
            prune_by_tag[tag](value, unknown)

    return prune_tagged


def _items_pruner(prune: Prune) -> Prune:
    def prune_items(value: Any, unknown: Counter[str]) -> None:
        if isinstance(value, list):
            items: Iterable[Any] = value
        elif isinstance(value, dict):
            items = value.values()
        else:
            return
        for item in items:
            prune(item, unknown)

    return prune_items
