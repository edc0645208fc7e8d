"""The Innovation Barometer's report: helper modules for the chapter notebooks."""
