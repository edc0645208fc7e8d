"""What a report says of itself: title, citation, version, reuse, data. From the front matter and the survey."""
import os
import re
from datetime import UTC, date, datetime

from barometer.markdown import DocumentError
from barometer.marks import MARKS
from barometer.paths import NOTEBOOKS
from barometer.version import date_commit, name_version, number_version
from barometer.yaml_files import read_yaml

DAY, YEAR = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\b(?:19|20)\d\d\b")
MONTHS = ("januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november",
          "december")
FACTS = (("Citeres", "cite"), ("Version", "edition"), ("Genbrug", "reuse"), ("Forlæg", "source"), ("Data", "citation"),
         ("Datas art", "origin"), ("Licens for data", "licence"), ("Omfatter", "sector_label"), ("Periode", "period"),
         ("Svar i rapporten", "respondents"), ("Data dateret", "date_text"))


def read_front(front):
    """The front matter: a dict as it is, a YAML file's path, or `None` for the project's own notebooks/report.yaml."""
    if isinstance(front, dict):
        return front
    return read_yaml(front or NOTEBOOKS / "report.yaml")


def describe_report(front, survey):
    """The document's `meta`: front matter and survey, and the colophon's lines as `facts`. Raises `DocumentError`.

    Nothing of it follows the clock: a year of publication or an identifier stands there only where the front matter
    sets it.
    """
    try:
        day = date.fromisoformat(survey["data_date"])
    except ValueError as error:
        raise DocumentError(f"data_date er {survey['data_date']!r}, men skal være en dato (åååå-mm-dd)") from error
    about = {("data_" + key if key in ("name", "title") else key): value for key, value in survey.items()}
    meta = {**front, **about, "date_text": f"{day.day}. {MONTHS[day.month - 1]} {day.year}",
            "version": number_version(), "edition": name_version(), "commit_date": date_commit(),
            "origin": survey["notice"] or "Svar fra virkelige arbejdspladser"}
    meta["cite"] = front.get("cite") or _write_citation(meta)
    told = meta | {"respondents": _tell_mark(meta["respondents"])} if meta.get("respondents") else meta
    facts = [[term, told[key]] for term, key in FACTS if told.get(key)]
    return {**meta, "facts": facts + [[name, str(number)] for name, number in front.get("identifiers", {}).items()]}


def date_file(meta):
    """The time that a file made of a document bears: noon of the newest day that it tells of, never the clock's.

    That is the newest of the data's date, the commit's (its text is no newer), and the last review of the statement;
    the last day of the newest year that the front matter and the data's card name, where all those are older.
    SOURCE_DATE_EPOCH stands above all.
    """
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        return datetime.fromtimestamp(int(epoch), UTC)
    days = [str(meta.get(name) or "") for name in ("data_date", "commit_date", "reviewed")]
    newest = max(day for day in days if DAY.fullmatch(day))
    told = " ".join(str(meta.get(name) or "") for name in ("published", "reviewed", "source", "citation"))
    year = max(YEAR.findall(told), default="")
    return datetime.fromisoformat(newest if year <= newest[:4] else f"{year}-12-31").replace(hour=12, tzinfo=UTC)


def _tell_mark(shown):
    """A number, or its mark and what that means: no key stands beside the imprint."""
    return f"{shown} ({MARKS[shown]})" if shown in MARKS else shown


def _write_citation(meta):
    year = f" ({meta['published']})" if meta.get("published") else ""
    version = f" Version {meta['version']}." if meta["version"] else ""
    caution = f" {meta['synthetic_mark']}." if meta["synthetic"] else ""
    return (f"{meta['author']}{year}: »{meta['title']}. {meta['subtitle']}« ({meta['sector_label']}).{version} "
            f"Data dateret {meta['date_text']}.{caution}")
