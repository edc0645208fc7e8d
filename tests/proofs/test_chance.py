"""What a certificate tells of the truth, tried on many made surveys: nothing that the published
numbers do not.
"""

import numpy as np
import pytest

from barometer.proofs.writing import make_certificate
from barometer.verify.certificate import CERTIFICATE, check_folder, read_certificate
from tests.proofs.test_certificate import publish

SURVEYS = 60
N = 100


def draw(random):
    """A survey of which two answers are suppressed: their sum, and the true count of the first."""
    together = int(random.integers(6, 31))
    return together, int(random.integers(0, together + 1))


def read_counts(folder):
    """The counts that the surveys of a certificate have of the first suppressed answer."""
    surveys = read_certificate(folder / CERTIFICATE)[0]["surveys"]
    first = surveys[0]["columns"]
    return sorted({(first | one["columns"])["novelty"].count("1") for one in surveys})


@pytest.fixture(scope="module")
def tried(tmp_path_factory):
    """[(sum of two suppressed answers, truth of the one, its counts in the certificate)]."""
    random, found = np.random.default_rng(20200229), []
    for number in range(SURVEYS):
        together, truth = draw(random)
        folder = publish(
            tmp_path_factory.mktemp("made") / str(number),
            "all",
            ("all", "all", str(N), N),
            ("novelty=first", "all", f"{N - together - 10} %", N),
            ("novelty=inspired", "all", "[c]", ""),
            ("novelty=copy", "all", "[c]", ""),
            ("novelty=dont_know", "all", "10 %", N),
        )
        make_certificate(folder)
        assert check_folder(folder) == (2, 2, [])
        found.append((together, truth, read_counts(folder)))
    return found


@pytest.mark.slow
def test_a_made_up_count_is_the_true_one_as_often_as_chance_has_it(tried):
    hits = sum(truth in counts for _, truth, counts in tried)
    chances = np.array([len(counts) / (together + 1) for together, _, counts in tried])
    spread = np.sqrt((chances * (1 - chances)).sum())
    assert abs(hits - chances.sum()) < 3 * spread
    # one that has the truth among its surveys would be found
    assert SURVEYS - chances.sum() > 3 * spread


@pytest.mark.slow
def test_neither_end_nor_middle_of_the_made_up_counts_is_nearer_the_truth_than_the_middle_of_what_is_possible(
    tried,
):
    def miss(guess):
        return np.array([abs(guess(together, counts) - truth) for together, truth, counts in tried])

    known = miss(lambda together, _: together / 2)
    for guess in (
        lambda _, counts: min(counts),
        lambda _, counts: max(counts),
        lambda _, counts: (min(counts) + max(counts)) / 2,
        lambda _, counts: float(np.mean(counts)),
    ):
        better = known - miss(guess)
        assert better.mean() < 2 * better.std(ddof=1) / np.sqrt(SURVEYS)


@pytest.mark.slow
def test_the_made_up_counts_do_not_cling_to_the_ends_of_what_is_possible(tried):
    ends = sum(count in (0, together) for together, _, counts in tried for count in counts)
    assert ends < sum(len(counts) for *_, counts in tried) / 3
