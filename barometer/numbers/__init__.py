"""Estimates of values that are more than true or false, such as points of a scale: means and tests
of their differences, by the designs and errors of `statistics/`. Hands on `Means`, which are not
yet releasable.
"""
