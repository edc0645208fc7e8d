"""JSON Schemas (draft 2020-12) of the files that people write: an editor completes their fields and
underlines what the program would refuse. Made from the program's own lists of fields.
"""
