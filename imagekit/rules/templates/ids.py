"""Advice about the ids in a template: that they lead somewhere at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from imagekit.asked import Asked
from imagekit.rules.core import Found, found, rule
from imagekit.rules.papers import BUILDER_JSON, COMPUTE, CREATE_TEMPLATE, LINUX_TEMPLATE
from imagekit.rules.templates.reading import Template, escaped, named, part, texts

_SUBSCRIPTION = re.compile(r"(?i)/?subscriptions/([^/]*)/")  # a staging group may leave out the slash
_GUID = re.compile(r"(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_IDS = frozenset(
    {
        *("imageId", "imageVersionId", "galleryImageId", "stagingResourceGroup", "userAssignedIdentities"),
        *("subnetId", "containerInstanceSubnetId"),
    }
)


def _ids(asked: Asked) -> Iterator[tuple[str, str]]:
    """Every id a template names, with its pointer."""
    template = Template(asked)
    identities = part(part(template.body.get("identity")).get("userAssignedIdentities"))
    yield from ((f"/identity/userAssignedIdentities/{escaped(str(key))}", named(key)) for key in identities)
    for pointer, said in texts(template.properties, "/properties"):
        if pointer.rstrip("0123456789").rstrip("/").rpartition("/")[2] in _IDS:
            yield pointer, named(said)


@rule(
    CREATE_TEMPLATE,
    says="There is no subscription {said!r}: a subscription's id is a GUID.",
    fix="Write yours, as az account show --query id prints it.",
    fact="TPL-035, TPL-036",
    source=BUILDER_JSON,
    good=LINUX_TEMPLATE,
    bad=[(f"{COMPUTE}/galleries", f"{COMPUTE}/galleries".replace("{subscriptionId}", "24890e81-xxxx-xxxx-xxxx-xxxx"))],
    text=True,
)
def ids_name_a_subscription(asked: Asked) -> Iterator[Found]:
    """The ids in a template begin with the GUID of a subscription.

    Its name does not do, and a GUID with its digits crossed out, as people write it when they show a template to
    others, leads nowhere.
    """
    seen = {asked.id.subscription.lower()}
    for pointer, id in _ids(asked):
        begins = _SUBSCRIPTION.match(id)
        if begins and not _GUID.fullmatch(begins[1]) and begins[1].lower() not in seen:
            seen.add(begins[1].lower())
            yield found(pointer, said=begins[1])
