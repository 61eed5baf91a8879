"""The laws: one function each, with papers. `judge` asks all that concern a request."""

# The order of these imports is the order of judging, and the first refusal gives an answer its status and error. So it
# is no alphabet: as in Azure, the envelope and the shape come first, then the thing itself (its name), what it is made
# from (that it is there, then that it fits), where it goes and how it is set up, and what may change in it. Advice is
# last. What Azure looks at later in an image template keeps this order too.
# isort: off
from imagekit.rules import (  # noqa: F401 (importing a law registers it)
    arm,
    outages,
    shapes,
    galleries,
    definitions,
    version_source,
    version_disks,
    version_matches,
    version_regions,
    dates,
    version_changes,
    version_advice,
    images,
    machine_disks,
    disks,
    machine_images,
    machines,
    machine_security,
    administrators,
    power,
    machine_advice,
    roles,
    lab_service,
    lab_galleries,
    labs,
    lab_images,
    lab_exports,
    template_envelope,
    template_identity,
    template_shape,
    template_changes,
    template_runs,
    template_rights,
    template_source,
    template_origin,
    template_customize,
    template_files,
    template_scripts,
    template_secrets,
    template_validate,
    template_distribute,
    template_regions,
    template_targets,
    template_fits,
    template_builds,
    template_machine,
    template_network,
    template_staging,
    template_machine_advice,
    template_triggers,
    template_ids,
    template_target_advice,
    template_advice,
)

# isort: on
from imagekit.rules.core import LATER, RULES, Finding, Rule, judge, judge_later, judge_text
from imagekit.rules.explaining import explain

__all__ = ["LATER", "RULES", "Finding", "Rule", "explain", "judge", "judge_later", "judge_text"]
