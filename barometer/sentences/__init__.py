"""Sentences about the data: a verdict chooses one of the wordings that people wrote. What each
rests on, and how it agrees with what was published.
"""
