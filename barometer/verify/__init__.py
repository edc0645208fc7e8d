"""Finished pages read back, each number that nothing accounts for, the record of a release, what
changed between two runs.
"""
