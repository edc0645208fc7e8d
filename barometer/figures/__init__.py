"""The report's figures and tables: picture, alternative text, note and table in one call from one
`Released`.
"""
