"""Convert the contract's JSON Schema fragments to pydantic-core schemas, so that errors have the service's wording.

A form that no revision has had so far raises UnsupportedSchema.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic_core import core_schema as core
from pydantic_core.core_schema import CoreSchema

from mock_server.contract import rules
from mock_server.contract.errors import UnsupportedSchema
from polar_contract.behaviour import WebhookRules

Fragment = dict[str, Any]
_NULL = {"type": "null"}
# The name that pydantic gives to the list branch of "one or several" in an error's location. Source: observed.
_SEQUENCE_LABEL = (
    "json-or-python[json=list[{0}],python=chain[is-instance[Sequence],function-wrap[sequence_validator()]]]"
)


def body_schema(fragment: Fragment, webhook: WebhookRules) -> CoreSchema:
    """A whole body: an object, or a union of objects whose titles appear in the locations of errors."""
    if "anyOf" in fragment:
        choices: list[CoreSchema | tuple[CoreSchema, str]] = [
            (body_schema(one, webhook), _part(one, "title")) for one in fragment["anyOf"]
        ]
        return core.union_schema(choices, mode="smart")
    return _object(fragment, rules.hidden_fields(_part(fragment, "title"), webhook))


def parameter_schema(fragment: Fragment) -> CoreSchema:
    """A path or query parameter; "one or several" takes a list of texts and gives a list."""
    if is_one_or_several(fragment):
        return _one_or_several(fragment["anyOf"][0])
    return value_schema(fragment)


def _part(fragment: Fragment, name: str) -> Any:
    """A part that a check needs. Errors: UnsupportedSchema."""
    if name not in fragment:
        raise UnsupportedSchema(fragment)
    return fragment[name]


def is_one_or_several(fragment: Fragment) -> bool:
    choices = [choice for choice in fragment.get("anyOf", []) if choice != _NULL]
    return len(choices) == 2 and choices[1].get("type") == "array"


def is_list(fragment: Fragment) -> bool:
    choices = [choice for choice in fragment.get("anyOf", [fragment]) if choice != _NULL]
    return is_one_or_several(fragment) or (bool(choices) and choices[0].get("type") == "array")


def value_schema(fragment: Fragment) -> CoreSchema:
    if "anyOf" in fragment:
        choices = [choice for choice in fragment["anyOf"] if choice != _NULL]
        if len(choices) != 1:
            raise UnsupportedSchema(fragment)
        return core.nullable_schema(value_schema(choices[0]))
    if "enum" in fragment:
        return _enum(fragment)
    name = fragment.get("type")
    if not isinstance(name, str) or name not in _BY_TYPE:
        raise UnsupportedSchema(fragment)
    return _BY_TYPE[name](fragment)


def _one_or_several(item: Fragment) -> CoreSchema:
    label = _label(item)
    return core.union_schema([(value_schema(item), label), (_list_of(item), _SEQUENCE_LABEL.format(label))])


def _label(item: Fragment) -> str:
    if "enum" in item:
        return f"str-enum[{_part(item, 'title')}]"
    return "uuid" if item.get("format") == "uuid4" else "str"


def _enum(fragment: Fragment) -> CoreSchema:
    """A titled enum is a class on the service, an untitled one a literal; their errors differ.

    Here both are literals, because making the classes took a start 25 ms.
    """
    literal = core.literal_schema(fragment["enum"])
    if "title" not in fragment:
        return literal
    *others, last = (repr(value) for value in fragment["enum"])
    expected = f"{', '.join(others)} or {last}" if others else last
    return core.custom_error_schema(literal, custom_error_type="enum", custom_error_context={"expected": expected})


def _string(fragment: Fragment) -> CoreSchema:
    match fragment.get("format"):
        case "uuid4":
            return core.uuid_schema(version=4)
        case "date-time":
            return core.datetime_schema(tz_constraint="aware")
        case "uri":
            return _url(fragment, ["http", "https"])
        case _:
            return _text(fragment)


def _url(fragment: Fragment, schemes: list[str]) -> CoreSchema:
    url = core.url_schema(max_length=fragment.get("maxLength", rules.LONGEST_URL), allowed_schemes=schemes)
    return core.no_info_after_validator_function(rules.refuse_long_when_written, url)


def _text(fragment: Fragment, *, strip: bool = False) -> CoreSchema:
    text = core.str_schema(
        min_length=fragment.get("minLength"), max_length=fragment.get("maxLength"), strip_whitespace=strip
    )
    return core.no_info_after_validator_function(rules.refuse_unstorable, text)


def _integer(fragment: Fragment) -> CoreSchema:
    most = rules.MOST_PAGE if fragment.get("title") == "Page" else fragment.get("maximum")
    if most is None and "minimum" in fragment:
        most = rules.MOST_AMOUNT
    return core.int_schema(gt=fragment.get("exclusiveMinimum"), ge=fragment.get("minimum"), le=most)


def _array(fragment: Fragment) -> CoreSchema:
    return _list_of(_part(fragment, "items"))


def _list_of(item: Fragment) -> CoreSchema:
    return core.no_info_before_validator_function(rules.refuse_long_list, core.list_schema(value_schema(item)))


def _object(fragment: Fragment, hidden_fields: Fragment) -> CoreSchema:
    title = _part(fragment, "title")
    properties = {**_part(fragment, "properties"), **hidden_fields}
    required = fragment.get("required", ())
    fields = {
        name: core.model_field(
            _field_schema(title, name, property_, required=name in required),
            validation_alias=_aliases(title, name),
        )
        for name, property_ in properties.items()
    }
    model = core.model_fields_schema(fields, model_name=title, from_attributes=True)
    whole = title in rules.WHOLE_OBJECTS
    plain = core.no_info_after_validator_function(_all_fields if whole else _sent_fields, model)
    if whole:
        return core.no_info_after_validator_function(rules.prefix_state, plain)
    rule = rules.OBJECT_RULES.get(title)
    return plain if rule is None else core.no_info_after_validator_function(rule, plain)


def _field_schema(title: str, name: str, fragment: Fragment, *, required: bool) -> CoreSchema:
    schema = _special_field(title, name, fragment) or value_schema(fragment)
    return schema if required else core.with_default_schema(schema, default=None)


def _special_field(title: str, name: str, fragment: Fragment) -> CoreSchema | None:
    if title == "AddressInput":
        if name == "country":
            return core.no_info_before_validator_function(rules.upper_case_country, value_schema(fragment))
        return core.nullable_schema(core.no_info_after_validator_function(rules.blank_to_null, _text({}, strip=True)))
    if title in rules.WEBHOOK_OBJECTS and name == "url":
        public = core.no_info_after_validator_function(rules.refuse_private_host, _url({}, ["https"]))
        trimmed = core.no_info_before_validator_function(rules.strip_blanks, public)
        return core.nullable_schema(trimmed) if _NULL in fragment.get("anyOf", ()) else trimmed
    if title in rules.WEBHOOK_OBJECTS and name == "api_version":
        version = core.no_info_after_validator_function(rules.refuse_malformed_version, core.str_schema())
        return core.nullable_schema(version) if _NULL in fragment.get("anyOf", ()) else version
    return None


def _aliases(title: str, name: str) -> list[list[str | int]] | None:
    others = rules.ALIASES.get((title, name), ())
    paths: list[list[str | int]] = [[accepted] for accepted in (name, *others)]
    return paths if others else None


def _all_fields(model: tuple[dict[str, Any], Any, set[str]]) -> dict[str, Any]:
    return model[0]


def _sent_fields(model: tuple[dict[str, Any], Any, set[str]]) -> dict[str, Any]:
    fields, _, sent = model
    return {name: value for name, value in fields.items() if name in sent}


def _nested(fragment: Fragment) -> CoreSchema:
    return _object(fragment, {}) if "properties" in fragment else _map(fragment)


def _map(fragment: Fragment) -> CoreSchema:
    """Any keys, and values of one of several types."""
    choices = _part(_part(fragment, "additionalProperties"), "anyOf")
    values = core.union_schema([(_choice(choice), _label_of_choice(choice)) for choice in choices if choice != _NULL])
    map_ = core.dict_schema(
        _text(fragment.get("propertyNames", {})),
        core.nullable_schema(values) if _NULL in choices else values,
        max_length=fragment.get("maxProperties"),
    )
    return core.no_info_before_validator_function(rules.refuse_large_map, map_)


def _choice(fragment: Fragment) -> CoreSchema:
    # Infinity and NaN, which Python's JSON has, are no numbers to store.
    return core.float_schema(allow_inf_nan=False) if fragment == {"type": "number"} else value_schema(fragment)


def _label_of_choice(choice: Fragment) -> str:
    """The name that pydantic gives to a choice in an error's location."""
    if choice.get("format") == "date-time":
        return "datetime"
    name = _NAMES_OF_TYPES.get(_part(choice, "type"))
    if name is None:
        raise UnsupportedSchema(choice)
    return f"constrained-{name}" if {"minLength", "maxLength"} & choice.keys() else name


_NAMES_OF_TYPES = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
_BY_TYPE: dict[str, Callable[[Fragment], CoreSchema]] = {
    "string": _string,
    "integer": _integer,
    "boolean": lambda _: core.bool_schema(),
    "array": _array,
    "object": _nested,
}
