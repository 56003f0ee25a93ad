"""What a learner touches: views that show a model and pass on what the learner did.

This is the only room that knows ipywidgets and anywidget. No ``Output`` and no ``interact``: executors stall on the
one, and the other hides errors.
"""

from course.ui.annotate import AnnotateView, Mark, MarkedView, Told
from course.ui.bench import BenchView
from course.ui.browser import BrowserView
from course.ui.chain import ChainView
from course.ui.choice import Choice
from course.ui.credential import Checked, CredentialView
from course.ui.dots import DotsView
from course.ui.endurance import EnduranceView
from course.ui.explore import Entry, ExploreView, Gallery
from course.ui.filedesk import FileDeskView
from course.ui.findings import FindingsView
from course.ui.keep import Keep
from course.ui.ledger import LedgerView
from course.ui.look import CAMERA, GENERATED, Page, View, figure, together, warm
from course.ui.maker import MakerView
from course.ui.marking import MarkingView
from course.ui.moves import MovesView
from course.ui.player import Band, Curves, Line, Player, compare, player
from course.ui.probe import Chart, Gauge, Parameter, Probe, ProbeView, Reading
from course.ui.putback import PutBack
from course.ui.question import QuestionView
from course.ui.signing import SigningView
from course.ui.sixteen import SixteenView
from course.ui.stages import StagesView
from course.ui.stock import StockView
from course.ui.trailmap import Way, trail_map
from course.ui.trial import TrialView
from course.ui.trust import TrustView
from course.ui.writing import WritingView

__all__ = [
    "CAMERA",
    "GENERATED",
    "AnnotateView",
    "Band",
    "BenchView",
    "BrowserView",
    "ChainView",
    "Chart",
    "Checked",
    "Choice",
    "CredentialView",
    "Curves",
    "DotsView",
    "EnduranceView",
    "Entry",
    "ExploreView",
    "FileDeskView",
    "FindingsView",
    "Gallery",
    "Gauge",
    "Keep",
    "LedgerView",
    "Line",
    "MakerView",
    "Mark",
    "MarkedView",
    "MarkingView",
    "MovesView",
    "Page",
    "Parameter",
    "Player",
    "Probe",
    "ProbeView",
    "PutBack",
    "QuestionView",
    "Reading",
    "SigningView",
    "SixteenView",
    "StagesView",
    "StockView",
    "Told",
    "TrialView",
    "TrustView",
    "View",
    "Way",
    "WritingView",
    "compare",
    "figure",
    "player",
    "together",
    "trail_map",
    "warm",
]
