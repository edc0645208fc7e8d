"""Which cells must be suppressed besides, so that no suppressed count comes back: attacks by linear
programmes on what stays open, patterns of cells that hide each other, and the bounds of that work.
It holds cells, counts and kinds of respondents, and neither rules nor surveys.
"""
