"""One truth for dependencies: pyproject; the conda file and the pinned versions agree with it."""

import re
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from project import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
PINS = [
    line
    for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


def bounds(lines: list[str]) -> dict[str, tuple[frozenset[str], str]]:
    """Name → its extras and bounds."""
    wanted = [Requirement(line) for line in lines]
    return {canonicalize_name(r.name): (frozenset(r.extras), str(r.specifier)) for r in wanted}


def declared() -> dict[str, tuple[frozenset[str], str]]:
    return bounds([*PROJECT["dependencies"], *EXTRAS["fonts"], *EXTRAS["dev"]])


def pip_part() -> list[str]:
    return next(part["pip"] for part in CONDA["dependencies"] if isinstance(part, dict))


def test_the_conda_file_has_the_same_names_and_bounds():
    assert bounds([line for line in pip_part() if line != "-e ."]) == declared()


def test_the_conda_file_installs_the_project_itself_and_the_same_python():
    assert "-e ." in pip_part()
    assert f"python{PROJECT['requires-python']}" in CONDA["dependencies"]
    assert {"pip", "make"} <= {part for part in CONDA["dependencies"] if isinstance(part, str)}
    assert CONDA["channels"] == ["conda-forge"]
    assert CONDA["name"] == PROJECT["name"]


def test_every_dependency_has_a_lower_bound():
    loose = [name for name, (_, bound) in declared().items() if ">=" not in bound]
    assert not loose


def test_pins_are_exact_versions_without_addresses():
    odd = [line for line in PINS if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.!+]+", line)]
    assert not odd


@pytest.mark.parametrize("line", [*PROJECT["dependencies"], *EXTRAS["fonts"], *EXTRAS["dev"]])
def test_every_dependency_is_pinned_within_its_bounds(line):
    wanted = Requirement(line)
    pinned = {canonicalize_name(name): v for name, _, v in (p.partition("==") for p in PINS)}
    name = canonicalize_name(wanted.name)
    assert name in pinned, f"{wanted.name} is not in constraints.txt: run 'make lock'"
    assert pinned[name] in wanted.specifier, "constraints.txt is out of step: run 'make lock'"
