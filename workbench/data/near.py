"""Headers compared the way a person does, and the nearest one to a name that is not there."""

import difflib
import re
import unicodedata
from collections.abc import Iterable


def plain(header: str) -> str:
    """A header without case, blanks, full-width forms and a unit in brackets.

    >>> plain("实付金额（元）"), plain("Order ID"), plain("pay-time ")
    ('实付金额', 'order_id', 'pay_time')
    """
    text = unicodedata.normalize("NFKC", header).replace("\ufeff", "").strip().lower()
    text = re.sub(r"\((元|¥|￥|cny|rmb|件|万元|分|usd|gbp|eur|\$|£|€)\)$", "", text).strip()
    return re.sub(r"[\s_\-]+", "_", text)


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name most like ``name``, or "" when none is near.

    >>> nearest("chanel", ["channel", "team"])
    'channel'
    >>> nearest("xyz", ["channel"])
    ''
    """
    by_plain = {plain(item): item for item in known}
    cutoff = 0.6 if len(name) > 3 else 0.5  # of two characters, one may be wrong
    found = difflib.get_close_matches(plain(name), list(by_plain), n=1, cutoff=cutoff)
    return by_plain[found[0]] if found else ""
