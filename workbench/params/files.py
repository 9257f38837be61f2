"""Parameter files: YAML read strictly, later sources overriding earlier ones."""

import base64
import binascii
from collections.abc import Hashable, Iterable, Mapping
from pathlib import Path
from typing import Any, NoReturn

import yaml

from workbench.errors import ParameterError, Problem
from workbench.params.kinds import shown
from workbench.params.places import find_file, project_root


class StrictLoader(yaml.SafeLoader):
    """Safe YAML that leaves dates as text, as papermill does, and refuses a name given twice."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - the attribute PyYAML defines
        first: [rule for rule in rules if rule[0] != "tag:yaml.org,2002:timestamp"]
        for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """A mapping whose names all differ."""
        seen: set[str] = set()
        for key, _ in node.value:
            if str(key.value) in seen:
                raise yaml.constructor.ConstructorError("twice", None, key.value, key.start_mark)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep=deep)


def read_yaml(text: str, *, path: str = "-y") -> dict[str, Any]:
    """The parameters in a YAML text; ``path`` is what messages call it.

    Raises ParameterError for text that is no YAML, no mapping, or names a parameter twice.

    >>> read_yaml("as_of: 2026-09-30")
    {'as_of': '2026-09-30'}
    """
    try:
        found = yaml.load(text, Loader=StrictLoader)  # noqa: S506 - a subclass of SafeLoader
    except yaml.YAMLError as error:
        _unreadable(path, error)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise ParameterError(
            Problem("params.yaml_not_mapping", {"path": path, "value": shown(found)})
        )
    return {str(name): value for name, value in found.items()}


def read_file(name: str) -> dict[str, Any]:
    """The parameters in the YAML file ``name``: in the working folder, else in the root."""
    path = Path(name) if Path(name).is_file() else find_file(name)
    if path is None or not path.is_file():
        folder = project_root() / "params"
        raise ParameterError(Problem("params.yaml_missing", {"path": name, "folder": str(folder)}))
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise ParameterError(Problem("params.yaml_encoding", {"path": name})) from None
    return read_yaml(text, path=name)


def collect(
    *,
    encoded: Iterable[str] = (),
    files: Iterable[str] = (),
    texts: Iterable[str] = (),
    pairs: Iterable[tuple[str, str]] = (),
    raw: Iterable[tuple[str, str]] = (),
) -> Mapping[str, Any]:
    """All values in papermill's order of precedence: base64 < files < YAML texts < pairs < raw.

    Unlike in papermill, ``pairs`` stay the text that was typed, so that codes keep their leading
    zeros; the parameter's own kind makes a number of it where one is wanted.
    """
    values: dict[str, Any] = {}
    for text in encoded:
        values |= read_yaml(_decoded(text), path="-b")
    for name in files:
        values |= read_file(name)
    for text in texts:
        values |= read_yaml(text)
    return values | dict(pairs) | dict(raw)


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError) as error:
        facts = {"path": "-b", "line": 1, "problem": str(error)}
        raise ParameterError(Problem("params.yaml_unreadable", facts)) from None


def _unreadable(path: str, error: yaml.YAMLError) -> NoReturn:
    mark = getattr(error, "problem_mark", None)
    facts: dict[str, object] = {"path": path, "line": mark.line + 1 if mark else 1}
    problem = str(getattr(error, "problem", None) or error)
    if getattr(error, "context", None) == "twice":
        raise ParameterError(Problem("params.yaml_twice", {**facts, "name": problem})) from None
    raise ParameterError(Problem("params.yaml_unreadable", {**facts, "problem": problem})) from None
