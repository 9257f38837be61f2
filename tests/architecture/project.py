"""What the architecture tests look at: the project's own files."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("workbench", "tests", "notebooks", "params", "benchmarks", "docs", ".ci")
TEXT = {
    ".py",
    ".yaml",
    ".yml",
    ".toml",
    ".md",
    ".ipynb",
    ".txt",
    ".css",
    ".html",
    ".tpl",
    ".j2",
    "",
}


def modules(*folders: str) -> list[Path]:
    """The Python files of folders, in order."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def texts() -> Iterator[Path]:
    """Every text file that the project keeps."""
    beside = [path for path in ROOT.iterdir() if path.is_file()]
    inside = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()]
    for path in sorted([*beside, *inside]):
        folders = path.relative_to(ROOT).parts[1:-1]
        made = any(part.startswith(("_", ".")) or part == "out" for part in folders)
        if path.suffix in TEXT and not made:
            yield path


def named(path: Path) -> str:
    """A path as it is written in the project."""
    return path.relative_to(ROOT).as_posix()
