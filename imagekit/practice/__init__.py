"""Learning by predicting: say what will happen, let it happen, compare."""

from imagekit.practice.predict import Prediction, Verdict, predict

__all__ = ["Prediction", "Verdict", "predict"]
