"""Links from a page to the same chapter of the other reports that lie beside it, and to the same
page in other languages.

A page is written with places for them and without links: which reports there are is known when all
are made, and another run may add one or fail to make it.
"""

import os
import re

from markupsafe import Markup, escape

from barometer.languages.numerals import name_language
from barometer.languages.speaking import N_, _

BEGIN, END, CLOSE = "<!--reports:", "<!--/reports-->", "-->"
LANGUAGES = re.compile(r"<!--languages:(\w+)-->.*?<!--/languages-->")  # in page.html.j2
CHAPTER, REPORT = N_(("Samme kapitel om", "Andre rapporter"))


def leave_place(anchor):
    """A place for links to the element `anchor` of other pages ("" for the pages themselves)."""
    return Markup(f"{BEGIN}{escape(anchor)}{CLOSE}{END}")


def link_reports(page, others):
    """A page with links in each place left for them. `others`: [(label, its page's path), …]."""
    head, *parts = page.split(BEGIN)
    return head + "".join(_fill(part, others) for part in parts)


def _fill(part, others):
    anchor, _close, rest = part.partition(CLOSE)
    links = " · ".join(
        f'<a href="{escape(path)}{f"#{anchor}" if anchor else ""}">{escape(label)}</a>'
        for label, path in others
    )
    lead = _(CHAPTER if anchor else REPORT)
    filled = f'<p class="others">{lead}: {links}</p>' if others else ""
    return f"{BEGIN}{anchor}{CLOSE}{filled}{END}{rest.partition(END)[2]}"


def link_languages(folders, path):
    """{language: text of its page} of the page at `path` in each of {language: folder} that has it,
    with links to the others at its head and for programs.
    """
    pages = {code: folder / path for code, folder in folders.items() if (folder / path).is_file()}
    found = {}
    for code, page in pages.items():
        every = {one: os.path.relpath(other, page.parent) for one, other in pages.items()}
        filled = dict.fromkeys(("head", "top"), "")
        if len(every) > 1:
            filled["head"] = "".join(
                f'<link rel="alternate" hreflang="{one}" href="{escape(to)}">'
                for one, to in every.items()
            )
            links = "".join(
                f'<a href="{escape(to)}" hreflang="{one}" lang="{one}">{name_language(one)}</a>'
                for one, to in every.items()
                if one != code
            )
            filled["top"] = f'<p class="languages">{links}</p>'
        parts = LANGUAGES.split(page.read_text(encoding="utf-8"))
        for at in range(1, len(parts), 2):
            parts[at] = f"<!--languages:{parts[at]}-->{filled[parts[at]]}<!--/languages-->"
        found[code] = "".join(parts)
    return found
