"""What all parameter sets share: reading values, naming every mistake, and telling what was set."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from workbench.errors import Language, ParameterError, Problem
from workbench.params.kinds import nearest, shown
from workbench.params.places import find_file, is_address, project_root

LANGUAGES: tuple[Language, ...] = ("en", "zh")


class NotebookParams(BaseModel):
    """The parameters of one notebook, checked; subclasses name the fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    NOTEBOOK: ClassVar[str] = ""
    FILES: ClassVar[tuple[str, ...]] = ()
    NEEDED: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> Self:
        """Coerce and check ``values``; empty (None) entries keep their defaults.

        Raises ParameterError naming every mistake at once: an unknown name (with the nearest known
        one), a value YAML has changed, a number out of range, a date that is none.
        """
        given = {name: value for name, value in values.items() if value is not None}
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            raise ParameterError(*_problems(error, tuple(cls.model_fields))) from None

    @classmethod
    def from_notebook(cls) -> Self:
        """Read, check and show the parameters of the notebook that is running.

        Works under papermill, ``jupyter execute`` and re-runs in JupyterLab. Names that are not
        declared are rejected, which papermill alone does not do. From here on a workbench error in
        this notebook is shown as its three-part message, without a traceback.
        """
        from workbench.params.notebook import read_cells, show, show_problems

        show_problems(language=read_cells(cls).get("language"))
        params = cls.read(read_cells(cls))
        params.check_files()
        show(params)
        return params

    def given(self) -> dict[str, Any]:
        """The fields that differ from their defaults, as plain values that YAML can hold."""
        untouched = type(self).defaults()
        return {name: value for name, value in self.plain().items() if value != untouched[name]}

    @classmethod
    def defaults(cls) -> dict[str, Any]:
        """The default of every field, in the same form as :meth:`plain`."""
        fields = cls.model_fields.items()
        return {n: _plain(field.get_default(call_default_factory=True)) for n, field in fields}

    def plain(self) -> dict[str, Any]:
        """All fields as text, numbers, lists and mappings; "" where unset."""
        return {name: _plain(getattr(self, name)) for name in type(self).model_fields}

    def file(self, name: str) -> str:
        """The full path of the file a field names, or "" when unset (see ``find_file``)."""
        text = str(getattr(self, name))
        return str(find_file(text) or text) if text and not is_address(text) else text

    def folder(self, name: str = "out") -> Path:
        """The folder a field names; a relative one lies in the project root."""
        return project_root() / str(getattr(self, name))

    def check_files(self) -> None:
        """Raise ParameterError for every needed file that is unset and every one not found."""
        problems = self.file_problems()
        if problems:
            raise ParameterError(*problems)

    def file_problems(self) -> list[Problem]:
        """Every needed file that is unset and every one not found."""
        problems = [Problem(f"params.{name}_unset") for name in self.NEEDED if not self.file(name)]
        return problems + [
            Problem("params.file_missing", _places(name, getattr(self, name)))
            for name in self.FILES
            if _is_missing(getattr(self, name))
        ]


def language_of(values: Mapping[str, Any], fallback: Language = "en") -> Language:
    """The language a set of values asks for, even when other values in it are wrong.

    >>> language_of({"language": "zh", "period": 3}), language_of({"language": "fr"})
    ('zh', 'en')
    """
    return next((known for known in LANGUAGES if known == values.get("language")), fallback)


def _plain(value: Any) -> Any:
    if value is None:
        return ""
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _is_missing(text: str) -> bool:
    return bool(text) and not is_address(text) and find_file(text) is None


def _places(name: str, text: str) -> dict[str, object]:
    looked = dict.fromkeys([str(project_root() / text), str(Path.cwd() / text)])
    return {"name": name, "path": text, "looked": " ; ".join(looked)}


def _problems(error: ValidationError, known: tuple[str, ...]) -> list[Problem]:
    found = []
    for item in error.errors(include_url=False):
        name = str(item["loc"][0])
        if item["type"] == "extra_forbidden":
            found.append(unknown_name(name, item["input"], known))
        else:
            found.append(Problem(f"params.{item['type']}", {"name": name, **item.get("ctx", {})}))
    return found


def unknown_name(name: str, value: object, known: tuple[str, ...]) -> Problem:
    """The problem of a parameter that no field has, with the nearest name where one is near."""
    facts: dict[str, object] = {"name": name, "value": shown(value)}
    near = nearest(name, known)
    if near:
        return Problem("params.unknown_near", {**facts, "nearest": near})
    return Problem("params.unknown", {**facts, "known": ", ".join(n for n in known if n.islower())})
