"""The bench: a question, a crossing, a part and a measure are chosen, in JupyterLab or by calls,
and table, figure, sentence and tests are seen at once, with the lines that put them in a chapter.

`choosing` → `asking` (the calls) → `suiting`, `wording` (how the answer is shown and worded) →
`looking` (all of it) → `showing` → `widgets` and `bench`.
"""
