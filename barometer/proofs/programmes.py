"""A linear programme, solved by HiGHS (dual simplex; Huangfu & Hall 2018) without a limit of time,
so that the same programme has the same solution wherever it is solved.
"""

import numpy as np

STEPS = 20_000  # of one programme; the longest seen took some hundreds
OPTIONS = {"output_flag": False, "presolve": "off", "threads": 1, "solver": "simplex"}


def solve(costs, limits, matrix, rows):
    """The cheapest columns; None where there are none. `limits` of the columns, `rows` of the
    sums in `matrix` (CSR): (lows, highs) each.
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
    for name, value in (OPTIONS | {"simplex_iteration_limit": STEPS}).items():
        model.setOptionValue(name, value)
    model.passModel(programme)
    if model.run() == highspy.HighsStatus.kError:  # others use HiGHS with more threads
        model.resetGlobalScheduler(True)
        model.run()
    found = model.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return np.array(model.getSolution().col_value) if found else None
