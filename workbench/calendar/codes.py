"""Country and region codes as people write them: ``cn``, ``DE-BY``, ``UK``, ``China``, ``中国``."""

import difflib

from workbench.errors import ParameterError, Problem

COMMON = {"中国": "CN", "中国大陆": "CN", "MAINLAND CHINA": "CN", "UK": "GB", "ENGLAND": "GB"}


def read_code(country: object, subdivision: str = "") -> tuple[str, str]:
    """The two-letter code of a country and the code of its region (empty for the whole country).

    >>> read_code("cn"), read_code("DE-BY"), read_code("uk"), read_code("germany")
    (('CN', ''), ('DE', 'BY'), ('GB', ''), ('DE', ''))
    """
    if not isinstance(country, str):
        raise _unknown_country(str(country), [])
    regions, names = _known()
    written = country.strip().upper().replace("_", "-")
    code = COMMON.get(written) or names.get(written.replace(" ", "")) or written
    if code not in regions and "-" in written:
        code, _, tail = written.partition("-")
        code, subdivision = names.get(code, code), subdivision or tail
    if code not in regions:
        close = difflib.get_close_matches(written, [*regions, *names, *COMMON], n=6, cutoff=0.5)
        raise _unknown_country(country, [COMMON.get(word, names.get(word, word)) for word in close])
    if subdivision and subdivision not in regions[code]:
        raise _unknown_subdivision(code, subdivision, regions[code])
    return code, subdivision


def _known() -> tuple[dict[str, list[str]], dict[str, str]]:
    """Regions by two-letter code, and two-letter codes by name and three-letter code."""
    import holidays
    from holidays.registry import COUNTRIES

    regions = holidays.list_supported_countries(include_aliases=False)
    names = {
        str(word).upper(): code
        for module, (name, code, *others) in COUNTRIES.items()
        for word in (name, module.replace("_", ""), *others)
    }
    return regions, names


def _unknown_country(written: str, close: list[str]) -> ParameterError:
    nearest = ", ".join(dict.fromkeys(close)) or "CN, US, GB, DE"
    return ParameterError(
        Problem("calendar.unknown_country", {"country": written, "nearest": nearest})
    )


def _unknown_subdivision(code: str, written: str, known: list[str]) -> ParameterError:
    close = difflib.get_close_matches(written.upper(), known, n=3, cutoff=0.5)
    shown = ", ".join(close or known[:8]) or "–"
    facts = {"country": code, "subdivision": written, "known": shown, "count": len(known)}
    return ParameterError(Problem("calendar.unknown_subdivision", facts))
