"""Made-up surveys that give all that is published, and other counts in the cells that are not: the
certificate of a folder of reports is made here, from its published files alone.
"""
