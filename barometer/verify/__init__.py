"""Finished pages read back as a reader meets them, and each number that nothing accounts for.
Imports nothing of the program that made them but the names of files.
"""
