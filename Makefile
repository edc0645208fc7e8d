# Short names for the commands in README.md. On Windows, use those themselves.
.PHONY: setup report test slow

setup:
	python3 -m venv .venv
	.venv/bin/pip install -r requirements.txt
	.venv/bin/pip install -r requirements-test.txt
	.venv/bin/pre-commit install

report:
	.venv/bin/python run_all.py

test:
	.venv/bin/python -m pytest

slow:
	.venv/bin/python -m pytest -m slow
