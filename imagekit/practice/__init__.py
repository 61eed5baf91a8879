"""Learning by doing and predicting: questions held against what happens, exercises checked by the state reached."""

from imagekit.practice.paper import learner_version, nbgrader_course, source_version
from imagekit.practice.predict import Prediction, Verdict, predict
from imagekit.practice.workbook import Workbook, exercises

__all__ = [
    "Prediction",
    "Verdict",
    "Workbook",
    "exercises",
    "learner_version",
    "nbgrader_course",
    "predict",
    "source_version",
]
