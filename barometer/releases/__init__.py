"""What is published already: the releases of a survey that are remembered, without microdata, and
what lies in a folder of reports. A new plan is made beside them, so that nothing that was
suppressed comes back from the old reports and the new ones together.
"""
