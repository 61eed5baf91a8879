"""The laws of who may do what, and of what can be fetched: looked at after a template was accepted."""

from __future__ import annotations

from collections.abc import Iterator

from imagekit.asked import Asked
from imagekit.operations.core import dig
from imagekit.permissions import BUILDER, identity_of, missing
from imagekit.rules.core import Found, Source, found, rule, tail
from imagekit.rules.papers import BUILDER_TROUBLE, OVEN, VALIDATE_TEMPLATE
from imagekit.rules.templates.reading import Template, named
from imagekit.unknown import holds_unknown

_FETCHING = OVEN.strip() + " --scripts https://raw.githubusercontent.com/contoso/web/main/install.sh"


@rule(
    VALIDATE_TEMPLATE,
    refuses="Unauthorized",
    status=200,
    message="Not authorized to access the resource: {scope}. Please check the user assigned identity has the correct "
    "permissions. For more details, go to https://aka.ms/azvmimagebuilderts.",
    says="{what}",
    fix="Delete the template, {how}, and create the template again.",
    fact="ERR-AIB-008",
    source=Source("recorded answers of Azure (test_image_builder_vm_profile)", "2023-04-26"),
    confidence="recorded",
    good=OVEN.strip(),
    bad=[("--identity baker", "--identity newcomer")],
)
def identity_has_the_rights(asked: Asked) -> Iterator[Found]:
    """The identity of a template may read what it is made from, and write where it goes.

    A role given at a resource, at its group or at the subscription counts. The service tries each place after the
    template was accepted, and stops at the first it may not enter; so what is missing shows only after a while, one by
    one. An identity that was deleted has no rights at all: its roles stay behind, and belong to nobody.
    """
    if holds_unknown(asked.new):
        return  # what is left open may be the very thing a right is needed for
    document = {**asked.new, "id": str(asked.id)}
    identity = identity_of(document)
    if identity and asked.world.get(identity) is None:
        how = "create an identity (az identity create), give it the roles"
        yield found("/identity", scope=identity, what=f"The identity {tail(identity)!r} is gone.", how=how)
        return
    for need in missing(asked.world, document)[:1]:
        place = need.scope.partition("/subnets/")[0]
        principal = dig(asked.world.get(need.who), "properties.principalId") or BUILDER
        what = f"{tail(need.who)} may not {need.does} on {tail(place)!r}, but {need.why}."
        give = f'az role assignment create --assignee-object-id {principal} --role "{need.role}" --scope {place}'
        yield found("/identity", scope=place, what=what, how=f"give the identity a role there ({give})")


@rule(
    VALIDATE_TEMPLATE,
    refuses="Other",
    message="Downloading external file ({url}) to local file failed: Error downloading '{url}'.",
    says="Nothing stands at {url}.",
    fix="Check the address, and that it is open to all or to the identity; then delete the template and make it anew.",
    fact="TPL-025",
    source=BUILDER_TROUBLE,
    good=_FETCHING,
    bad=[("raw.githubusercontent.com", "nowhere.invalid")],
)
def scripts_can_be_fetched(asked: Asked) -> Iterator[Found]:
    """Every script and file a template names can be fetched while the template is being created.

    The service fetches them once, notes their checksums, and keeps them for the builds to come. Here an address leads
    nowhere where cloud.publish said so, and where its host ends in .invalid, a name that never stands for anything (RFC
    2606).
    """
    template = Template(asked)
    for pointer, step in (*template.customizers, *template.validators):
        field = "scriptUri" if step.get("scriptUri") else "sourceUri"
        url = named(step.get(field))
        if url and _leads_nowhere(asked, url):
            yield found(f"{pointer}/{field}", url=url)


def _leads_nowhere(asked: Asked, url: str) -> bool:
    host = url.partition("://")[2].partition("/")[0].partition(":")[0]
    return host.endswith(".invalid") or (url in asked.world.web and asked.world.web[url] is None)
