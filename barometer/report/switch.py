"""Links from a page to the same chapter of the other reports that lie beside it.

A page is written with places for them and without links: which reports there are is known when all
are made, and another run may add one or fail to make it.
"""

from markupsafe import Markup, escape

from barometer.languages.speaking import N_, _

BEGIN, END, CLOSE = "<!--reports:", "<!--/reports-->", "-->"
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
