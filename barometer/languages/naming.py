"""Names of files and folders of reports, in the language that the project is written in: a report
in another language has the same, so that pages lead to each other.
"""

from barometer.languages.speaking import N_, _, own_language, speak

STATEMENT = N_("tilgaengelighed.html", "file")  # beside the front page
PARTLY = N_("kapitel", "file")  # before the numbers of the chapters that a report is on


def name_statement():
    """The name of the accessibility statement."""
    return _name(STATEMENT)


def name_partly(numbers):
    """What is added to the name of a part's folder where a report is on some chapters: the numbers
    of these with a dash between.
    """
    return f"-{_name(PARTLY)}-{numbers}"


def _name(name):
    with speak(own_language()):
        return _(name, "file")
