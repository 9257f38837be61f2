"""What DuckDB read → a typed frame; every value that could not be read becomes a problem."""

from collections.abc import Mapping as MappingType
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from workbench.data.mapping import Mapping
from workbench.data.near import nearest, plain
from workbench.data.sql import Want, read_as, words
from workbench.errors import DataError, Problem
from workbench.schema.table import Table

if TYPE_CHECKING:
    import pyarrow as pa

    from workbench.data.place import Place

_THOUSANDS = r"^[^\d+-]*[+-]?\d{1,3}([,，' ]\d{3})+([.]\d*)?[^\d]*$"
_SIGNED = r"^([¥￥$£€]|CNY|RMB|USD)\s*[+-]?[\d,.]+$|^[+-]?[\d,.]+\s*([¥￥$£€元]|CNY|RMB|USD)$"


def to_frame(
    parts: Sequence["pa.Table"],
    wants: Sequence[Want],
    table: Table,
    mapping: Mapping,
    place: "Place",
    zones: set[str],
) -> tuple[pd.DataFrame, list[Problem]]:
    """The columns of all files below one another, with constants, products and translated words.

    Raises:
        DataError: unreadable dates or numbers, mixed time zones, unknown words.
    """
    import pyarrow as pa

    whole = pa.concat_tables(parts)
    columns: dict[str, pd.Series] = {}
    problems: list[Problem] = []
    notices: list[Problem] = []
    for want in wants:
        series, wrong, said = _column(whole, want, mapping, place, zones)
        problems += wrong
        notices += said
        columns[want.name] = series
    for name in [name for name in whole.column_names if name.startswith("?")]:
        columns[name] = pd.Series(whole.column(name).to_numpy())
    for name, value in mapping.constants.items():
        columns[name] = _constant(value, whole.num_rows, name, table)
    frame = pd.DataFrame(columns, index=pd.RangeIndex(whole.num_rows))
    names = {want.source: want.name for want in wants}
    frame, wrong = _in_words(frame, table, mapping, names, place)
    if problems or wrong:
        raise DataError(*problems, *wrong)
    return _with_products(frame, mapping, names), notices


def _constant(value: str, length: int, name: str, table: Table) -> pd.Series:
    if name in table and read_as(table[name].kind) != "text":
        return pd.Series(np.full(length, float(value)))
    return categorical(np.zeros(length, dtype=np.int64), [value])


def _in_words(
    frame: pd.DataFrame,
    table: Table,
    mapping: Mapping,
    names: MappingType[str, str],
    place: "Place",
) -> tuple[pd.DataFrame, list[Problem]]:
    """Words translated by the mapping, then by the schema's own words where it has a list."""
    problems: list[Problem] = []
    for key, translation in mapping.values.items():
        name = names.get(key, key)
        if name in frame.columns and isinstance(frame[name].dtype, pd.CategoricalDtype):
            frame = frame.assign(**{name: translated(frame[name], translation)})
    for column in table:
        if column.allowed and column.name in frame.columns:
            series, wrong = _known_words(frame[column.name], column.name, column.allowed, place)
            problems += wrong
            frame = frame.assign(**{column.name: series})
    return frame, problems


def _column(
    whole: "pa.Table", want: Want, mapping: Mapping, place: "Place", zones: set[str]
) -> tuple[pd.Series, list[Problem], list[Problem]]:
    values = whole.column(want.name)
    if want.as_ == "text":
        return _categorical(values), [], []
    problems = _unread(whole, want, place)
    if want.as_ in ("time", "day"):
        times = values.to_pandas().astype("datetime64[us]")
        series, more, notices = _in_zone(times, whole, want, mapping, place, zones)
        return (series.dt.normalize() if want.as_ == "day" else series), problems + more, notices
    return pd.Series(values.to_numpy().astype(float)), problems, []


def _categorical(values: "pa.ChunkedArray") -> pd.Series:
    """Text as codes and words: compares fast and takes little memory."""
    encoded = values.combine_chunks().dictionary_encode()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return categorical(codes, encoded.dictionary.to_pylist())


def categorical(codes: Any, words_: Sequence[str]) -> pd.Series:
    """Codes and words as a series; -1 stands for no value."""
    index = pd.Index(list(words_), dtype=object)
    return pd.Series(pd.Categorical.from_codes(np.asarray(codes, dtype=np.int64), index))


def _unread(whole: "pa.Table", want: Want, place: "Place") -> list[Problem]:
    bad = whole.column(f"{want.name}?bad")
    if bad.null_count == len(bad):
        return []
    found = bad.to_pandas().dropna()
    texts = found.astype(str)
    facts = {
        "column": want.source,
        "count": len(found),
        "rows": place.text([int(at) for at in found.index]),
        "values": ", ".join(repr(text) for text in list(dict.fromkeys(texts))[:3]),
    }
    if want.as_ in ("time", "day"):
        return [Problem("data.unreadable_dates", facts)]
    if texts.str.match(_THOUSANDS).all():
        return [Problem("data.thousands", facts)]
    if texts.str.match(_SIGNED).all():
        return [Problem("data.currency_sign", facts)]
    return [Problem("data.not_a_number", facts)]


def _in_zone(
    times: pd.Series,
    whole: "pa.Table",
    want: Want,
    mapping: Mapping,
    place: "Place",
    zones: set[str],
) -> tuple[pd.Series, list[Problem], list[Problem]]:
    """Times on the shop's clock; offsets count only when every row carries one."""
    offsets = whole.column(f"{want.name}?offset")
    if offsets.null_count == len(offsets):
        return times, [], []
    given = offsets.to_pandas()
    plain_rows = np.flatnonzero((given.isna() & times.notna()).to_numpy())
    kinds = sorted({str(text) for text in given.dropna().unique()})
    facts: dict[str, object] = {"column": want.source, "offsets": ", ".join(kinds)}
    if len(plain_rows):
        rows = place.text([int(at) for at in plain_rows])
        facts |= {"count": len(plain_rows), "rows": rows}
        return times, [Problem("data.mixed_time_zones", facts)], []
    minutes = given.map({text: _minutes(text) for text in kinds}).astype(float)
    zone = mapping.timezone or (next(iter(zones)) if len(zones) == 1 else "")
    if not zone and len(set(minutes.dropna())) > 1:
        others = np.flatnonzero((given != kinds[0]).to_numpy() & times.notna().to_numpy())
        rows = place.text([int(at) for at in others])
        return (
            times,
            [Problem("data.mixed_time_zones", {**facts, "count": len(others), "rows": rows})],
            [],
        )
    if not zone:
        return times, [], [Problem("data.zone_assumed", facts)]
    utc = times - pd.to_timedelta(minutes.fillna(0), unit="m").astype("timedelta64[us]")
    try:
        local = utc.dt.tz_localize("UTC").dt.tz_convert(zone).dt.tz_localize(None)
    except (KeyError, ValueError):
        return times, [Problem("data.zone_unknown", {"zone": zone})], []
    return local, [], []


def _minutes(offset: str) -> int:
    """An offset in minutes east of UTC.

    >>> _minutes("+08:00"), _minutes("Z"), _minutes("-0330")
    (480, 0, -210)
    """
    if offset.upper() in ("Z", "UTC"):
        return 0
    digits = offset[1:].replace(":", "").ljust(4, "0")
    return int(offset[0] + "1") * (int(digits[:2]) * 60 + int(digits[2:]))


def translated(series: pd.Series, translation: MappingType[str, str]) -> pd.Series:
    """Words by the mapping's ``values``; ``*`` stands for every other word."""
    pairs = dict(translation)
    rest = pairs.pop("*", None)
    old = [str(word) for word in series.cat.categories]
    new = [pairs.get(word, rest if rest is not None else word) for word in old]
    return _recoded(series, new)


def _recoded(series: pd.Series, new: list[str]) -> pd.Series:
    """A categorical with its words replaced one by one; several may become the same."""
    words_ = list(dict.fromkeys(new))
    place = {word: at for at, word in enumerate(words_)}
    codes = np.array([place[word] for word in new] + [-1])[series.cat.codes.to_numpy()]
    return categorical(codes, words_)


def _known_words(
    series: pd.Series, name: str, allowed: tuple[str, ...], place: "Place"
) -> tuple[pd.Series, list[Problem]]:
    """The schema's words for a category; a word that is not known is a problem."""
    known = {plain(word): word for word in allowed}
    for word, usual in words()["words"].get(name, {}).items():
        known |= {plain(str(text)): word for text in usual}
    old = [str(word) for word in series.cat.categories]
    strange = [at for at, word in enumerate(old) if plain(word) not in known]
    if not strange:
        return _recoded(series, [known[plain(word)] for word in old]), []
    rows = np.flatnonzero(np.isin(series.cat.codes.to_numpy(), strange))
    if not len(rows):
        return _recoded(series, [known.get(plain(word), word) for word in old]), []
    facts = {
        "column": name,
        "values": ", ".join(old[at] for at in strange[:8]) + (", …" if len(strange) > 8 else ""),
        "count": len(rows),
        "rows": place.text([int(at) for at in rows]),
        "allowed": ", ".join(allowed),
        "near": nearest(old[strange[0]], allowed) or "–",
    }
    return series, [Problem("data.unknown_words", facts)]


def _with_products(
    frame: pd.DataFrame, mapping: Mapping, names: MappingType[str, str]
) -> pd.DataFrame:
    """Columns computed as products of others, which are named by the schema or the source."""
    for name, factors in mapping.compute.items():
        columns = [frame[names.get(factor, factor)] for factor in factors]
        product = columns[0]
        for column in columns[1:]:
            product = product * column
        frame = frame.assign(**{name: product.round(6)})
    return frame
