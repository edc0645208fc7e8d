"""What lies in a folder of reports counts together at once: whether reports that were made earlier
may lie beside those of a plan.
"""

from dataclasses import replace

from barometer.data.domains import WHOLE
from barometer.data.terms import RegistryError
from barometer.disclosure.plan import find_rules, list_needed, name_cell
from barometer.disclosure.relations import find_base
from barometer.errors import BarometerError
from barometer.releases.differences import find_changed_sizes
from barometer.releases.reading import SUPPRESSED, read_folder
from barometer.text import format_count

NAMED = 3  # cells that a refusal names


class Standing(BarometerError):
    """An earlier report in the folder that may not lie beside new ones. Its arguments: the report's
    folder, and the cells that are shown in one of the two and suppressed in the other.
    """

    def __str__(self):
        place, cells = self.args
        named = ", ".join(" / ".join(cell) for cell in cells[:NAMED])
        more = f" og {format_count(len(cells) - NAMED)} til" if len(cells) > NAMED else ""
        return (
            f"Rapporten i {place} er lavet tidligere, efter andre data eller en anden plan, og kan "
            f"ikke ligge i mappe med nye: Af dem tilsammen kan lukkede tal regnes ud ({named}"
            f"{more}). Lav den på ny i samme kørsel, lad den blive flyttet med --supersede, eller "
            "læg de nye i en anden mappe med --output."
        )


def refuse_standing(output, names, survey):
    """Raise `Standing` for the first of some reports in a folder that may not lie beside those that
    the survey's plan allows.
    """
    for name in sorted(names):
        seen = read_folder(output, [name])
        cells = seen.cells[name] if survey.name in seen.names else {}
        if found := find_uncovered(survey, survey.plan, cells):
            raise Standing(output / name, found)


def find_uncovered(survey, plan, cells):
    """The cells ({cell: `reading.Seen`}) that are seen otherwise than in reports of a plan:
    shown and not planned open, suppressed and open, or of other respondents. Sorted.
    """
    survey, registry = replace(survey, plan=plan), survey.registry
    known = plan.scope.union(find_base(registry, cell) for cell in plan.scope)
    try:
        found = set(find_changed_sizes(survey, cells))
        for named, seen in cells.items():
            cell = name_cell(registry, *named)
            if seen.status != SUPPRESSED:
                needed = list_needed(registry, cell)
                if not all(_is_open(plan, known, one) for one in needed):
                    found.add(named)
            elif not find_rules(survey, [cell])[0] and cell not in survey.exceptions:
                found.add(named)
    except RegistryError:  # of what the questionnaire no longer has
        return sorted(cells)
    return sorted(found)


def _is_open(plan, known, cell):
    """Whether a plan lets a cell be shown: it is among those `known` to it, its scope and their
    bases, the size of a group among them, or the sum of such answers.
    """
    item, *where = cell
    if cell in known:
        return cell not in plan.closed
    if item == WHOLE and (counted := (where[0], WHOLE, where[1])) in known:
        return counted not in plan.closed  # how many are in a group, by its other name
    name, _, answers = item.partition("=")
    parts = answers.split("|") if "&" not in item else ()
    return len(parts) > 1 and all(
        _is_open(plan, known, (f"{name}={answer}", *where)) for answer in parts
    )
