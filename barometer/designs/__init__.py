"""How a survey says that it was drawn: fields of its card, columns of its answers, and every fault
of them. Hands on the `Design` or `Replicates` that errors are estimated by.
"""
