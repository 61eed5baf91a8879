"""The laws of exporting a template machine into the attached gallery."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from imagekit.asked import Asked
from imagekit.ids import LAB_MACHINE, Id, region
from imagekit.operations.core import dig
from imagekit.operations.labs import TEMPLATE
from imagekit.permissions import LAB_PLANS
from imagekit.rules.core import RULES, Found, found, rule, tail
from imagekit.rules.labs.galleries import holds
from imagekit.rules.labs.reading import SAVE, home_above
from imagekit.rules.papers import ATTACH_PLAN, EXPORT, LAB_IMAGES, LAB_IMAGES_2020, LAB_SCHEMAS
from imagekit.rules.sentences import quoted
from imagekit.sources import parsed

_PLAN = SAVE[0]


def template_machine(asked: Asked) -> Id | None:
    """The template machine that is to be exported, where it is there and made."""
    id: Id | None = asked.id
    if asked.operation.name == _PLAN:
        id = parsed(asked.said("labVirtualMachineId"))
        if id is None or (id.type, id.name) != (LAB_MACHINE, TEMPLATE):
            return None
    document = asked.world.get(id) if id else None
    return id if document and dig(document, "properties.provisioningState") != "Creating" else None


@rule(
    *SAVE,
    refuses="GalleryNotAttached",
    status=409,
    message="No shared gallery is attached to '{home}'.",
    says="{home!r} has no gallery to export into{gone}.",
    fix="Attach one first: Update-AzLabServicesLabPlan -SharedGalleryId (in a lab account PUT …/sharedgalleries).",
    fact="LAB-007",
    source=LAB_IMAGES,
    confidence="assumed",
    good=EXPORT,
    bad=[("-LabPlanName campus", "-LabPlanName bare")],
)
def export_needs_a_gallery(asked: Asked) -> Iterator[Found]:
    """An export goes into the gallery attached to the lab plan or lab account, which is there.

    Who runs the plan attaches the gallery; then those who teach save their images into it and take from it.
    """
    home = home_above(asked)
    if home is not None and (home.gallery is None or asked.world.get(home.gallery) is None):
        gone = f": {quoted(home.gallery.name)} is attached and gone" if home.gallery else ""
        yield found("/properties/sharedGalleryId", home=home.id.name, gone=gone)


@rule(
    *SAVE,
    refuses="LinkedAuthorizationFailed",
    status=403,
    message="Azure Lab Services may not write into the gallery '{gallery}'.",
    says="Azure Lab Services has lost its role {role} on the gallery {name!r}.",
    fix="Give it back: az role assignment create --assignee {app} --role {role} --scope {gallery}",
    fact="LAB-009",
    source=ATTACH_PLAN,
    confidence="assumed",
    good=f"Remove-AzRoleAssignment -RoleDefinitionName Reader -ObjectId {LAB_PLANS} -Scope $PICTURES\n{EXPORT}",
    bad=[("Reader", "Owner")],
)
def export_needs_the_role(asked: Asked) -> Iterator[Found]:
    """Azure Lab Services still has its role on the gallery when a template machine is exported.

    It writes the version in its own name: as Owner for lab plans, as Contributor for lab accounts.
    """
    home = home_above(asked)
    gallery = home.gallery if home else None
    if home is None or gallery is None or asked.world.get(gallery) is None:
        return
    if not holds(asked.world, home.application, home.role, str(gallery)):
        yield found("/id", gallery=str(gallery), name=gallery.name, role=home.role, app=home.application)


@rule(
    *SAVE,
    refuses="VirtualMachineNotFound",
    status=404,
    message="The lab virtual machine '{machine}' was not found or is not a template.",
    says="{machine!r} is no template machine of a lab, or it is still being made.",
    fix="Take its id from Get-AzLabServicesTemplateVM (…/labs/NAME/virtualMachines/0); wait until the lab is made.",
    fact="LAB-005",
    source=LAB_SCHEMAS,
    confidence="assumed",
    good=EXPORT,
    bad=[("virtualMachines/0", "virtualMachines/7"), ("$CLASS/virtualMachines/0", "$WORKER")],
)
def export_takes_a_template_machine(asked: Asked) -> Iterator[Found]:
    """What is exported is the template machine of a lab that is there.

    Students' machines are copies of it; what a student did on one belongs to nobody else. Machines of your own go into
    a gallery by az sig image-version create.
    """
    if template_machine(asked) is None:
        machine = asked.said("labVirtualMachineId") if asked.operation.name == _PLAN else asked.name
        yield found("/labVirtualMachineId", machine=tail(machine) if machine else "")


@rule(
    _PLAN,
    refuses="InvalidLocation",
    message="Images can only be saved from labs in the region of their lab plan, '{region}'.",
    says="The lab {lab!r} runs in {here}, its plan stands in {region}: it cannot be exported.",
    fix="Make labs whose images are to be kept in {region}, or a plan in {here}.",
    fact="LAB-010",
    source=LAB_IMAGES,
    confidence="assumed",
    good=EXPORT,
    bad=[("$CLASS", "$AWAY")],
)
def export_from_the_plans_region(asked: Asked) -> Iterator[Found]:
    """Only labs in the region of their lab plan can be exported.

    A lab account had no such limit: its labs could lie anywhere in the geography, and so did the replicas.
    """
    home, machine = home_above(asked), template_machine(asked)
    lab = asked.world.get(machine.parent) if machine and machine.parent else None
    here = region(str((lab or {}).get("location") or ""))
    if home and lab and here != home.region:
        yield found("/labVirtualMachineId", lab=lab["name"], here=here, region=home.region)


@rule(
    *SAVE,
    refuses="InvalidParameter",
    message="The image name '{name}' is invalid.",
    says="{name!r} cannot be an image's name.",
    fix="Use up to 80 letters, digits, dashes, underscores and periods, with a letter or digit at both ends.",
    fact="LAB-006",
    source=LAB_IMAGES_2020,
    confidence="assumed",
    good=EXPORT,
    bad=[("-Name course", "-Name 'a/b'"), ("-Name course", "-Name course-"), ("-Name course ", "")],
)
def export_has_a_name(asked: Asked) -> Iterator[Found]:
    """The image that is exported has a name, as an image definition may have it.

    A new name makes a new definition; the name of a definition there is gives that one a new version.
    """
    name = str(asked.said("name") or "")
    about_it = replace(asked, request=replace(asked.request, id=asked.id.child("images", name)))
    if any(RULES["definition-name"].check(about_it)):
        yield found("/name", name=name)


@rule(
    *SAVE,
    refuses="Conflict",
    status=409,
    message="The image '{name}' is {state}; a lab virtual machine can only be saved as a specialized image.",
    says="{name!r} is a definition of {state} images; an export is always specialized.",
    fix="Export under a new name: that makes a new definition.",
    fact="LAB-005",
    source=LAB_IMAGES_2020,
    confidence="assumed",
    good=EXPORT,
    bad=[("-Name course", "-Name web")],
)
def export_fits_the_definition(asked: Asked) -> Iterator[Found]:
    """An export goes into a definition of specialized images, or makes one.

    It keeps the machine's identity and the profiles of its users, so it can be no version of what is generalized.
    """
    home, name = home_above(asked), str(asked.said("name") or "")
    definition = home.gallery.child("images", name) if home and home.gallery else None
    state = dig(asked.world.get(definition), "properties.osState") if definition else None
    if state and state != "Specialized":
        yield found("/name", name=name, state=str(state).lower())
