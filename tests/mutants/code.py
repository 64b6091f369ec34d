"""Change the judge's own code in every small way and see that its tests notice.

    python -m tests.mutants.code [--jobs 2] [FILE ...]

The changes are mutmut's, to the files that pyproject.toml names. mutmut's own runner starts pytest
anew for each; here a function's code is exchanged in a process that has the tests ready.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from types import CodeType, FunctionType
from typing import Any

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.configuration import config
from mutmut.mutation.file_mutation import Mutation, create_mutations, deep_replace

from shared import packs
from tests.mutants.trial import ROOT, Mutant, Refused, run


def mutants(files: Sequence[str]) -> Iterator[Mutant]:
    """A mutant for each change that mutmut makes to some files."""
    for file in files:
        tree, found, *_ = create_mutations(file, (ROOT / file).read_text("utf-8"))
        places = MetadataWrapper(tree, unsafe_skip_copy=True).resolve(PositionProvider)
        for each in found:
            if each.contained_by_top_level_function is not None:
                line = places[each.original_node].start.line
                yield Mutant(
                    file,
                    f"{file}:{line}",
                    _said(each),
                    lambda file=file, tree=tree, each=each: _exchange(file, tree, each),
                    (f"test_{file.removeprefix('shared/').removesuffix('.py')}.py",),
                )


def _said(mutation: Mutation) -> str:
    """What is changed to what; of a long piece of code only where it differs."""
    old, new = (
        " ".join(cst.Module([]).code_for_node(node).split())
        for node in (mutation.original_node, mutation.mutated_node)
    )
    if len(old) < 80:
        return f"{old} -> {new}"
    begin = max(len(os.path.commonprefix([old, new])) - 25, 0)
    end = max(len(os.path.commonprefix([old[::-1], new[::-1]])) - 15, 0)
    return f"...{old[begin : len(old) - end]}... -> ...{new[begin : len(new) - end]}..."


def _exchange(file: str, tree: cst.Module, mutation: Mutation) -> None:
    """Put the changed function's code into the module that is loaded."""
    changed = deep_replace(tree, mutation.original_node, mutation.mutated_node)
    new = compile(changed.code, str(ROOT / file), "exec")
    functions = _functions(import_module(file.removesuffix(".py").replace("/", ".")))
    codes = {code.co_qualname: code for code in _codes(new)}
    old = [(f, codes[f.__qualname__]) for f in functions if f.__qualname__ in codes]
    differing = [(f, code) for f, code in old if not _same(f.__code__, code)]
    if not differing:
        raise Refused("compiled, it is the same")
    for function, code in differing:
        function.__code__ = code
    # What was compiled with the code as it was.
    packs.england.cache_clear()
    packs.book.cache_clear()


def _codes(code: CodeType) -> Iterator[CodeType]:
    """The code of each function and method, none of a function within one."""
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield inner
            if not inner.co_flags & 0x2:  # a class body; 2: a function
                yield from _codes(inner)


def _functions(module: Any) -> Iterator[FunctionType]:
    for value in vars(module).values():
        if getattr(value, "__module__", None) != module.__name__:
            continue
        for each in [value, *(vars(value).values() if isinstance(value, type) else ())]:
            inner = getattr(each, "__wrapped__", getattr(each, "__func__", each))
            if isinstance(inner, FunctionType):
                yield inner


def _same(one: CodeType, other: CodeType) -> bool:
    """Whether two functions do the same, wherever their lines are."""
    if one.co_code != other.co_code or one.co_names != other.co_names:
        return False
    if one.co_varnames != other.co_varnames or len(one.co_consts) != len(other.co_consts):
        return False
    return all(
        _same(a, b)
        if isinstance(a, CodeType) and isinstance(b, CodeType)
        else (type(a), a) == (type(b), b)
        for a, b in zip(one.co_consts, other.co_consts, strict=True)
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("files", nargs="*")
    told = parser.parse_args()
    tests = config().pytest_add_cli_args_test_selection
    sys.exit(run(mutants(told.files or config().only_mutate), tests, told.jobs))
