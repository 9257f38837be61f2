"""The libraries that we compare with are pinned in a file of their own, within their bounds."""

import re

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from project import ROOT
from test_environment import EXTRAS, PROJECT

PINS = [
    line
    for line in (ROOT / "benchmarks" / "constraints.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


def test_pins_are_exact_versions_without_addresses():
    odd = [line for line in PINS if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.!+]+", line)]
    assert not odd


@pytest.mark.parametrize("line", [*PROJECT["dependencies"], *EXTRAS["fonts"], *EXTRAS["bench"]])
def test_every_dependency_is_pinned_within_its_bounds(line):
    wanted = Requirement(line)
    pinned = {canonicalize_name(name): v for name, _, v in (p.partition("==") for p in PINS)}
    name = canonicalize_name(wanted.name)
    assert name in pinned, f"{wanted.name} is not pinned: run 'make bench-lock'"
    assert pinned[name] in wanted.specifier, "out of step: run 'make bench-lock'"
