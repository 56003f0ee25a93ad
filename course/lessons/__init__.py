"""One small module a lesson: what its notebook calls. Each composes the rooms below and holds no measure of its own."""

import sys

if "IPython" in sys.modules:  # in a page, and not in a script or a test that has no shell
    from IPython import get_ipython

    from course.lessons.kernel import speak_plainly

    if shell := get_ipython():
        speak_plainly(shell)
    del shell
