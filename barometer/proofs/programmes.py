"""A linear programme, solved by HiGHS (dual simplex; Huangfu & Hall 2018) without a limit of time,
so that the same programme has the same solution wherever it is solved.
"""

import numpy as np

LIMIT = {"simplex_iteration_limit": 20_000}  # the longest seen took some thousands
QUICK = {"presolve": "on"}  # of a programme with many rows
STAYS, DEAR = 1e-3, 100.0  # what a weight that is doubled costs, and a respondent that is missed
OPTIONS = {"output_flag": False, "presolve": "off", "threads": 1, "solver": "simplex"}


def solve(costs, limits, matrix, rows, options=None):
    """The cheapest columns; None where there are none. `limits` of the columns, `rows` of the
    sums in `matrix` (CSR): (lows, highs) each. `options`: of HiGHS, beside the usual ones.
    """
    import highspy  # here: most runs make no certificate

    programme = highspy.HighsLp()
    programme.num_col_, programme.num_row_ = len(costs), matrix.shape[0]
    programme.col_cost_ = np.asarray(costs, float)
    programme.col_lower_, programme.col_upper_ = (np.asarray(one, float) for one in limits)
    programme.row_lower_, programme.row_upper_ = (np.asarray(one, float) for one in rows)
    programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    programme.a_matrix_.start_ = matrix.indptr
    programme.a_matrix_.index_, programme.a_matrix_.value_ = matrix.indices, matrix.data
    model = highspy._Highs()  # Highs itself writes a notice to standard output
    for name, value in (OPTIONS | LIMIT | (options or {})).items():
        model.setOptionValue(name, value)
    model.passModel(programme)
    if model.run() == highspy.HighsStatus.kError:  # others use HiGHS with more threads
        model.resetGlobalScheduler(True)
        model.run()
    found = model.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return np.array(model.getSolution().col_value) if found else None


def miss_least(start, lines, lows, highs, parts, limits):
    """(weights by which each line's sum is between its ends, or misses them by as little as can be
    in all; by how much each misses them). They are within the limits, as near `start` as that
    allows, and no part weighs more or less. None where none were found.
    """
    from scipy.sparse import block_array, csr_array, eye_array

    (many, size), missed, lines = lines.shape, eye_array(len(lines)), csr_array(lines)
    blocks, rests = [[lines, -lines, missed, -missed]], np.zeros(len(parts))
    if len(parts):
        blocks.append([csr_array(parts), -csr_array(parts), None, None])
    rooms = [np.maximum(limits[1] - start, 0), np.maximum(start - limits[0], 0)]
    found = solve(
        np.concatenate([STAYS / start, STAYS / start, np.full(2 * many, DEAR)]),
        (np.zeros(2 * (size + many)), np.concatenate([*rooms, np.full(2 * many, np.inf)])),
        block_array(blocks, format="csr"),
        tuple(np.concatenate([ends - lines @ start, rests]) for ends in (lows, highs)),
        QUICK,
    )
    if found is None:
        return None
    ups, downs = found[:size], found[size : 2 * size]
    short, over = found[2 * size :].reshape(2, many)
    return start + ups - downs, short + over
