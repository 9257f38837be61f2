"""Which names the parameter cells of a running notebook assign.

papermill passes a mistyped name silently: it adds ``perod = "2026Q4"`` in a cell of its own, and
the notebook runs on with the default. The cells executed so far show it. Only two are looked at:
the parameters cell and the one injected after it, so scratch cells in JupyterLab do not matter.
"""

import ast
from collections.abc import Collection, Sequence

PAPERMILL_NAMES = frozenset({"PAPERMILL_INPUT_PATH", "PAPERMILL_OUTPUT_PATH"})
INJECTED = "# Parameters"


def assigned(cell: str) -> tuple[str, ...]:
    """The names a cell assigns when it does nothing but assign to names; else none.

    >>> assigned('# Parameters\\nperod = "2026Q4"\\nseed: int = 1')
    ('perod', 'seed')
    >>> assigned('params = read()'), assigned('seed = 1; print(seed)')
    ((), ())
    """
    try:
        body = ast.parse(cell).body
    except SyntaxError:
        return ()
    names: list[str] = []
    for line in body:
        targets = line.targets if isinstance(line, ast.Assign) else [getattr(line, "target", None)]
        name, value = targets[0], getattr(line, "value", None)
        if len(targets) != 1 or not isinstance(name, ast.Name) or isinstance(value, ast.Call):
            return ()
        names.append(name.id)
    return tuple(names)


def undeclared(executed: Sequence[str], declared: Collection[str]) -> tuple[str, ...]:
    """The names beyond ``declared`` that the parameters cell or the cell injected after it assigns.

    The parameters cell is the last one that assigns at least half of the declared names. The
    injected cell says ``# Parameters`` (papermill) or follows it directly (jupyter-scheduler).
    """
    cells = [assigned(cell) for cell in executed]
    own = [i for i, names in enumerate(cells) if 2 * len({*names} & {*declared}) >= len(declared)]
    if not own:
        return ()
    last = own[-1]
    injected = [
        names
        for i, names in enumerate(cells[last + 1 :], start=last + 1)
        if i == last + 1 or executed[i].lstrip().startswith(INJECTED)
    ]
    seen = dict.fromkeys(name for names in (cells[last], *injected) for name in names)
    return tuple(name for name in seen if name not in {*declared} | PAPERMILL_NAMES)
