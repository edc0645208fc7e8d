"""What a chapter can ask a survey, and what the answer can do: tell, draw and show itself.

`asking` → `Answer` (a table of contents) → `telling`, `drawing`; `passages` are on the survey
itself; `views` is what JupyterLab shows, on the screen only.
"""
