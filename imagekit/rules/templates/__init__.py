"""The laws of image templates, in the order in which they are asked; what Azure looks at later keeps it too."""

# isort: off
from imagekit.rules.templates import (  # noqa: F401 (importing a law registers it)
    envelope,
    identity,
    shape,
    changes,
    runs,
    rights,
    source,
    origin,
    customize,
    files,
    scripts,
    secrets,
    validate,
    distribute,
    regions,
    targets,
    fits,
    builds,
    machine,
    network,
    staging,
    machine_advice,
    triggers,
    ids,
    target_advice,
    advice,
)

# isort: on
