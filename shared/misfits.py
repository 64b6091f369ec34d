"""Where a document does not fit its JSON Schema: which part, and what was expected, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from shared.spelling import did_you_mean, listed, nearest, quoted

Path = tuple[str | int, ...]
Misfit = tuple[Path, str]
Schema = Mapping[str, Any]
_KINDS = {
    "object": "keys and values",
    "array": "a list",
    "string": "words",
    "integer": "a whole number",
    "boolean": "true or false",
}
_MOST = 40


def misfits(doc: Any, schema: Schema) -> list[Misfit]:
    """Each part of a document that does not fit, by its path, with what was expected there.

    Where the schema gives a choice of forms, only the form that was meant is spoken of. Each form
    has a word of its own: the first that it requires.
    """
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend

    kinds = Draft202012Validator.TYPE_CHECKER.redefine("integer", lambda _, n: type(n) is int)
    make: Any = extend  # it has no types
    validator = make(Draft202012Validator, type_checker=kinds)(schema)
    return list(dict.fromkeys(_misfits(validator, schema, doc, ())))


def _misfits(validator: Any, root: Schema, value: Any, path: Path) -> Iterator[Misfit]:
    for error in validator.iter_errors(value):
        here = (*path, *error.path)
        if error.validator in ("oneOf", "anyOf"):
            for form, misfit in _choice(error.instance, error.schema, root, here):
                if form is None:
                    yield misfit
                else:
                    yield from _misfits(validator.evolve(schema=form), root, error.instance, here)
        else:
            yield from _single(error, here)


def _single(error: Any, here: Path) -> Iterator[Misfit]:
    """What is wrong with a value that has one form only."""
    value, schema = error.instance, error.schema
    if error.validator == "additionalProperties":
        known = sorted(schema.get("properties", {}))
        for word in value:
            if word not in known:
                yield (*here, word), _odd(word, known)
    elif error.validator == "uniqueItems":
        twice = next(n for n, each in enumerate(value) if each in value[:n])
        yield (*here, twice), f"{shown(value[twice])} is in this list twice"
    elif error.validator == "required":
        known = schema.get("properties", {})
        meant = {nearest(word, known) for word in value if word not in known}
        missing = [w for w in schema["required"] if w not in value and w not in meant]
        if missing:
            yield here, f"{_titled(schema)} needs {listed(map(quoted, missing))}"
    elif "propertyNames" in error.schema_path:
        words = "a name has small letters, digits and _, such as failed_access"
        yield (*here, value), f"{quoted(value)} does not fit: {words}"
    else:
        yield here, _words(error)


def _odd(word: str, known: Sequence[str]) -> str:
    near = did_you_mean(word, known)
    return (
        f"{quoted(word)} is not a word of the rule language here."
        f"{near or f' It can be {listed(known, _MOST)}.'}"
    )


def shown(value: Any) -> str:
    """A value as its author knows it."""
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "keys and values"
    if value is None:
        return "nothing"
    return quoted(str(value).lower() if isinstance(value, bool) else str(value))


def _words(error: Any) -> str:
    value, schema = error.instance, error.schema
    match error.validator:
        case "enum":
            return _not_among(value, [str(word) for word in schema["enum"]])
        case "const":
            return f"this should be {shown(schema['const'])}, not {shown(value)}"
        case "type":
            return _of_another_kind(value, schema["type"])
        case "minimum" | "maximum":
            least, most = schema["minimum"], schema["maximum"]
            return f"{value} is out of range: this is a whole number from {least} to {most:,}"
        case "minItems" | "minLength" | "minProperties":
            return "this is empty"
        case "maxLength":
            return f"these are {len(value):,} characters, of at most {schema['maxLength']:,}"
        case "pattern":
            return f"{quoted(value)} does not fit. {schema.get('description', '')}".rstrip()
    return str(error.message)[:300]


def _not_among(value: Any, words: Sequence[str]) -> str:
    return f"{shown(value)} is not one of {listed(words, _MOST)}.{did_you_mean(value, words)}"


def _of_another_kind(value: Any, kind: str) -> str:
    if value is None:
        return f"this is empty: it should be {_KINDS[kind]}"
    if kind == "array" and isinstance(value, str | int):
        return f"{shown(value)} should be in a list: [{quoted(value)[1:-1]}]"
    if kind == "string" and isinstance(value, int | float):
        return f'{shown(value)} should be words: put it in quotes, "{shown(value)[1:-1]}"'
    return f"this should be {_KINDS[kind]}, not {shown(value)}"


def _titled(schema: Schema) -> str:
    title = str(schema.get("title", ""))
    return f"{'an' if title[:1] in 'aeiou' else 'a'} {title}" if title else "this"


# A form to look at the value with, or what is wrong when none was meant.
_Choice = Iterator[tuple[Schema | None, Misfit]]


def _choice(value: Any, schema: Schema, root: Schema, here: Path) -> _Choice:
    """Which of several forms a value was meant to have, or why none."""
    forms = list(_forms(schema, root))
    keyed = [form for form in forms if "required" in form]
    if isinstance(value, dict) and keyed:
        yield from _meant(value, schema, keyed, here)
        return
    if isinstance(value, list):
        fitting = [form for form in forms if form.get("type") == "array"]
        if fitting:
            yield fitting[0], (here, "")
            return
    words = [str(word) for form in forms for word in _constants(form)]
    if words and all(_constants(form) for form in forms):
        yield None, (here, _not_among(value, words))
        return
    hint = did_you_mean(value, words) if isinstance(value, str) else ""
    fits = f"is not {_titled(schema)}" if "title" in schema else "does not fit here"
    wrong = "this is empty" if value is None else f"{shown(value)} {fits}"
    yield None, (here, f"{wrong}.{hint} {schema.get('description', '')}".rstrip())


def _forms(schema: Schema, root: Schema) -> Iterator[Schema]:
    """The forms of a choice, those of choices within it among them."""
    for each in schema.get("oneOf", schema.get("anyOf", ())):
        form = each
        while "$ref" in form:
            form = root["$defs"][form["$ref"].rpartition("/")[2]]
        if "type" not in form and ("oneOf" in form or "anyOf" in form):
            yield from _forms(form, root)
        else:
            yield form


def _constants(form: Schema) -> list[Any]:
    return list(form.get("enum", [form["const"]] if "const" in form else []))


def _meant(
    value: Mapping[str, Any], schema: Schema, forms: Sequence[Schema], here: Path
) -> _Choice:
    """The form whose own word the value has."""
    own = list(dict.fromkeys(form["required"][0] for form in forms))
    said = [word for word in value if word in own]
    if len(said) == 1:
        yield from _by_constant(value[said[0]], said[0], forms, here)
    elif said:
        both = listed(quoted(word) for word in said).replace(", ", " and ")
        place = " Put them under all: or any:." if len(own) > 10 else ""
        words = f"{both} cannot stand together: {_titled(schema)} has one of them.{place}"
        yield None, ((*here, said[1]), words)
    else:
        yield None, _without_own(value, schema, forms, own, here)


def _by_constant(value: Any, word: str, forms: Sequence[Schema], here: Path) -> _Choice:
    """Of the forms with one word, the one that goes with what it says; else the general one."""
    found = [form for form in forms if form["required"][0] == word]
    said = [form.get("properties", {}).get(word, {}) for form in found]
    known = [str(each) for one in said for each in _constants(one)]
    if len(found) > 1 and all(map(_constants, said)) and value not in known:
        yield None, ((*here, word), _not_among(value, known))
        return
    general = next((f for f, one in zip(found, said, strict=True) if "const" not in one), found[0])
    fixed = (f for f, one in zip(found, said, strict=True) if one.get("const") == value)
    yield next(fixed, general), (here, "")


def _without_own(
    value: Mapping[str, Any],
    schema: Schema,
    forms: Sequence[Schema],
    own: Sequence[str],
    here: Path,
) -> Misfit:
    known = {word for form in (schema, *forms) for word in form.get("properties", ())}
    odd = [word for word in value if word not in known]
    if odd:
        return (*here, odd[0]), _odd(odd[0], own)
    fitting = [f["required"][0] for f in forms if value.keys() <= f.get("properties", {}).keys()]
    if value and fitting and len(fitting) < len(own):
        partners = listed(map(quoted, dict.fromkeys(fitting)))
        return here, f"{listed(map(quoted, value))} goes with {partners}, which is missing here"
    return here, f"{_titled(schema)} needs one of {listed(own, _MOST)}"
