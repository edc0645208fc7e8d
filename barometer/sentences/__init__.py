"""Sentences about the data: a verdict chooses a wording; what that rests on; what was published."""
