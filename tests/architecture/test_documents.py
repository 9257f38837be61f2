"""What the documents say exists: rooms, names, targets of make, commands, files."""

import ast
import re

import pytest
from project import ROOT, modules

NAME = re.compile(r"`([A-Za-z_]+)`")
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def rows() -> dict[str, str]:
    """Room → the rest of its row in the table of ARCHITECTURE.md."""
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    return dict(re.findall(r"^\| `([a-z]+)(?:/|\.py)` \|(.*)\|$", text, flags=re.MULTILINE))


def rooms() -> set[str]:
    inside = (ROOT / "workbench").iterdir()
    return {p.stem for p in inside if p.suffix == ".py" or (p / "__init__.py").is_file()} - {
        "__init__"
    }


def defined_in(room: str) -> set[str]:
    """Classes, functions and methods of a room."""
    folder = ROOT / "workbench" / room
    files = modules(f"workbench/{room}") if folder.is_dir() else [folder.with_suffix(".py")]
    trees = (ast.parse(path.read_text("utf-8")) for path in files)
    kinds = (ast.ClassDef, ast.FunctionDef)
    return {node.name for tree in trees for node in ast.walk(tree) if isinstance(node, kinds)}


def test_the_table_has_every_room():
    assert set(rows()) == rooms()


@pytest.mark.parametrize("room", sorted(rooms()))
def test_the_names_in_the_table_exist(room):
    named = set(NAME.findall(rows()[room]))
    assert named
    assert not named - defined_in(room)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path):
    targets = LINK.findall(path.read_text("utf-8"))
    assert not [target for target in targets if not (path.parent / target).exists()]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_make_target_named_is_there(path):
    made = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = re.findall(r"^ *make ((?:[a-z]+ ?)+)|`make ([a-z ]+)`", path.read_text("utf-8"), re.M)
    assert {word for found in named for text in found for word in text.split()} <= made


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_named_is_there(path):
    from workbench.cli.commands import app

    commands = {c.name or c.callback.__name__ for c in app.registered_commands}
    commands |= {group.name for group in app.registered_groups}
    text = path.read_text("utf-8")
    named = set(re.findall(r"(?:^|bin/|`)workbench +([a-z][a-z-]+)", text, flags=re.MULTILINE))
    assert named <= commands


def test_help_of_make_lists_every_target():
    text = (ROOT / "Makefile").read_text("utf-8")
    phony = set(re.search(r"^\.PHONY: (.+)$", text, re.MULTILINE)[1].split())
    assert set(re.findall(r"^([a-z-]+):.*## ", text, re.MULTILINE)) == phony
