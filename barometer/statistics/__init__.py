"""A sample's design in, estimates and tests out. Knows nothing of files, surveys or sentences."""
