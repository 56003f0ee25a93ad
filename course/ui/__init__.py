"""What a learner touches: views that show a model and pass on what the learner did.

This is the only room that knows ipywidgets and anywidget. No ``Output`` and no ``interact``: executors stall on the
one, and the other hides errors.
"""

from course.ui.choice import Choice
from course.ui.keep import Keep
from course.ui.look import CAMERA, GENERATED, Page, View, figure, warm
from course.ui.moves import MovesView
from course.ui.player import Band, Curves, Line, Player, compare, player
from course.ui.probe import Chart, Gauge, Parameter, Probe, ProbeView, Reading
from course.ui.question import QuestionView
from course.ui.trial import TrialView

__all__ = [
    "CAMERA",
    "GENERATED",
    "Band",
    "Chart",
    "Choice",
    "Curves",
    "Gauge",
    "Keep",
    "Line",
    "MovesView",
    "Page",
    "Parameter",
    "Player",
    "Probe",
    "ProbeView",
    "QuestionView",
    "Reading",
    "TrialView",
    "View",
    "compare",
    "figure",
    "player",
    "warm",
]
