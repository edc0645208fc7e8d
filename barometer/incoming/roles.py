"""What part each column has in a survey: a guess, how sure it is, and why."""

import re
from dataclasses import dataclass
from enum import StrEnum

from barometer.files.texts import write_alike
from barometer.incoming.words import COUNTED, says_nothing
from barometer.languages.speaking import N_


class Sure(StrEnum):
    """How sure a guess is."""

    CERTAIN = N_("sikker", "guess")
    LIKELY = N_("sandsynlig", "guess")
    UNSURE = N_("usikker", "guess")


class Role(StrEnum):
    """The parts that columns have."""

    ID = "løbenummer"
    WEIGHT = "vægt"
    STRATUM = "stratum"
    CLUSTER = "klynge"
    REPLICATE = "gentagelsesvægt"
    NUMBER = "tal"
    TEXT = "fri tekst"
    NOTE = "oplysning om indsamlingen"
    CONSTANT = "ens for alle"
    EMPTY = "tom"
    ANSWER = "svar"


@dataclass(frozen=True)
class Guess:
    """A column's role, how sure it is, and why."""

    role: Role
    sure: Sure
    why: str


NAMED = {
    Role.ID: re.compile(
        r"^(id|nr|respid|resp_?(id|nr|no)?|respondent(_?id|_?nr)?|l(ø|oe)be_?n(r|ummer)|serial|uuid"
        r"|record_?id|case_?(id|no)|caseid|response_?id|idno|pnr|seqn)\b"
    ),
    Role.REPLICATE: re.compile(r"(rep|brr|jk|jkn|boot|bsw|fay|repwt|rw|replicate)[a-z_]*\d+$"),
    Role.WEIGHT: re.compile(
        r"v(æ|ae)gt|vekt|vikt|weight|\bwe?i?gh?t|\bwt|_wt\b|\bwgt|pond[eé]r|gewicht|\bpweight"
        r"|\bpw\b"
        r"|kaal\b"
    ),
    Role.STRATUM: re.compile(
        r"strat(um|a|e|ification)?\b|\bstrat|\b(sdmv|v|var)_?stra|\blag\b|udtrækningslag|utvalgslag"
    ),
    Role.CLUSTER: re.compile(r"\b(sdmv|v|var)?_?psu|cluster|klynge|primary sampling|\bklasse_?id"),
    Role.NOTE: re.compile(
        r"^(start|end|slut|submit|dato?|date|tid|time|varighed|duration|ip_?(address)?|sprog"
        r"|language|browser"
        r"|user_?agent|status|channel|kanal|mode|token|seed|interviewer|started|completed|progress"
        r"|last ?page|timestamp|tidsstempel|collector|email|e-mail|mail|navn|name|telefon|phone)\b"
    ),
}
# What somebody wrote in their own words. It may name persons, however few different texts it has.
WRITTEN = re.compile(
    r"komment|bemærkning|uddyb|fri ?tekst|åbent svar|(andet|andre)\W+(skriv|angiv|hvad|hvilke)"
    r"|\bskriv (?!under|af\b)|\bbeskriv\b|\bfortæl\b|\bforklar\b|notér|verbatim|comment|remark"
    r"|specify|elaborate|free ?text"
    r"|open[ _-]?(text|ended)|in your own words|(please|briefly) (describe|explain|write)"
    r"|tell us|\bdescribe\b|merknad|utdyp|fritext"
    r"|\d_text\b| - text$|\[(other|comment)\]"  # Qualtrics, LimeSurvey
)
SENTENCE = re.compile(r"\w+(\W+\w+){3,}.*[.!?]|.*[.!?]\s+\w+.*")  # and no words of an answer
DATE = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")
LONG = 25  # characters of a mean text that somebody wrote rather than chose
MOST = 40  # different answers to choose among
FEW = 11  # different numbers that may be a scale
UNIQUE = 0.9  # of the filled rows, how many different values a column of ids has at the least
COUNTED_BY = 1.5  # how far numbers of rows may go, as a part of the rows: some may be gone
REPLICATES = 8  # columns of replicate weights that go together
SUGGESTED = (Role.ID, Role.REPLICATE, Role.WEIGHT, Role.STRATUM, Role.CLUSTER)


def guess_roles(columns):
    """{column: `Guess`} of {column: `Column`}."""
    guesses = {name: _guess(column) for name, column in columns.items()}
    replicates = [name for name, one in guesses.items() if one.role == Role.REPLICATE]
    if len(replicates) < REPLICATES:
        for name in replicates:
            guesses[name] = _guess_content(columns[name])
    if Role.ID not in {one.role for one in guesses.values()}:
        unique = [name for name, one in columns.items() if _may_name(one, guesses[name].role)]
        for name in unique[:1]:
            guesses[name] = Guess(Role.ID, Sure.LIKELY, "hver række har sin egen værdi")
    return guesses


def _may_name(column, role):
    """Whether a column may name rows: short texts, each once, or whole numbers that rows were
    counted by. Other numbers, such as incomes, may each stand once by chance.
    """
    known = role in (Role.NUMBER, Role.TEXT, Role.ANSWER)
    if not (known and column.is_unique and column.length < LONG):
        return False
    if not (numbers := column.numbers):
        return True
    whole = all(map(float.is_integer, numbers)) and not column.unit
    return whole and len(numbers) > FEW and max(numbers) - min(numbers) < COUNTED_BY * column.rows


def list_candidates(guesses, role):
    """The columns that a role was guessed of, the surest first."""
    order = [*Sure]
    found = [name for name, one in guesses.items() if one.role == role]
    return sorted(found, key=lambda name: order.index(guesses[name].sure))


def _guess(column):
    if not column.filled:
        return Guess(Role.EMPTY, Sure.CERTAIN, "der står ikke noget i den")
    for role in SUGGESTED:
        if _is_called(column, role) and (problem := _find_doubt(column, role)) is not None:
            sure = Sure.LIKELY if problem else Sure.CERTAIN
            return Guess(role, sure, problem or "navnet siger det, og indholdet passer")
    return _guess_content(column)


def _is_called(column, role):
    pattern = NAMED[role]
    if role in (Role.ID, Role.NOTE):
        return bool(pattern.search(column.name.casefold().replace("_", " "))) or bool(
            pattern.search(column.name.casefold())
        )
    return bool(pattern.search(column.words))


def _find_doubt(column, role):
    """What is unlike its name in a column's content: "" for nothing, None for too much.

    What may be the column although some of it is wrong is asked about, and its faults are named.
    """
    if role == Role.ID:
        if len(column.counts) < column.filled * UNIQUE or column.is_labelled:
            return None
        return "" if column.is_unique else "nogle mangler eller står flere gange"
    if role in (Role.WEIGHT, Role.REPLICATE):
        return None if column.is_labelled else _doubt_weight(column)
    several = 1 < len(column.counts) < column.rows
    if not several:
        return None
    return "" if column.filled == column.rows else "nogle rækker er tomme"


def _doubt_weight(column):
    numbers = column.numbers
    if numbers is None:
        return "ikke alle er tal"
    if min(numbers) <= 0:
        return "nogle er ikke over nul"
    return "" if column.filled == column.rows else "nogle rækker er tomme"


def _guess_content(column):
    codes, numbers = column.counts, column.numbers
    if _is_called(column, Role.NOTE) and not column.is_labelled:
        return Guess(Role.NOTE, Sure.LIKELY, "navnet siger det")
    if column.is_labelled:
        return Guess(Role.ANSWER, Sure.CERTAIN, "svarene har etiketter")
    if numbers is None and WRITTEN.search(column.words) and not column.is_tick():
        return Guess(Role.TEXT, Sure.LIKELY, "navnet siger, at man skriver selv")
    if all(map(DATE.match, codes)):
        return Guess(Role.NOTE, Sure.CERTAIN, "det er datoer")
    points = list_points(column)
    if numbers is not None and len(points) <= FEW and _is_worded_row(column, points):
        return Guess(Role.ANSWER, Sure.LIKELY, "tal i en række, hvoraf nogle har ord")
    if numbers is not None and column.unit:
        return Guess(Role.NUMBER, Sure.LIKELY, "tallene står med enhed")
    if numbers is not None and not all(map(float.is_integer, numbers)):
        return Guess(Role.NUMBER, Sure.LIKELY, "nogle af tallene har decimaler")
    if numbers is not None and COUNTED.search(column.words):
        return Guess(Role.NUMBER, Sure.LIKELY, "navnet siger, at der tælles")
    if numbers is not None and len(points) > FEW:
        return Guess(Role.NUMBER, Sure.LIKELY, f"{len(points)} forskellige tal uden etiketter")
    if numbers is None and column.divided:
        return Guess(Role.ANSWER, Sure.LIKELY, "der står flere svar i hvert felt")
    if numbers is None and len(codes) > MOST:
        return Guess(Role.TEXT, Sure.LIKELY, f"{len(codes)} forskellige tekster")
    if numbers is None and column.length > LONG * 2:
        return Guess(Role.TEXT, Sure.LIKELY, "teksterne er lange")
    if numbers is None and len(codes) * 2 > column.filled > FEW:
        return Guess(Role.TEXT, Sure.LIKELY, "næsten hver række har sin egen tekst")
    written = sum(bool(SENTENCE.fullmatch(code)) for code in codes)
    if numbers is None and written * 2 >= len(codes) > FEW:
        return Guess(Role.TEXT, Sure.LIKELY, "teksterne er hele sætninger")
    if len(codes) == 1 and column.filled == column.rows:
        return Guess(Role.CONSTANT, Sure.CERTAIN, "alle rækker har den samme værdi")
    why = "få forskellige svar" if numbers is None else "få forskellige tal, uden etiketter"
    return Guess(Role.ANSWER, Sure.LIKELY if numbers is None else Sure.UNSURE, why)


def list_points(column):
    """The codes of a column that say something: neither declared missing nor of no opinion."""
    return [
        code
        for code in column.counts
        if code not in column.missing and not says_nothing(write_alike(column.label(code)))
    ]


def _is_worded_row(column, points):
    """Whether points are whole numbers in a row, and some of them have words."""
    found = sorted(map(float, points))
    in_a_row = len(found) > 2 and found == [found[0] + step for step in range(len(found))]
    return in_a_row and any(code in column.labels for code in points)
