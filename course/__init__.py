"""Look Twice: a course on media literacy for the age of generated video.

The package is the house behind the notebooks. It has three floors, and imports only point down:
``ui`` (what a learner touches), ``lessons`` (what a notebook calls), and the ground floor
(``media``, ``forensics``, ``provenance``, ``sources``, ``judgement``, ``statistics``, ``record``), which knows
nothing of Jupyter.
"""

__version__ = "0.1.0"
