"""Things to touch: each is a plain function from a few values to a sentence and a picture, with controls in a notebook.

Nothing here needs a front end: `at(...)` gives what would be seen, `words` says it as text. All but `wait` play on
branches and leave your own cloud as it is.
"""

from imagekit.widgets.choosing import choose, generation, home
from imagekit.widgets.history import history
from imagekit.widgets.predicting import predict
from imagekit.widgets.replicas import replicas
from imagekit.widgets.template import template
from imagekit.widgets.touch import Seen, Touch
from imagekit.widgets.two_flags import two_flags
from imagekit.widgets.versions import versions
from imagekit.widgets.waiting import wait

__all__ = [
    "Seen",
    "Touch",
    "choose",
    "generation",
    "history",
    "home",
    "predict",
    "replicas",
    "template",
    "two_flags",
    "versions",
    "wait",
]
