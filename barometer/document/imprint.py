"""What a report says of itself: title, citation, version, reuse, data."""

import os
import re
from datetime import UTC, date, datetime
from difflib import get_close_matches
from pathlib import Path

from barometer import paths
from barometer.data.cards import read_file
from barometer.document.findings import list_problems
from barometer.document.markdown import DocumentError
from barometer.files.faults import Fault, raise_faults, show
from barometer.files.yaml_files import load_yaml
from barometer.languages.catalogues import PROGRAM, PROJECT, list_languages
from barometer.languages.numerals import name_months
from barometer.languages.speaking import N_, SOURCE, _, spoken, translate
from barometer.marks import MARKS
from barometer.version import date_commit, name_version, number_version

DAY, YEAR = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\b(?:19|20)\d\d\b")
_MONTHS = """januar februar marts april maj juni juli august september oktober november
    december"""
MONTHS = tuple(_MONTHS.split())
FACTS = N_(
    {
        "cite": "Citeres",
        "edition": "Version",
        "reuse": "Genbrug",
        "source": "Forlæg",
        "citation": "Data",
        "origin": "Datas art",
        "licence": "Licens for data",
        "part_label": "Omfatter",
        "period": "Periode",
        "answered_in": "Svarperiode",
        "respondents": "Svar i rapporten",
    }
)

_TEXTS = """title subtitle series language author description reservation synthetic_mark
    synthetic_text"""
TEXTS = tuple(_TEXTS.split())  # what every report says of itself
# texts that may be missing
EMPTY = (
    *("source", "reuse", "cite", "published", "data", "address"),
    *("reviewed", "declaration", "supervision"),  # in the accessibility statement
)
REPORT = "report.yaml"
# texts that have a translation
TRANSLATED = (
    *("title", "subtitle", "series", "description", "reservation", "synthetic_mark"),
    *("synthetic_text", "source", "reuse", "cite", "declaration", "supervision"),
)
LISTS = ("keywords", "colophon", "english", "languages", "bank")
TABLES = ("identifiers", "contact")
FINDINGS = "findings"  # {id of a sentence: {outcome: short wording}}, see `findings.py`
CONTACT = ("name", "email", "phone")
LIKE = 0.7  # how alike a name that is no field is to the one it is taken for (difflib)


def read_front(front):
    """The front matter: a dict, or a file (notebooks/report.yaml); what may be missing is empty.

    Raises `DataFault`.
    """
    if isinstance(front, dict):
        return _fill_front(front)
    path = Path(front or paths.NOTEBOOKS / "report.yaml")
    found = load_yaml(path.name, read_file(path))
    raise_faults([Fault(path.name, problem, remedy) for problem, remedy in _list_problems(found)])
    return _translate_front(_fill_front(found))


def _translate_front(front):
    """The front matter in the language that is spoken, where it is written in another."""
    if (language := spoken()) == front["language"]:
        return front
    texts = {
        name: [translate(one, f"{REPORT} {name}") for one in front[name]]
        if isinstance(front[name], list)
        else translate(front[name], f"{REPORT} {name}")
        for name in (*TRANSLATED, "keywords", "colophon")
        if name in front
    }
    findings = {
        id: {
            outcome: translate(words, f"findings {id} {outcome}") if outcome != "covers" else words
            for outcome, words in entry.items()
        }
        for id, entry in front[FINDINGS].items()
    }
    return front | texts | {"language": language, FINDINGS: findings}


def _fill_front(front):
    empty = dict.fromkeys(EMPTY, "") | {name: [] for name in LISTS}
    empty |= {name: {} for name in (*TABLES, FINDINGS)}
    return empty | {name: _write(value) for name, value in front.items() if value is not None}


def _write(value):
    """A value as text wherever YAML read a date or a number."""
    if isinstance(value, dict):
        return {name: _write(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_write(one) for one in value]
    plain = isinstance(value, int | date) and not isinstance(value, bool)
    return str(value) if plain else value


def _list_problems(front):
    """(what is wrong with the front matter that a YAML file says, how to mend it)."""
    if not isinstance(front, dict):
        return [("filen har ingen felter", f"skriv {', '.join(TEXTS)}")]
    found = [
        (f"feltet {name} mangler", "skriv det som en tekst")
        for name in TEXTS
        if front.get(name) in (None, "")
    ]
    given = [name for name in (*TEXTS, *EMPTY) if front.get(name) not in (None, "")]
    found += [
        (f"feltet {name} er ikke en tekst", "skriv det som en tekst i anførselstegn")
        for name in given
        if isinstance(front[name], bool) or not isinstance(front[name], str | int | date)
    ]
    found += [
        (f"feltet {name} er ikke en liste af tekster", "skriv det som en liste: [tekst, tekst]")
        for name in LISTS
        if not _is_list(front.get(name) or [])
    ]
    found += [
        (f"feltet {name} er ikke navne med en tekst til hvert", "skriv det som {navn: tekst}")
        for name in TABLES
        if not isinstance(table := front.get(name) or {}, dict) or not _is_list([*table.values()])
    ]
    known = (SOURCE, *list_languages(PROGRAM))
    further = front.get("languages") if isinstance(front.get("languages"), list) else ()
    for language in dict.fromkeys((front.get("language") or SOURCE, *further)):
        if language not in (*known, *list_languages(PROJECT)):
            problem = f"sproget {show(language, quoted=True)} kendes ikke"
            remedy = f"vælg {', '.join(known)}, eller lav et katalog (CONTRIBUTING.md)"
            found.append((problem, remedy))
    address = str(front.get("address") or "https://")
    if not address.startswith(("https://", "http://")):
        problem = f"feltet address er ingen webadresse ({show(address, quoted=True)})"
        found.append((problem, "skriv den mappe, rapporterne lægges i, som https://…/"))
    found += list_problems(front.get(FINDINGS) or {})
    known = (*TEXTS, *EMPTY, *LISTS, *TABLES, FINDINGS)
    contact = front.get("contact") if isinstance(front.get("contact"), dict) else {}
    for fields, names in ((front, known), (contact, CONTACT)):
        found += [
            (f"feltet {show(name)} kendes ikke", f"ret det til {near[0]}, eller fjern det")
            for name in fields
            if name not in names and (near := get_close_matches(str(name).lower(), names, 1, LIKE))
        ]
    return found


def refuse_unsigned(front):
    """Raise `DataFault` where front matter does not say whom readers can turn to, and when somebody
    last went through the statement. `front`: as from `read_front`.
    """
    reached = any(front["contact"].get(name) for name in ("email", "phone"))
    missing = {
        "contact": ""
        if reached
        else "skriv, hvem læserne kan henvende sig til (email eller phone)",
        "reviewed": "" if front["reviewed"] else "skriv datoen for den seneste gennemgang",
    }
    raise_faults(
        [
            Fault(
                "report.yaml",
                f"feltet {name} er ikke udfyldt",
                f"{remedy}, eller kør uden --strict",
            )
            for name, remedy in missing.items()
            if remedy
        ]
    )


def _is_list(values):
    return isinstance(values, list) and all(
        isinstance(value, str | int) and not isinstance(value, bool) for value in values
    )


def agree_on_survey(surveys):
    """The survey that chapters show at their heads, [(name, survey)]: one for all of them."""
    if not surveys:
        raise DocumentError("Rapporten har ingen kapitler")
    first_name, first = surveys[0]
    for name, survey in surveys[1:]:
        for key in ("name", "part", "data_date"):
            if survey[key] != first[key]:
                others = f"Notebooken »{name}« bygger på andre data end »{first_name}«"
                values = f"{key} er {survey[key]!r} og {first[key]!r}"
                remedy = "kør alle kapitler med samme parametre"
                raise DocumentError(f"{others}: {values}; {remedy}")
    return first


def describe_report(front, survey):
    """The document's `meta`, with the colophon's lines as `facts`. Raises `DocumentError`.

    Nothing follows the clock: a year of publication is the front matter's or not there.
    """
    try:
        day = date.fromisoformat(survey["data_date"])
    except ValueError as error:
        problem = f"data_date er {survey['data_date']!r}, men skal være en dato (åååå-mm-dd)"
        raise DocumentError(problem) from error
    fieldwork = survey.get("fieldwork")
    months = MONTHS if spoken() == SOURCE else name_months()
    ended = _("{day}. {month} {year}").format(
        day=day.day, month=months[day.month - 1], year=day.year
    )
    answered = _("{time} (afsluttet {day})").format(time=fieldwork, day=ended)
    real = _("Svar fra virkelige {many}").format(many=survey["nouns"]["many"])
    named = {"name": "data_name", "title": "data_title"}
    meta = {
        **front,
        **{named.get(key, key): value for key, value in survey.items()},
        "date_text": ended,
        "answered_in": answered if fieldwork else ended,
        "version": number_version(),
        "edition": name_version(),
        "commit_date": date_commit(),
        "origin": survey["notice"] or real,
    }
    meta["cite"] = front["cite"] or _write_citation(meta, meta["part_label"])
    meta["cite_all"] = front["cite"] or _write_citation(meta)  # of all reports together
    # a mark with what it means: no key stands beside the imprint
    n = meta.get("respondents", "")
    shown = meta | {"respondents": f"{n} ({_(MARKS[n])})" if n in MARKS else n}
    facts = [[_(term), shown[key]] for key, term in FACTS.items() if shown.get(key)]
    facts += [[name, str(number)] for name, number in front.get("identifiers", {}).items()]
    return meta | {"facts": facts}


def date_file(meta):
    """The time in a file's metadata: noon of the newest day that the document has, never the
    clock's.

    That is the newest of the data's date, the commit's, and the last review of the statement; the
    last day of the newest year that front matter and card name, where those are older.
    SOURCE_DATE_EPOCH stands above all.
    """
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        return datetime.fromtimestamp(int(epoch), UTC)
    days = [str(meta.get(name) or "") for name in ("data_date", "commit_date", "reviewed")]
    newest = max(day for day in days if DAY.fullmatch(day))
    names = ("published", "reviewed", "source", "citation")
    years = YEAR.findall(" ".join(str(meta.get(name) or "") for name in names))
    year = max(years, default="")
    newest = newest if year <= newest[:4] else f"{year}-12-31"
    return datetime.fromisoformat(newest).replace(hour=12, tzinfo=UTC)


def _write_citation(meta, part=""):
    year = f" ({meta['published']})" if meta.get("published") else ""
    version = _(" Version {version}.").format(version=meta["version"]) if meta["version"] else ""
    data = (
        _("Svar fra {time}").format(time=meta["fieldwork"])
        if meta.get("fieldwork")
        else _("Data dateret {day}").format(day=meta["date_text"])
    )
    caution = f" {meta['synthetic_mark']}." if meta["synthetic"] else ""
    part = f" ({part})" if part else ""
    text = _("{author}{year}: »{title}. {subtitle}«{part}.{version} {data}.{caution}")
    names = {name: meta[name] for name in ("author", "title", "subtitle")}
    further = {"version": version, "data": data, "caution": caution}
    return text.format(**names, year=year, part=part, **further)
