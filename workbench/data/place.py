"""Where each row of a table stands in the files it came from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workbench.data.files import SourceFile

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Place:
    """Where each row of a table stands: file names, rows per file, number of the first row.

    ``kept`` are the positions that a filter left, where there was one.
    """

    files: tuple[str, ...]
    rows: tuple[int, ...]
    first: tuple[int, ...]
    kept: "np.ndarray[tuple[int], np.dtype[np.int64]] | None" = None

    def text(self, positions: Sequence[int], *, most: int = 5) -> str:
        """The first few positions as a person counts them.

        >>> Place(("a.csv", "b.csv"), (3, 2), (2, 2)).text([0, 2, 3])
        'a.csv: 2, a.csv: 4, b.csv: 2'
        """
        ends = np.cumsum(self.rows)
        shown = []
        for place in positions[:most]:
            position = place if self.kept is None else int(self.kept[place])
            at = int(np.searchsorted(ends, position, side="right"))
            number = position - int(ends[at] - self.rows[at]) + self.first[at]
            shown.append(f"{self.files[at]}: {number}" if len(self.files) > 1 else str(number))
        return ", ".join(shown) + (", …" if len(positions) > most else "")

    @property
    def file_of(self) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
        """The number of the file of each row."""
        file = np.repeat(np.arange(len(self.rows)), self.rows)
        return file if self.kept is None else file[self.kept]


def place_of(files: Sequence[SourceFile], parts: Sequence["pa.Table"]) -> Place:
    """Where the rows of the files stand once they are below one another."""
    return Place(
        tuple(file.path.name for file in files),
        tuple(part.num_rows for part in parts),
        tuple(file.first_row for file in files),
    )
