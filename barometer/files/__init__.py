"""Files as people write them and as programs leave them: text, YAML, CSV, SPSS, Stata, SAS,
pictures; a file or folder whole in its place or not there at all; what is wrong with one, as a
sentence. Hands on plain data, tables and `Fault`.
"""
