"""The statistics bank of a folder of reports: each question that they have numbers on, in every
part and group, as one page that works without a net, with tables that need no script.

All of it is what the reports show. No module here opens a survey or reads a number with full
precision; each number on the page names the row of a report's `numbers.csv` that it is.
"""
