"""A survey's folder, and a chapter, drafted from a file of answers.

Columns (`incoming/`) become questions (`grouping.py`), and empty cells routing or no answer
(`routing.py`). `folder.py` writes the survey's files, `chapters.py` a chapter, `project.py` the
folder around them. Every guess is listed with how sure it is and what a person must decide.
"""
