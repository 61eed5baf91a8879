"""The laws of Lab Services, in the order in which they are asked."""

# isort: off
from imagekit.rules.labs import (  # noqa: F401 (importing a law registers it)
    service,
    galleries,
    creation,
    images,
    exports,
)

# isort: on
