"""Words and figures in texts of any language.

Words are matched by how their script is written. In scripts without spaces (Chinese,
Japanese) a word is found wherever its characters stand. Elsewhere it has to stand by itself;
a star lets it be inflected or compounded: ``forbedr*`` finds *forbedre*, *forbedring*. The
language of a text needs not be known: a list of Chinese words says nothing on an English
text, and where lists of several languages in one script are handed in, all of them count.
"""

import math
import re
import unicodedata
from functools import lru_cache

from .value import LARGEST

#: characters of scripts that put no spaces between words
UNSPACED = "\u2e80-\u9fff\uf900-\ufaff\uac00-\ud7af\U00020000-\U0003ffff"
#: a letter or digit of a script that does; the case of a class of characters is looked up
#: one by one, which for these takes seconds where a list has hundreds of words
LETTER = rf"(?-i:[^\W_{UNSPACED}])"
#: a year that people write is at most so far from the period they plan
YEARS = 10
#: what is written after a figure to make it larger: notation rather than words
FACTORS = {
    "k": 1e3,
    "m": 1e6,
    "mill": 1e6,
    "million": 1e6,
    "mrd": 1e9,
    "bn": 1e9,
    "万": 1e4,
    "亿": 1e8,
}
DATES = re.compile(r"\d{1,4}([./-])\d{1,2}\1\d{1,4}|\d+\s*[年月日]")
NUMBERS = re.compile(
    rf"(?<!{LETTER})(?<!{LETTER}[.,-])\d+(?:[ .,'’]\d{{3}}(?!\d))*(?:[.,]\d+)?"
    rf"\s*(?:(?P<factor>{'|'.join(sorted(FACTORS, key=len, reverse=True))})"
    rf"(?!{LETTER}))?(?!{LETTER}*\d)"
)


def normalise(text):
    """``text`` with one way to write each character, and single spaces.

    >>> normalise("１００　％ of\\u00a0all  ")
    '100 % of all'
    """
    return " ".join(unicodedata.normalize("NFKC", text or "").split())


def word_count(text):
    """How many words long ``text`` is; two characters of Chinese go for one word.

    >>> word_count("Win 20 new customers"), word_count("赢得20个新客户"), word_count("")
    (4, 4, 0)
    """
    text = normalise(text)
    unspaced = len(re.findall(rf"[{UNSPACED}]", text))
    return len(re.findall(rf"{LETTER}+", text)) + math.ceil(unspaced / 2)


def is_unspaced(text):
    """Whether ``text`` has any character of a script without spaces.

    >>> is_unspaced("KPI 提升"), is_unspaced("Økning")
    (True, False)
    """
    return bool(re.search(f"[{UNSPACED}]", text))


def _pattern(word):
    return re.escape(word).replace(r"\*", f"{LETTER}*").replace(r"\ ", r"\s*")


def _letters_of(words):
    """``words`` in their one way to be written, without those that are stars alone."""
    return {word for word in map(normalise, words) if word.strip("* ")}


def _alternatives(words):
    """A regular expression for any of ``words``, the longest first."""
    in_order = sorted(words, key=lambda word: (-len(word), word))
    spaced = "|".join(_pattern(word) for word in in_order if not is_unspaced(word))
    unspaced = "|".join(_pattern(word) for word in in_order if is_unspaced(word))
    alternatives = []
    if spaced:
        alternatives.append(rf"(?<!{LETTER})(?:{spaced})(?!{LETTER})")
    if unspaced:
        alternatives.append(unspaced)
    return "|".join(alternatives)


@lru_cache(maxsize=512)
def _compiled(words, followers, at_start):
    """The pattern to search for, or None when there is no word to look for."""
    words, wanted = _letters_of(words), bool(followers)
    followers = _letters_of(followers)
    if not words or (wanted and not followers):
        return None
    found = f"(?P<found>{_alternatives(words)})"
    if followers:
        found += rf"\s*(?:{LETTER}{{1,2}}\s+)?(?:{_alternatives(followers)})"
    if at_start:
        # after “to”, “we”, “å”, a clause, or the time and place that lead in Chinese
        found = (
            rf"(?:^|[,;:、。])[\W\d]*(?:{LETTER}{{1,2}}\s+|(?-i:[{UNSPACED}\d]){{1,12}}?)?"
            + found
        )
    return re.compile(found, re.IGNORECASE)


def search(words, text, followers=(), at_start=False):
    """The first of ``words`` in ``text`` as it is written there, or None.

    :param followers: only where one of these words comes next; empty: whatever comes next
    :param at_start: only where a sentence or clause begins

    >>> search(("forbedr*",), "Ytterligere forbedring av service")
    'forbedring'
    >>> search(("bedr*",), "forbedring"), search(("*bedr*",), "forbedring")
    (None, 'forbedring')
    >>> search(("win",), "Winter sale"), search(("win",), "To win 20 customers", (), True)
    (None, 'win')
    >>> search(("and",), "Win customers and train staff", ("train*",))
    'and'
    >>> search(("and",), "Win customers and partners", ("train*",)) is None
    True
    """
    pattern = _compiled(tuple(words), tuple(followers), at_start)
    match = pattern and pattern.search(normalise(text))
    return match["found"] if match else None


def numbers(text, period=None):
    """The figures in ``text``, each as the set of numbers that it may be read as.

    Dates, years around the ``period`` (a year, if any) and digits that belong to a word
    (Q1, CO2) are none.

    >>> numbers("Revenue of 1,5 million in Q1 2026", 2026)
    [{1500000.0}]
    >>> sorted(numbers("1,000 customers")[0]), numbers("营业额达到3万")
    ([1.0, 1000.0], [{30000.0}])
    """
    found = []
    for match in NUMBERS.finditer(DATES.sub(" ", normalise(text).casefold())):
        factor = match["factor"]
        written = match[0].removesuffix(factor or "").strip()
        if not factor and period and _is_year(written, period):
            continue
        values = {
            value * FACTORS.get(factor, 1)
            for value in _readings(written)
            if value <= LARGEST
        }
        if values:
            found.append(values)
    return found


def _readings(written):
    """``written`` with its separators as thousands, and with the last one as decimals."""
    first, *rest = re.split(r"[.,]", re.sub(r"[ '’]", "", written))
    readings = set()
    if all(len(part) == 3 for part in rest):
        readings.add(float("".join([first, *rest])))
    if rest:
        readings.add(float("".join([first, *rest[:-1]]) + "." + rest[-1]))
    return readings


def _is_year(written, period):
    return (
        written.isascii()
        and len(written) == 4
        and written.isdigit()
        and abs(int(written) - period) <= YEARS
    )


def years(text, period):
    """The years in ``text`` that lie around ``period``, a year.

    >>> years("From 80 in 2025 to 2000 customers in 2026", 2026)
    [2025, 2026]
    """
    written = re.findall(rf"(?<!\d)(?<!{LETTER})\d{{4}}(?!\d)", normalise(text))
    return [int(year) for year in written if _is_year(year, period)]


def _pairs(text):
    letters = "".join(char for char in normalise(text).casefold() if char.isalnum())
    return {letters[place : place + 2] for place in range(len(letters) - 1)}


def likeness(one, other):
    """How alike two texts are, 0 to 100: the share of pairs of letters they have in common.

    Sørensen–Dice coefficient over sets of letter pairs, ``2·|A∩B| / (|A| + |B|)``; it works
    in every script.

    >>> likeness("Win 20 customers", "win 20 Customers!"), likeness("Win", "Grow")
    (100.0, 0.0)
    """
    one, other = _pairs(one), _pairs(other)
    if not one or not other:
        return 0.0
    return 200.0 * len(one & other) / (len(one) + len(other))


def years_moved(text, years):
    """``text`` with the years in it moved by ``years``: four digits, or two after a slash.

    >>> years_moved("Plan 2026/27", 1), years_moved("2026–2027", 2), years_moved("Ours", 1)
    ('Plan 2027/28', '2028–2029', 'Ours')
    >>> years_moved("1999/00, goal 12/34", 1)
    '2000/01, goal 12/34'
    """

    def moved(match):
        year, short = int(match["year"]) + years, match["short"]
        if not short:
            return str(year)
        return f"{year}/{(int(short) + years) % 100:02}"

    return re.sub(
        r"(?<!\d)(?P<year>(?:19|20|21)\d\d)(?:/(?P<short>\d\d))?(?!\d)", moved, text
    )


def pieces(text, most=6):
    """Pieces of ``text`` by which a database finds texts that may be like it.

    Of words the beginning, so that they may be inflected, the longest words first; in scripts
    without spaces pairs of characters.

    >>> pieces("Visit the 20 largest customers"), pieces("拜访客户"), pieces("- !")
    (['large', 'custo', 'visit', 'the'], ['拜访', '访客', '客户'], [])
    """
    text = normalise(text).casefold()
    words = sorted(
        re.findall(rf"{LETTER}{{3,}}", text), key=lambda word: -min(len(word), 7)
    )
    found = [word[:5] for word in words if not word.isdigit()]
    for run in re.findall(rf"[{UNSPACED}]{{2,}}", text):
        found += [run[place : place + 2] for place in range(len(run) - 1)]
    return [*dict.fromkeys(found)][:most]
