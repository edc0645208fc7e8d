"""A report for office programs: figures as slides with charts that can be edited, the report as a
text that can be edited, figures and tables as an OpenDocument spreadsheet; and the text of such a
document back into the chapters.

A run makes the files when it is asked to (`--format office`): they take half a second a report.
"""
