"""How the respondents of a file of answers were drawn: fields of a card, columns of answers."""

import json
from dataclasses import dataclass, field

import pandas as pd

from barometer.designs.declared import list_span
from barometer.designs.recognising import NUMBERED, read_method, recognise
from barometer.drafting.deciding import TOO_CERTAIN, Decision, Undecided
from barometer.files.faults import raise_faults
from barometer.incoming.doubtful import find_fault
from barometer.incoming.roles import Role, Sure
from barometer.languages.speaking import _

CLUSTER, SETS = "cluster", "replicate_"  # how the columns are called in the drafted survey
SEEN = "metoden kan ses af vægtene"
UNCORRECTED = Decision(
    "correction: none (cards.yaml)",
    Sure.UNSURE,
    "usikkerheden regnes, som om kun få af alle blev spurgt",
    "fjern linjen, når units er de virkelige tal",
)


@dataclass(frozen=True)
class Drawn:
    """`fields` of cards.yaml, `columns` {name: values} of the answers, and what was decided."""

    fields: dict = field(default_factory=dict)
    columns: dict = field(default_factory=dict)
    decisions: tuple = ()
    lonely: bool = False


def read_drawn(source, chosen, strata, weights, method=None, accepted=False):
    """`Drawn` of the columns `chosen` {role: column, span of columns or None}.

    Raises `DataFault` for replicate weights that are no numbers, and `Undecided` where nobody can
    see how they were made.
    """
    alone = bool((strata.value_counts() == 1).any())
    if span := chosen[Role.REPLICATE]:
        return _read_sets(source, list_span(span), weights, method, accepted, alone)
    name = chosen[Role.CLUSTER]
    if not name:
        return Drawn({"correction": "none"}, {}, (UNCORRECTED,), alone)
    clusters = source.frame[name]
    alone = bool((clusters.groupby(strata).nunique() == 1).any())
    why = "antallet af klynger kendes ikke, så de regnes udtrukket med tilbagelægning"
    decision = Decision(f"clusters: {name} (cards.yaml)", Sure.UNSURE, why, "skriv cluster_sizes")
    return Drawn({"clusters": [CLUSTER]}, {CLUSTER: clusters.astype(str)}, (decision,), alone)


def _read_sets(source, names, weights, method, accepted, alone):
    table = source.frame[list(names)].apply(pd.to_numeric, errors="coerce")
    wrong = ~(table >= 0).to_numpy()
    held = [name for name, one in zip(names, wrong.T, strict=True) if one.any()]
    problem = "gentagelsesvægten mangler, er ikke et tal eller er under nul"
    bad = pd.Series(wrong.any(axis=1))
    if fault := find_fault(source, held, bad, problem, "hent filen igen"):
        raise_faults([fault])
    found = recognise(weights.to_numpy(), table.to_numpy(float))
    span = f"{names[0]}-{names[-1]}"
    if method:
        found |= read_method(method)
    if "method" not in found:
        if not accepted:
            raise Undecided(
                f"{span}: metoden kan ikke ses af gentagelsesvægtene. Skriv --method JK1, BRR, "
                "bootstrap, Fay:0.3 eller JKn:0.5, som filens vejledning siger, eller --replicates "
                "none."
            )
        why = f"bruges ikke, for metoden kan ikke ses af dem; {TOO_CERTAIN}"
        left_out = Decision(f"{span}: {Role.REPLICATE}", Sure.UNSURE, why)
        return Drawn({"correction": "none"}, {}, (left_out, UNCORRECTED), alone)
    digits = len(str(len(names)))
    own = [f"{SETS}{number:0{digits}d}" for number in range(1, len(names) + 1)]
    fields = {"method": found["method"], "columns": f"{own[0]}-{own[-1]}"}
    fields |= {key: found[key] for key in (*NUMBERED.values(), "form") if key in found}
    what = f"{span}: {found['method']}, {len(names)} sæt {Role.REPLICATE}e"
    sure = Decision(
        what, Sure.UNSURE if method else Sure.LIKELY, "sagt med --method" if method else SEEN
    )
    columns = {one: table[name] for one, name in zip(own, names, strict=True)}
    return Drawn({"replicates": fields}, columns, (sure,))


def write_fields(fields):
    """Lines of cards.yaml."""
    note = _("ingen korrektion for, hvor stor en del der blev spurgt")
    notes = {"correction": f"   # {note}"}
    return [
        f"{key}: {value if isinstance(value, str) else json.dumps(value)}{notes.get(key, '')}"
        for key, value in fields.items()
    ]
