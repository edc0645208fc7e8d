"""seaborn opens sooner without parts of scipy, and draws everything it draws with them."""

import subprocess
import sys

from tests.conftest import ROOT

DRAW = """{bars}
import sys
before = "scipy.stats" in sys.modules or "scipy.cluster" in sys.modules
import matplotlib, numpy, pandas
import seaborn
matplotlib.use("agg")
values = pandas.DataFrame(numpy.random.default_rng(1).normal(size=(10, 5)))
for cumulative in (False, True):
    print(seaborn.kdeplot(values[0], cumulative=cumulative).lines[-1].get_xydata().sum())
print(seaborn.clustermap(values).dendrogram_row.linkage.sum())
from scipy.cluster.hierarchy import linkage
from scipy.stats import norm
import scipy
print(norm.cdf(1), linkage(values).sum(), scipy.stats.norm is norm)
print(before, file=sys.stderr)"""


def draw(bars):
    done = subprocess.run(
        [sys.executable, "-c", DRAW.format(bars=bars)], capture_output=True, text=True, cwd=ROOT
    )
    return done.stdout, done.stderr


def test_what_seaborn_takes_from_scipy_comes_when_it_is_drawn_with_and_not_before():
    ours, plain = draw("import barometer.figures.bars"), draw("import seaborn")
    assert ours[0] == plain[0] and len(ours[0].splitlines()) == 4
    assert (ours[1], plain[1]) == ("False\n", "True\n")


NEEDED = """from barometer.figures.deferred import put_off
with put_off():
    from scipy.stats import norm
    import scipy.cluster
print(norm.cdf(0), norm.__module__)
import scipy.stats, scipy.cluster.vq
print(scipy.stats.norm is norm, scipy.cluster.vq.kmeans.__name__)"""


def test_whoever_needs_the_rest_of_scipy_meanwhile_gets_it():
    done = subprocess.run([sys.executable, "-c", NEEDED], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout == "0.5 scipy.stats._continuous_distns\nTrue kmeans\n", done.stderr


def test_scipy_that_is_there_already_is_left_alone():
    assert (
        draw("import scipy.stats, scipy.cluster\nimport barometer.figures.bars")[0]
        == draw("import seaborn")[0]
    )
