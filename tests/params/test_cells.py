"""Names assigned by the parameter cells of a running notebook."""

import pytest

from workbench.params.cells import assigned, undeclared

DECLARED = ("source", "period", "seed", "by")
CELL = 'source: str = ""  # a\nperiod: str = ""  # b\nseed: int = 0\nby: list[str] = ["x"]'
CHECK = "params = Params.from_notebook()"


def test_nothing_undeclared_in_a_plain_run():
    assert undeclared(["", CELL, CHECK], DECLARED) == ()


def test_papermill_injection_is_seen():
    injected = '# Parameters\nsource = "a.csv"\nperod = "2026Q4"\n'
    assert undeclared(["", CELL, injected, CHECK], DECLARED) == ("perod",)


def test_injection_without_its_comment_is_seen_when_it_follows_directly():
    assert undeclared(["", CELL, "perod = '2026Q4'", CHECK], DECLARED) == ("perod",)


def test_a_name_added_to_the_parameters_cell_is_seen():
    assert undeclared(["", CELL + "\nsead = 3", CHECK], DECLARED) == ("sead",)


def test_papermills_own_names_are_allowed():
    injected = '# Parameters\nPAPERMILL_INPUT_PATH = "a"\nPAPERMILL_OUTPUT_PATH = "b"'
    assert undeclared(["", CELL, injected, CHECK], DECLARED) == ()


def test_reruns_in_the_lab_forget_earlier_mistakes_and_ignore_scratch_cells():
    wrong = "# Parameters\nperod = 1"
    cells = ["", CELL, wrong, CHECK, "x = 5", CELL, CHECK, "y = 6", "import math", CHECK]
    assert undeclared(cells, DECLARED) == ()


def test_no_parameters_cell_yet():
    assert undeclared(["", "x = 1", CHECK], DECLARED) == ()


@pytest.mark.parametrize(
    "cell", ["%matplotlib inline", "a, b = 1, 2", "a.b = 1", "print(1)", "a = f()", "a = b = 1"]
)
def test_cells_that_do_more_than_assign_are_no_parameter_cells(cell):
    assert assigned(cell) == ()
