"""What a run writes on the screen: what it runs and why, how far it is, and what came of it; and
what a plan closes most. Each `tell_…` gives lines.
"""

import sys
from collections import Counter
from contextlib import contextmanager

from barometer.data.domains import WHOLE, list_heads, split_domain, strip_not
from barometer.disclosure.plan import SECONDARY
from barometer.files.console import is_watched
from barometer.languages.catalogues import PROGRAM, PROJECT, list_untranslated
from barometer.languages.speaking import SOURCE, own_language
from barometer.text import format_count

MOST = 10  # numbers without account that are named
NAMED = 3  # texts without a translation that are named
MUCH, MUCH_OF = 20, 0.05  # cells of a plan, and the share of them, from which closed ones are many
COSTLY = 4  # of each kind that are named


def tell_reasons(run, findings):
    """What is run and what is not, chapter by chapter, and why."""
    for variant in run.variants:
        name = variant.name + run.suffix
        if variant in findings.standing:
            yield f"{name}: står uændret"
            continue
        for chapter in run.chapters:
            why = findings.reasons[variant].get(chapter.name)
            state = f"køres ({why})" if why else "køres ikke (gemt resultat)"
            yield f"{name}, {chapter.name}: {state}"
        yield f"{name}: rapporten sættes"


@contextmanager
def show_progress(total, jobs):
    """A bar of the chapters done, running and the time left, in a terminal; nothing where nobody
    watches. Gives what is to be called for each chapter that is done.
    """
    from tqdm import tqdm

    shape = "{desc}: {n_fmt} af {total_fmt} |{bar}|{postfix}, ca. {remaining} tilbage"
    options = {"dynamic_ncols": True, "disable": None, "bar_format": shape}
    with tqdm(total=total, desc="Kapitler kørt", **options) as bar:

        def advance(_=None, done=1):
            running = min(jobs, total - bar.n - done)
            bar.set_postfix_str(f"{running} kører", refresh=not done)
            bar.update(done)

        advance(done=0)
        yield advance


def tell_reports(run, reports, seconds):
    """What was made and what failed, report by report."""
    yield f"{'Rapport':<25} {'Resultat':<42}{'Arbejde, s':>10}"
    metas = (report.told.get("meta", {}) for report in reports)
    yield from dict.fromkeys(f"Læst: {one}." for meta in metas for one in meta.get("told", ()))
    for report in reports:
        failed = [result for result in report.results if result.failure]
        if report.folder:
            outcome = ", ".join(path.name for path in sorted(report.folder.glob("report.*")))
            outcome += " (uændret)" if report.stood else ""
        elif failed:
            outcome = f"IKKE LAVET: {len(failed)} af {len(report.results)} kapitler fejlede"
        else:
            outcome = f"IKKE LAVET: {'den har fund' if report.told else 'den kunne ikke sættes'}"
        yield f"{report.name:<25} {outcome:<44}" + f"{report.seconds:>8.1f}".replace(".", ",")
        if report.beside:
            foreign = ", ".join(report.beside)
            yield f"  Ikke rapportens egne filer, som er blevet liggende i mappen: {foreign}"
        failures = [(f"{result.chapter}, ", result.failure) for result in failed]
        for where, failure in [*failures, ("", report.failure)]:
            if failure:
                yield f"  {where}{failure if is_watched(sys.stdout) else failure.logged}"
    yield from (f"Udeladt: {why}" for why in run.left_out)
    yield f"I alt {seconds:.0f} sekunder. Rapporterne er samlet i {run.output / 'index.html'}"


def tell_findings(reports):
    """All that fails a strict run: sentences with another verdict than the published one, numbers
    that nothing accounts for, cells whose output is in no report though it may have been meant for
    it.
    """
    lines = []
    built = [report for report in reports if report.told]
    for name, row in [(one.name, row) for one in built for row in one.told["deviations"]]:
        from barometer.sentences.register import WORDS

        verdict, published, status = (
            WORDS[row[column]] for column in ("verdict", "published_verdict", "status")
        )
        words = f"{row['id']} er {verdict}, men publiceret som {published} ({status})"
        lines.append(f"  {name}: {words}: {row['sentence']}")
    faults = _list_unexplained(built)
    lines += [f"  {fault}" for fault in faults[:MOST]]
    if len(faults) > MOST:
        rest = len(faults) - MOST
        lines.append(f"  Og {rest} til: python -m barometer verify viser dem alle.")
    # a chapter shows the same in all reports, and is named once
    return [*lines, *dict.fromkeys(f"  {line}" for one in built for line in one.told["left_out"])]


def tell_account(reports):
    """How many numbers were read back from the reports, where all are accounted for."""
    built = [report for report in reports if report.told]
    count = sum(report.told["numbers"] for report in built)
    if count and not _list_unexplained(built):
        yield f"Rapporterne er læst tilbage: Der er gjort rede for alle {count} tal."


def tell_release(run, reports):
    """How many cells of these reports passed the gate, and how many were closed under each mark."""
    from barometer.disclosure.rules import MARKS

    releases = [report.told["release"] for report in reports]
    if cells := sum(release["cells"] for release in releases):
        shown, *closed = (
            sum(release["status"].get(mark, 0) for release in releases)
            for mark in ("shown", *MARKS)
        )
        closed = ", ".join(f"{n} {mark}" for n, mark in zip(closed, MARKS, strict=True))
        yield f"Kontrollen har set {cells} celler: {shown} vist, {closed}. Se {run.internal}."


def _list_unexplained(built):
    faults = [fault for report in built for fault in report.told["faults"]]
    unused = {report.name: report.told["unused"] for report in built}
    if any(unused.values()):
        from barometer.verify.typed import name_stale

        faults += name_stale(unused)
    return faults


def name_untranslated(language):
    """Lines on the texts that a `language` lacks, which are shown as they are; "" is the project's
    own, which lacks none of the project's texts.
    """
    own = own_language()
    language = language or own
    # what each was written in lacks nothing
    domains = [PROJECT] * (language != own) + [PROGRAM] * (language != SOURCE)
    if not (texts := list_untranslated(language, domains)):
        return []
    named = "; ".join(f"»{' '.join(text.split())[:50]}«" for text in texts[:NAMED])
    count = "1 tekst" if len(texts) == 1 else f"{format_count(len(texts))} tekster"
    command = f"python -m barometer translate {language} --check --all"
    return [
        f"Ikke oversat ({language}): {count}, der står på kapitlernes sprog: {named}. Se {command}"
    ]


def list_costs(registry, planned):
    """Lines on what a plan closes most, where it closes much: questions by what divides them, rare
    answers, small groups, parts; and what helps. Of means that few withhold, always.
    """
    closed = planned.closed
    yield from _list_means(registry, closed)
    if len(closed) < max(MUCH, MUCH_OF * len(planned.scope)):
        return
    of = f"{format_count(len(closed))} af {format_count(len(planned.scope))}"
    yield f"Lukkede celler: {of}. Mest lukkes her:"
    every = Counter(_name_table(cell) for cell in planned.scope)
    named = Counter(_name_table(cell) for cell in closed)
    ruled = [cell for cell, rule in closed.items() if rule != SECONDARY]
    rules = Counter(_name_table(cell) for cell in ruled)
    for name, count in named.most_common(COSTLY):
        of = f"{format_count(count)} af {format_count(every[name])}"
        yield f"  {name}: {of}, heraf {format_count(rules[name])} efter reglerne"
    answers = Counter(item for item, _group, _domain in ruled)
    yield f"  Svar, som få har givet: {_list_most(registry, answers)}"
    groups = Counter(group for _item, group, _domain in ruled if group != WHOLE)
    if groups:
        yield f"  Grupper med få svar: {_list_most(registry, groups)}"
    parts = Counter(_name_dimensions(domain) for *_cell, domain in closed)
    shown = ", ".join(
        f"{name} {format_count(count)}" if name else f"hele undersøgelsen {format_count(count)}"
        for name, count in parts.most_common(COSTLY)
    )
    yield f"  Rapporter efter del: {shown}"
    yield (
        "Færre lukkes, når svar, som få har givet, samles (en variabel under derived med any_of), "
        "når små grupper slås sammen, når kapitlerne spørger om færre grupper, og når rapporterne "
        "har færre dele (domains i questionnaire.yaml). Forsegl igen."
    )


def _list_means(registry, closed):
    """A line on each scale whose mean is closed somewhere, as few gave none of its points."""
    items = (item for item, _group, _domain in closed)
    found = Counter(item for item in items if _counts_points(registry, item))
    for item, count in found.items():
        question = registry.questions[registry.find_question(item)]
        said = [one for one in question.residual if one not in question.unanswered]
        answers = ", ".join(f"{one} ({question.answers[one]})" for one in said)
        name, places = item.partition("=")[0], format_count(count)
        yield (
            f"Gennemsnittet af {name} vises ikke i alle grupper og dele ({places} lukkes): Af hvor "
            f"mange der gav et tal, kunne det regnes ud, at få har svaret {answers}. Skriv svaret "
            "under unanswered ved spørgsmålet, så det ikke tæller med, eller spørg om færre "
            "grupper."
        )


def _counts_points(registry, item):
    """Whether a variable is that a point of a scale was given, where an answer is none."""
    question = registry.questions.get(registry.find_question(item))
    if not question or question.kind != "scale":
        return False
    said = {*question.residual} - {*question.unanswered}
    return bool(said) and {*registry.parse(strip_not(item)).answers} == {*question.answers} - {
        *question.residual
    }


def _name_table(cell):
    """A cell's question, and what divides those who answered it."""
    item, group, _domain = cell
    heads, by = dict.fromkeys(list_heads(item)), dict.fromkeys(list_heads(group))
    shown = " & ".join(heads)
    if group == WHOLE:
        return shown
    return f"{shown}, by={' & '.join(by)}"


def _name_dimensions(domain):
    """What reports on a domain are divided by; "" for the whole."""
    return " & ".join(split_domain(domain))


def _list_most(registry, counts):
    return ", ".join(
        f"{name} ({registry.label(name)}) {format_count(count)}"
        for name, count in counts.most_common(COSTLY)
    )
