"""What is taken for what when a survey is drafted, and what only a person can decide."""

from dataclasses import dataclass
from functools import partial

from barometer.designs.declared import list_span
from barometer.drafting.coding import UNANSWERED_LABEL, count_unanswered, find_unanswered_codes
from barometer.errors import BarometerError
from barometer.files.faults import suggest
from barometer.incoming.roles import Role, Sure, list_candidates
from barometer.languages.messages import choose_language, express_in
from barometer.languages.speaking import N_, _, speak, spoken

NONE = "none"
LISTED = N_("beslutninger.md")  # the file in which they stand
# Roles that change numbers: nobody guesses them without being asked. {role: (option, question)}
ASKED = {
    Role.ID: ("id", "Hvilken kolonne er respondentens løbenummer?"),
    Role.WEIGHT: ("weight", "Hvilken kolonne er vægten?"),
    Role.STRATUM: ("strata", "Hvilken kolonne er stratum?"),
    Role.CLUSTER: ("cluster", "Hvilken kolonne er klyngen, der blev udtrukket?"),
    Role.REPLICATE: ("replicates", "Hvilke kolonner er gentagelsesvægte?"),
}
COUNTED = "slet linjen unanswered ved spørgsmålet, hvis de skal tælle med"
UNREAD = (Role.CLUSTER, Role.REPLICATE)
TOO_CERTAIN = "usikkerheden kan blive vist for lille"


class Undecided(BarometerError):
    """Choices that change numbers and that nobody has made; the message lists them."""


@dataclass(frozen=True)
class Decision:
    """One line of what was decided or must be: `what`, how sure, `why`, and what to do."""

    what: str
    sure: Sure
    why: str
    remedy: str = ""


def choose_columns(columns, guesses, given, accepted=False):
    """{role: column or None} of the roles that change numbers.

    `given` {option: column, "none" or None}: what a person said; `accepted`: whether the guesses
    are taken where nothing was said. Raises `Undecided`.
    """
    chosen, open_questions = {}, []
    for role, (option, question) in ASKED.items():
        named, found = given.get(option), list_candidates(guesses, role)
        if role == Role.REPLICATE:
            found = _find_span(columns, found)
        wanted = (role == Role.REPLICATE and list_span(named)) or (named,)
        if named not in (None, NONE) and not {*wanted} <= {*columns}:
            hint = suggest(named, columns)
            raise Undecided(f"--{option} {named}: filen har ingen kolonne, der hedder det.{hint}")
        if named is not None:
            chosen[role] = None if named == NONE else named
        elif not found:
            chosen[role] = None
        elif accepted or (role == Role.ID and guesses[found[0]].sure == Sure.CERTAIN):
            chosen[role] = found[0]
        else:
            open_questions.append(_ask(role, option, question, found, guesses))
    if open_questions:
        advice = "Skriv det med valgene, eller --accept for at tage det første forslag hver gang."
        raise Undecided("\n".join([*open_questions, advice]))
    return chosen


def _ask(role, option, question, found, guesses):
    if role == Role.REPLICATE:
        return (
            f"{question} Forslag: {found[0]}. Skriv --{option} {found[0]}, eller --{option} none, "
            f"så der regnes uden; {TOO_CERTAIN}."
        )
    with speak(choose_language()):  # of whoever is asked
        sure = {name: _(guesses[name].sure.value, "guess") for name in found}
    shown = ", ".join(f"{name} ({sure[name]}: {guesses[name].why})" for name in found)
    return f"{question} Forslag: {shown}. Skriv --{option} {found[0]} eller --{option} none."


def _find_span(columns, names):
    """[the span of columns from the first to the last one named], or [] where it has others."""
    order = [name for name in columns if name in names]
    span = f"{order[0]}-{order[-1]}" if order else ""
    return [span] if list_span(span) and {*list_span(span)} <= {*columns} else []


def list_decisions(guesses, chosen, questions, routes, table, population, drawn=()):
    """[`Decision`, …], the least sure first; `table`: the answers in the registry's codes."""
    found = [*_list_chosen(guesses, chosen), *_list_population(population), *drawn]
    taken = {column for question in questions for column in question.columns}
    found += _list_left_out(guesses, chosen, taken)
    for question in questions:
        doubts = "; ".join(question.doubts) or "se, om tekst, svar og slags er rigtige"
        named = ", ".join(question.columns[:3]) + (" …" if len(question.columns) > 3 else "")
        found.append(
            Decision(f"{question.id}: {_(_KINDS[question.kind])} ({named})", question.sure, doubts)
        )
        found += _list_routing(question, routes[question.id], table)
        labels = {item.id: item.text for item in question.items} | question.answers
        none = find_unanswered_codes(question) if question.kind != "multiple" else []
        if none:
            texts = _quote(labels[one] for one in none)
            why = f"{texts} er ikke med i det, andelene er af"
            found.append(Decision(f"{question.id}: intet svar", Sure.LIKELY, why, COUNTED))
        if opinions := [one for one in question.residual if one not in none]:
            texts = _quote(labels[one] for one in opinions)
            why = f"{texts} tæller med i det, andelene er af, og vises sidst"
            found.append(Decision(f"{question.id}: ingen mening", Sure.LIKELY, why))
    order = [*Sure]
    return sorted(found, key=lambda one: -order.index(one.sure))


def _quote(labels):
    return ", ".join(_("»{label}«").format(label=label) for label in labels)


_KINDS = N_(
    {
        "single": "ét svar",
        "multiple": "flere svar",
        "battery": "ét svar i hver række",
        "scale": "en skala",
        "number": "et tal",
    }
)


def _list_chosen(guesses, chosen):
    lacking = {
        Role.ID: "rækkerne får numre",
        Role.WEIGHT: "alle svar tæller ens",
        Role.STRATUM: "svarene er trukket uden strata",
    }
    for role, column in chosen.items():
        if role in UNREAD and column is None and list_candidates(guesses, role):
            name = list_candidates(guesses, role)[0]
            yield Decision(f"{name}: {role}", Sure.UNSURE, f"bruges ikke; {TOO_CERTAIN}")
        elif role in lacking:
            what = f"{role}: {column or 'ingen'}"
            sure = guesses[column].sure if column else Sure.UNSURE
            yield Decision(what, sure, guesses[column].why if column else lacking[role])


def _list_population(population):
    guessed = "units er summen af vægtene i hvert stratum"
    if not population.is_weighed:
        guessed = "units er antallet af svar i hvert stratum"
    if population.factor > 1:
        guessed = (
            f"units er summen af vægtene i hvert stratum gange {population.factor}, så intet "
            "stratum har færre end sine svar"
        )
    remedy = "skriv, hvor mange der er i virkeligheden, og weights: relative i cards.yaml"
    remedy += "; stratum_tolerance, hvis vægtene ikke passer til hvert stratum"
    yield Decision("population.csv", Sure.UNSURE, guessed, remedy)
    for key, share in population.tolerances.items():
        why = "vægtene i et stratum summer til færre end dets svar"
        remedy = "få units og vægte til at passe, og fjern linjen"
        yield Decision(f"{key}: {share} (cards.yaml)", Sure.UNSURE, why, remedy)


def _list_left_out(guesses, chosen, taken):
    used = {*chosen.values(), *taken}
    for name, guess in guesses.items():
        if name in used or guess.role in (Role.ANSWER, Role.CLUSTER, Role.REPLICATE):
            continue
        yield Decision(f"{name}: {guess.role}", guess.sure, f"er ikke med; {guess.why}")


def _list_routing(question, route, table):
    if route.question is not None:
        named = f"{route.question}.{route.item}" if route.item else route.question
        codes = "" if route.item else f" = {' eller '.join(route.codes)}"
        why = f"kun de, der har svaret {named}{codes}, har svar her"
        yield Decision(f"{question.id}: hvem der blev spurgt", route.sure, why)
    if lacking := count_unanswered(question, table):
        label = _(UNANSWERED_LABEL)
        why = f"{lacking} har ikke svaret og er ikke med i det, andelene er af ({label})"
        if question.items and question.kind != "multiple":
            why = f"{lacking} har en række eller flere uden svar og tæller ikke med i dem ({label})"
        if route.question is None and route.sure == Sure.UNSURE:
            why += "; måske blev de ikke spurgt"
        yield Decision(f"{question.id}: intet svar", route.sure, why, COUNTED)


def write_decisions(title, decisions, ways):
    """The list as Markdown, for the project's folder, in the language that is spoken."""
    head = [
        f"# {title}: hvad der er gættet, og hvad der skal besluttes",
        "",
        "Lavet af filen med svar. Gå listen igennem ovenfra, ret i data/ og forsegl igen med",
        "`python -m barometer seal`. Slet en linje, når nogen har taget stilling til den.",
        "",
        *(f"* {way}" for way in ways),
        "",
        "| hvad | hvor sikkert | hvorfor | hvad der kan gøres |",
        "|---|---|---|---|",
    ]
    write = partial(express_in, spoken())
    lines = [*map(write, head)]
    for one in decisions:
        cells = (one.what, _(one.sure.value, "guess"), one.why, one.remedy)
        cells = [write(cell).replace("|", "\\|") for cell in cells]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join([*lines, ""])
