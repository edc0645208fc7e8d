"""The one gate between estimates and readers. `gate.protect` makes a `Released`, and nothing else
does. Which cells are closed follows from the rules and from the plan of the whole survey.
"""
