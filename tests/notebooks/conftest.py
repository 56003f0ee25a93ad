"""The broken notebook is run on purpose, by test_broken.py, and never with the others."""

collect_ignore = ["broken.ipynb"]
