"""The certificate of a folder of reports: at the end of a run, and by itself with
`python -m barometer prove`.
"""

import os
from pathlib import Path

from barometer.verify.certificate import CERTIFICATE, LEFT, count_proved
from barometer.verify.claims import NUMBERS

MOST = 10  # faults that are listed


def prove(folder, reports=None, *more):
    """What `writing.certify` returns. All is computed on one core, for the same bytes."""
    if not any(Path(folder).glob(f"*/{NUMBERS}")):
        (Path(folder) / CERTIFICATE).unlink(missing_ok=True)
        return {}
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    from barometer.proofs.writing import certify  # after numpy is limited to one core

    return certify(folder, reports, *more)


def list_unproved(proof):
    """What a run says of its certificate: how many cells it leaves open and where they are, in
    one line, and a line for each other fault, up to `MOST`.
    """
    if not proof:
        return
    left = proof["closed"] - proof["proved"]
    where = f" {left} er ikke bevist: python -m barometer verify viser hvilke og hvorfor."
    yield count_proved(proof["proved"], proof["closed"]) + (where if left else "")
    other = [fault for fault in proof["faults"] if LEFT not in fault]
    yield from (f"  {fault}" for fault in other[:MOST])
    if (rest := len(other) - MOST) > 0:
        yield f"  Og {rest} til: python -m barometer verify viser dem alle."
    if proof["apart"]:
        names = ", ".join(proof["apart"])
        yield f"  Ikke med i beviset, da de er lavet efter andre data eller en anden plan: {names}."
