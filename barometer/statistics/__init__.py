"""A sample's design in, estimates and tests out; nothing here depends on files or sentences."""
