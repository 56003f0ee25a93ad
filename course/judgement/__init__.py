"""How good a judgement is, and how to practise it: measures and plain models, without any screen.

>>> from course import judgement
>>> judge = judgement.SignalDetection(hits=9, misses=3, false_alarms=3, correct_rejections=9)
>>> round(judge.d_prime, 2), judge.camera_accepted
(1.23, 0.75)
>>> round(judgement.posterior(prior=0.02, sensitivity=0.80, false_alarm_rate=0.10), 2)
0.14
"""

from course.judgement.annotation import Agreement, Annotation, AnnotationSet, Box, Region
from course.judgement.bayes import posterior
from course.judgement.bench import Bench
from course.judgement.confidence import (
    BrierParts,
    CalibrationBin,
    brier_parts,
    brier_score,
    calibration,
    overconfidence,
    probability_generated,
)
from course.judgement.curation import Curation, CurationState, Decided, Ground, Submission, load_curation
from course.judgement.detection import SignalDetection, d_prime_change
from course.judgement.detector import METHODS, Detector, Leaning, RocPoint, Scores, Table, train
from course.judgement.findings import Checked, Finding, Findings, FindingsState, load_findings
from course.judgement.form import Form, balanced_order, load_form, load_forms
from course.judgement.frequencies import Frequencies, FrequencyState
from course.judgement.intervals import Estimate, Interval
from course.judgement.ledger import Evidence, Expert, Ledger, LedgerState, Opinion, load_ledgers
from course.judgement.marking import Mark, Marking, Subject
from course.judgement.model import Elsewhere, Past, Recorded, Shared
from course.judgement.moves import Move, Moves, MovesState, load_moves
from course.judgement.order import FormOrder, order_of_forms
from course.judgement.question import Feedback, Option, Question, QuestionState, load_questions, shown_order
from course.judgement.ranking import Auc, auc
from course.judgement.repeats import next_repeat
from course.judgement.so_far import SoFar, confidence_so_far
from course.judgement.trial import Progress, Trial, TrialAnswer, TrialResult
from course.judgement.writing import Writing, WritingState, load_writings

__all__ = [
    "METHODS",
    "Agreement",
    "Annotation",
    "AnnotationSet",
    "Auc",
    "Bench",
    "Box",
    "BrierParts",
    "CalibrationBin",
    "Checked",
    "Curation",
    "CurationState",
    "Decided",
    "Detector",
    "Elsewhere",
    "Estimate",
    "Evidence",
    "Expert",
    "Feedback",
    "Finding",
    "Findings",
    "FindingsState",
    "Form",
    "FormOrder",
    "Frequencies",
    "FrequencyState",
    "Ground",
    "Interval",
    "Leaning",
    "Ledger",
    "LedgerState",
    "Mark",
    "Marking",
    "Move",
    "Moves",
    "MovesState",
    "Opinion",
    "Option",
    "Past",
    "Progress",
    "Question",
    "QuestionState",
    "Recorded",
    "Region",
    "RocPoint",
    "Scores",
    "Shared",
    "SignalDetection",
    "SoFar",
    "Subject",
    "Submission",
    "Table",
    "Trial",
    "TrialAnswer",
    "TrialResult",
    "Writing",
    "WritingState",
    "auc",
    "balanced_order",
    "brier_parts",
    "brier_score",
    "calibration",
    "confidence_so_far",
    "d_prime_change",
    "load_curation",
    "load_findings",
    "load_form",
    "load_forms",
    "load_ledgers",
    "load_moves",
    "load_questions",
    "load_writings",
    "next_repeat",
    "order_of_forms",
    "overconfidence",
    "posterior",
    "probability_generated",
    "shown_order",
    "train",
]
