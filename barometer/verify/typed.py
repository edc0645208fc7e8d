"""Numbers in finished Danish text: how they are found, and which may stand there without a row.

The list of those is `notebooks/typed_numbers.yaml`, kept by people, with a reason for each.
"""

import csv
import re
from collections import Counter
from functools import cache, lru_cache

from barometer import paths
from barometer.data.cards import PUBLISHED, read_file
from barometer.files.faults import Fault, raise_faults, show
from barometer.files.yaml_files import load_yaml
from barometer.forms import FORMS
from barometer.languages.numerals import name_months, separators
from barometer.languages.speaking import _, own_language, speak, spoken, translate
from barometer.parameters import list_names, resolve_data
from barometer.text import format_count, write_number, write_published

# beside the front page; where the rows of a trace are said to stand that are in it alone
BANK, OWN = "statbank.html", "statbank"
ALLOWED = "typed_numbers.yaml"  # in the project's notebooks/
KINDS = {"year", "date", "label", "name", "reference", "case", "registry", "method"}
# of an entry
FIELDS = {"rules": ("kind", "reason", "form"), "numbers": ("kind", "chapter", "reason", "words")}
REPAIR = f"ret linjen (kind er en af {', '.join(sorted(KINDS))})"
# kinds of time: in text on the survey's data, time comes from the registry
TIMES = {"year", "date"}

# A sign is one only where neither word nor number stands before it: 2018-2019 and COVID-19 have
# none.
NUMBER = r"(?:<\s?)?(?:(?<![\w.,])[-−+])?(?:[^\W\d_]+-)?\w*\d\w*(?:[.,]\d+)*"
SHARE, POINTS = FORMS["share"][2], FORMS["points"][2]  # their units, in Danish
# Words without a number in or at them are passed over at once, as most text is. Not (…)++: Python
# 3.11.2 gets it wrong.
WORDS = r"(?>(?:[^\W\d]++(?![\w-])[^\w<+−-]*+)+)"
ALONE = r"(?<!\w)(?<!\d[.,])(?:{})(?!\w)(?![.,]\d)"


@cache
def read_form(language):
    """(a number with its unit, words or such a number with its interval if any, a unit of per cent)
    as a text in a language has them, with units in the words of its catalogue.
    """
    with speak(language):
        shares = {SHARE, _(SHARE), "%"}
        points = {POINTS, *(_(POINTS, context) for context in (None, "1"))}
        to, bounds = {"til", _("til")}, {"under", _("under"), "over", _("over")}

    def either(words):
        longest = sorted({one.strip() for one in words}, key=len, reverse=True)
        return "|".join(re.sub(r"\\?\s", r"\\s+", re.escape(one)) for one in longest)

    share = rf"(?:{either(shares)})(?!\w)"
    plain = rf"{NUMBER}(?:\s?(?:{share}|(?:{either(points)})(?!\w)))?"
    end = rf"(?:(?:{either(bounds)})\s)?{NUMBER}"
    ends = rf"(?:\s\({end}(?:–|\s(?:{either(to)})\s){end}\))?"
    return tuple(map(re.compile, (plain, rf"{WORDS}|({plain}{ends})", rf"\s?{share}")))


def find_numbers(text):
    """Every number of a text, written alike: "37%" and "37% (34–40)", "2.271", "−3,4", "<0,001"."""
    return [write_alike(token[1]) for token in _find_tokens(text, spoken())]


@lru_cache(maxsize=20_000)  # of one report: its texts are searched several times
def _find_tokens(text, language):
    return tuple(match for match in read_form(language)[1].finditer(text) if match[1])


def write_alike(number):
    """One way of writing for several: "37 pct." and "37 %", "-3,4" and "−3,4"."""
    return _write_alike(number, spoken())


@lru_cache(maxsize=20_000)
def _write_alike(number, language):
    text = read_form(language)[2].sub("%", " ".join(number.split()))
    return re.sub(r"^-|(?<=[( ])-", "−", text.replace("< ", "<"))


def read_share(text):
    """A share in per cent as a number, of text such as "37 pct."; None of any other text."""
    decimal, between = map(re.escape, separators())
    form = rf"(\d[\d{between}]*(?:{decimal}\d+)?){read_form(spoken())[2].pattern}"
    if not (found := re.fullmatch(form, text)):
        return None
    decimal, between = separators()
    return float(found[1].replace(between, "").replace(decimal, "."))


def subtract_shares(before, after):
    """The difference in points of two shares as they are shown, "" of other texts."""
    was, now = map(read_share, (before, after))
    decimal = separators()[0]
    whole = "" if decimal in before + after else f"{decimal}0"
    return "" if None in (was, now) else write_number(now - was, "signed").removesuffix(whole)


def count_numbers(text):
    """How many times each number, written alike, and each mark of a closed one stands in a text."""
    numbers = find_numbers(text)
    bare = (number.partition(" (")[0] for number in numbers if " (" in number)
    return Counter([*numbers, *bare, *re.findall(r"\[\w\]", text)])


def spell_row(shown, low="", high=""):
    """The ways in which a row of the trace may stand in text: as shown, and so with its interval.

    Nothing else: 37 alone is not "37 pct.", and a limit away from its number is another thing.
    """
    numbers = find_numbers(shown)
    limits = [write_alike(text).removesuffix("%") for text in (low, high) if text]
    if not numbers or not limits:
        return {*numbers}
    between = "–", f" {_('til')} "
    return {*numbers, *(f"{numbers[0]} ({limits[0]}{to}{limits[1]})" for to in between)}


def spell_rows(rows):
    """The same of several rows of the trace."""
    ways = (spell_row(row["shown"], row.get("low", ""), row.get("high", "")) for row in rows)
    return set().union(*ways)


def name_element(report, where, item, group):
    """The id of the element of `BANK` that has the number of a row of a report's `numbers.csv`."""
    return "/".join((report, where, item, group)).replace(" ", "+")


def spell_cells(rows):
    """The same of a table whose columns are a number, its interval and how many it is of."""
    limits = [[row[end].removesuffix("%").rstrip() for end in ("low", "high")] for row in rows]
    spelt = [{"shown": f"{low}–{high}{unit}"} for low, high in limits for unit in ("", "%")]
    return spell_marks(rows) | spell_rows(spelt)


def spell_marks(rows):
    """The same of what stands at marks that are pointed at: also how many each row is of."""
    counts = {row.get("n", "") for row in rows}
    counted = [{"shown": format_count(int(n))} for n in counts if n.isdecimal()]
    return spell_rows([*rows, *counted])


def find_unexplained(text, known, forms):
    """[(number, what is around it), …] of those neither known nor wholly within a form's match."""
    found = []
    tokens = _find_tokens(text, spoken())
    unknown = [token for token in tokens if write_alike(token[0]) not in known]
    spans = [match.span() for form in forms for match in form.finditer(text)] if unknown else []
    plain = read_form(spoken())[0]
    for token in unknown:
        parts = [part.span() for part in plain.finditer(text, *token.span())]
        if not all(any(a <= start and end <= b for a, b in spans) for start, end in parts):
            around = text[max(0, token.start() - 40) : token.end() + 40]
            found.append((" ".join(token[0].split()), " ".join(around.split())))
    return found


def read_allowed(path=None, publication=None):
    """The typed list (default: the project's): [{"kind", "chapter", "words", "form"}, …].

    `chapter` is "" for what may stand everywhere. A published number's id in braces becomes that
    number, in Danish form. Raises `DataFault` with every entry that lacks something.
    """
    path, own = path or paths.NOTEBOOKS / ALLOWED, own_language()
    if spoken() != own:  # what is not translated yet stands as it is in the original
        with speak(own):
            original = [one | {"spare": True} for one in read_allowed(path, publication)]
    publication = publication or resolve_data(paths.name_default()) / PUBLISHED
    published = {}
    if publication.is_file():
        with open(publication, encoding="utf-8", newline="") as file:
            published = {row["id"]: write_published(row["value"]) for row in csv.DictReader(file)}
    content, found, faults = load_yaml(path.name, read_file(path)), [], []
    content = content if isinstance(content, dict) else {}
    for part, fields in FIELDS.items():
        entries = content.get(part)
        if not isinstance(entries, list):
            problem, entries = f"afsnittet {part} mangler eller er ikke en liste", []
            faults.append(Fault(path.name, problem, REPAIR))
        for number, entry in enumerate(entries, 1):
            problem = _find_problem(entry, fields)
            try:
                if not problem:
                    rule = part == "rules"
                    found.append(_read_rule(entry) if rule else _read_entry(entry, published))
            except KeyError as error:
                problem = f"der er intet publiceret tal med id {show(error.args[0])}"
            except (re.error, ValueError, IndexError, AttributeError):
                problem = f"{fields[-1]} er hverken ord eller et mønster, der kan bruges"
            if problem:
                faults.append(Fault(path.name, f"{part}, nr. {number}: {problem}", REPAIR))
    raise_faults(faults)
    return [*found, *original] if spoken() != own else found


def _find_problem(entry, fields):
    """What an entry of the list lacks, or has that is no text; "" where nothing."""
    if not isinstance(entry, dict):
        return f"skal have felterne {', '.join(fields)}"
    for name in fields:
        if not isinstance(entry.get(name), str) or not entry[name]:
            return f"feltet {name} mangler eller er ikke en tekst"
    return "" if entry["kind"] in KINDS else f"kind {show(entry['kind'], quoted=True)} kendes ikke"


def match_registered(words):
    """As `match_words`, of the registry's text, with a capital letter first or not."""
    first, form = words[:1], match_words(words).pattern
    either = f"[{re.escape(first)}{first.swapcase()}]"
    return re.compile(form.replace(re.escape(first), either, 1) if first.isalpha() else form)


def match_words(words):
    """A pattern of these words, on one line or several: a PDF breaks them at spaces and hyphens.

    Straight quotation marks may be those that a text is set with.
    """
    form = re.escape(" ".join(words.split())).replace(r"\ ", r"\s+").replace(r"\-", r"-\s?")
    form = form.replace('"', '["»«“”]').replace("'", "['›‹‘’]")
    return re.compile(ALONE.format(form))


def find_stale(texts, allowed):
    """The entries that fit nothing. `texts`: {chapter's number, or "" outside: all its text}."""
    every = "\n".join(texts.values())
    return [
        entry
        for entry in allowed
        if not entry.get("spare") and not entry["form"].search(texts.get(entry["chapter"]) or every)
    ]


def name_stale(unused):
    """A line per typed number in no report, once each sector's whole one was read.

    `unused`: {report: what is not in it, as from `check_report`}.
    """
    if not unused.keys() >= {*list_names(paths.name_default())}:
        return []
    return [
        f"{ALLOWED}: »{words}« ({kind}) står ikke i nogen rapport. Slet eller ret linjen."
        for kind, words in next(iter(unused.values()))
        if all([kind, words] in others for others in unused.values())
    ]


def _read_rule(rule):
    form = translate(rule["form"], f"{ALLOWED} rule")
    if rule["kind"] == "date" and form == rule["form"] and spoken() != own_language():
        form = _translate_months(form)
    form = re.compile(ALONE.format(form), re.M)
    return {"kind": rule["kind"], "chapter": "", "words": rule["form"], "form": form}


def _translate_months(form):
    """A pattern of dates that nobody has translated, with the months of the language spoken."""
    with speak(own_language()):
        own = name_months()
    named = dict(zip(own, name_months(), strict=True))
    return re.sub("|".join(named), lambda found: named[found[0]], form)


def _read_entry(entry, published):
    words = translate(entry["words"], ALLOWED).format_map(published)
    form = match_words(words)
    return {"kind": entry["kind"], "chapter": entry["chapter"], "words": words, "form": form}


def is_part(text, words):
    """Whether a line in a picture is a piece of one of the registry's texts, as long ones are."""
    text = " ".join(text.split())
    return any(re.search(ALONE.format(re.escape(text)), word, re.I) for word in words)


def describe_grounds(claim):
    """Rows on the numbers that the list of grounds shows of one row of the register."""
    owner = "first" if claim["verdict"] == "description" else "difference"  # whose limits they are
    for name in ("first", "second", "difference", "p", "p_adjusted", "p_bh"):
        if claim[name]:
            row = claim | {"part": "basis", "kind": name, "shown": claim[name]}
            limits = {one: claim[one] if name == owner else "" for one in ("low", "high")}
            yield {"place": (f"grundlag-{claim['id']}", "text"), "shown": add_unit(row)} | limits


def add_unit(row):
    """What is shown with its unit; that of a difference stands after its interval, if any."""
    bare = (row["part"], row["kind"], row["low"]) == ("basis", "difference", "")
    unit = _(FORMS["points"][2])
    return f"{row['shown']}{unit}" if bare and row["shown"][-1:].isdigit() else row["shown"]
