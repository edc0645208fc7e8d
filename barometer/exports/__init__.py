"""A report for other programs: its shares as CSV with its description, as JSON-stat and as PX, its
sentences as JSON, and its folder as a dataset that catalogues and archives can read.

All of it is made of what the report shows: the columns of `numbers.csv` and `claims.csv`, and the
document; and of the registry, as to what was asked. No module here reads a number with full
precision.
"""
