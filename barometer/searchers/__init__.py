"""Who looks for patterns of suppressed cells while a folder is sealed: processes of this machine,
or the workers of a Dask cluster.
"""
