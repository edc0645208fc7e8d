"""A report for office programs: figures as slides with charts that can be edited, the report as a
text that can be edited, figures and tables as an OpenDocument spreadsheet; and the text of such a
document back into the chapters.

The libraries are an extra of their own (`pip install barometer[office]`), and a run makes the files
when it is asked to.
"""
