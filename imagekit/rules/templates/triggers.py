"""The laws of triggers: what makes a template be built by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from imagekit import facts
from imagekit.asked import Asked
from imagekit.ids import TEMPLATE, Id, region
from imagekit.operations.core import dig
from imagekit.permissions import definition_of
from imagekit.rules.core import Found, Source, found, rule
from imagekit.rules.papers import BAD_VALUE, BUILDER_SCHEMAS, LINUX_TEMPLATE, OVEN, OVEN_SOURCE, STUDIO_GROUP
from imagekit.rules.sentences import quoted
from imagekit.rules.templates.reading import headed, kind, named, part, places
from imagekit.sources import VERSION, parsed
from imagekit.unknown import Unknown
from imagekit.unreadable import nearest
from imagekit.world import JSON, World

CREATE_TRIGGER = "create trigger"
_FIRST = "2022-07-01"  # the api-version that brought triggers
HOW_TO = Source("image-builder-triggers-how-to.md", "2026-06-23")

_MAKE = "az image builder trigger create -g studio --image-template-name oven --kind SourceImage"
_GOOD = f"{OVEN}{_MAKE} -n newest"
_BAKER = f"{STUDIO_GROUP}/providers/Microsoft.VirtualMachineImages/imageTemplates/baker"
_REST = (
    f"{LINUX_TEMPLATE}\n###\nPUT https://management.azure.com{_BAKER}/triggers/newest?api-version=2024-02-01\n\n"
    '{"properties": {"kind": "SourceImage"}}'
)


def _template(asked: Asked) -> JSON:
    """The template the trigger belongs to; a linter may know it from the same text, with things in it left open."""
    return asked.parent or {}


@rule(
    CREATE_TRIGGER,
    refuses="ValidationFailed",
    message=BAD_VALUE,
    says="{said!r} cannot be a trigger's name.",
    fix="Use 1 to 64 letters, digits, dashes, periods and underscores.",
    fact="TPL-052",
    source=BUILDER_SCHEMAS,
    confidence="assumed",
    good=_GOOD,
    bad=[("-n newest", "-n new+est"), ("-n newest", "-n " + "n" * 65)],
    text=True,
)
def trigger_name(asked: Asked) -> Iterator[Found]:
    """A trigger's name has 1 to 64 letters, digits, dashes, underscores and periods.

    They are the letters of templates' names.
    """
    said = named(headed(asked.new).get("name", asked.name)).rpartition("/")[2]
    if said and not re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", said):
        yield found("/name", said=said, field="name", where="ImageTemplateTrigger")


@rule(
    CREATE_TRIGGER,
    refuses="ValidationFailed",
    message=BAD_VALUE,
    says="{what}",
    fix='Write "kind": "SourceImage".',
    fact="TPL-052",
    source=HOW_TO,
    confidence="assumed",
    good=_REST,
    bad=[('"SourceImage"', '"SourceImages"'), ('{"kind": "SourceImage"}', "{}")],
    text=True,
)
def trigger_says_its_kind(asked: Asked) -> Iterator[Found]:
    """A trigger says what it waits for; there is one kind, SourceImage.

    It fires when the source of its template has a new version.
    """
    about = headed(asked.new).get("properties")
    said = about.get("kind") if isinstance(about, dict) else about
    if isinstance(said, Unknown) or said == "SourceImage" or (isinstance(said, str) and said and not named(said)):
        return  # right, or still open
    what = f"A trigger cannot be of the kind {quoted(said)}." if said else "The trigger says no kind."
    words = {"said": said if isinstance(said, str) else "", "field": "kind", "where": "ImageTemplateTrigger.properties"}
    yield found("/properties/kind", what=what, **words)


@rule(
    CREATE_TRIGGER,
    "show trigger",
    "list triggers",
    "delete trigger",
    refuses="NoRegisteredProviderFound",
    message="No registered resource provider found for location '' and API version '{said}' for type "
    "'imageTemplates/triggers'. The supported api-versions are '{known}'.",
    says="{what}",
    fix="Use {near}.",
    fact="TPL-052, ERR-ARM-001",
    source=BUILDER_SCHEMAS,
    good=_REST,
    bad=[
        ("triggers/newest?api-version=2024-02-01", f"triggers/newest?api-version={v}") for v in ("2022-02-14", "2024-2")
    ],
    gate=True,
    text=True,
)
def triggers_came_in_2022(asked: Asked) -> Iterator[Found]:
    """A trigger is made, read and deleted with api-version 2022-07-01 or later.

    Before, a template was only built when somebody asked for it. What came after 2025-10-01 is not judged.
    """
    from imagekit.documents.template_fields import API_VERSIONS  # here: pydantic takes longer to import than the rest

    said = named(asked.request.api_version)
    known = [version for version in API_VERSIONS if version >= _FIRST]
    if said and said not in known and said < known[-1]:
        early = said in API_VERSIONS
        what = f"There were no triggers in api-version {said}." if early else f"There is no api-version {quoted(said)}."
        day = said.removesuffix("-preview")
        near = _FIRST if early else day if day in known else nearest(said, known) or known[-1]
        yield found("/apiVersion", said=said, what=what, near=near, known=", ".join(known))


@rule(
    CREATE_TRIGGER,
    refuses="OperationNotAllowed",
    status=409,
    message="Trigger cannot be created because the image template is in provisioning state: {state}.",
    says="The template {name!r} is {state}.",
    fix="Create the trigger when the template is there for good.",
    fact="TPL-052",
    source=HOW_TO,
    confidence="assumed",
    good=_GOOD,
    bad=[("--identity baker", "--identity newcomer")],
)
def trigger_needs_a_sound_template(asked: Asked) -> Iterator[Found]:
    """A trigger is made for a template whose check has succeeded.

    A template that failed would fail each time the trigger fires.
    """
    state = dig(_template(asked), "properties.provisioningState")
    if asked.parent and state != "Succeeded":
        yield found("/id", name=_template(asked).get("name"), state=state)


@rule(
    CREATE_TRIGGER,
    refuses="ValidationFailed",
    message=BAD_VALUE,
    says="The source of {name!r} {what}, so nothing newer can come.",
    fix="{how}",
    fact="TPL-052",
    source=HOW_TO,
    confidence="assumed",
    good=_GOOD,
    bad=[
        (":latest", ":22.04.202306010"),
        (OVEN_SOURCE, "$(az image show -g studio -n golden --query id -o tsv)"),
    ],
    text=True,
)
def trigger_needs_the_latest(asked: Asked) -> Iterator[Found]:
    """A template with a trigger is made from the latest version of a platform image or of a gallery definition.

    A fixed version stays what it is, and a managed image has no versions.
    """
    source, name = _source(asked), named(_template(asked).get("name")) or "the template"
    if kind(source) == "ManagedImage":
        how = "Use a version of a gallery definition, ending in /versions/latest."
        words = {"what": "is a managed image", "said": "ManagedImage", "field": "type"}
        yield found("/id", name=name, how=how, where="properties.source", **words)
        return
    field = "version" if kind(source) == "PlatformImage" else "imageVersionId"
    said = named(source.get(field))
    if said and said.rpartition("/")[2].lower() != "latest":
        words = {"what": f"is fixed to {said.rpartition('/')[2]}", "said": said, "field": field}
        yield found("/id", name=name, how=f'Let {field} say "latest".', where="properties.source", **words)


def _source(asked: Asked) -> JSON:
    """What the template of a trigger is made from."""
    return part(part(_template(asked).get("properties")).get("source"))


@rule(
    CREATE_TRIGGER,
    refuses="ValidationFailed",
    message=BAD_VALUE,
    says="The target {output!r} {what}.",
    fix="{how}",
    fact="TPL-052",
    source=HOW_TO,
    confidence="assumed",
    good=_GOOD,
    bad=[(OVEN_SOURCE, "$WEB/versions/latest")],
    text=True,
)
def trigger_needs_open_targets(asked: Asked) -> Iterator[Found]:
    """A template with a trigger puts a new version into another definition than the one it is made from.

    A version that is named is there after the first build; and a build whose result is its own source would never end.
    """
    home = parsed(named(_source(asked).get("imageVersionId")))
    for number, (_, target) in enumerate(places(part(_template(asked).get("properties")).get("distribute"), "")):
        id, field = parsed(named(target.get("galleryImageId"))), f"distribute[{number}].galleryImageId"
        words = {"output": named(target.get("runOutputName")), "said": str(id), "field": field, "where": "properties"}
        if id and id.type == VERSION:
            how = "End galleryImageId at the definition; the version counts up by itself."
            yield found("/id", what=f"names the version {id.name}", how=how, **words)
        elif id and home and home.parent == id:
            yield found("/id", what="is what the image is made from", how="Use another definition.", **words)


@rule(
    CREATE_TRIGGER,
    refuses="Conflict",
    status=409,
    message="Only one trigger of kind SourceImage is supported for an image template.",
    says="{name!r} has a trigger already: {other!r}.",
    fix="Delete it first, or keep it.",
    fact="TPL-052",
    source=HOW_TO,
    confidence="assumed",
    good=_GOOD,
    bad=[(_MAKE, f"{_MAKE} -n first\n{_MAKE}")],
)
def a_template_has_one_trigger(asked: Asked) -> Iterator[Found]:
    """A template has one trigger of the kind SourceImage.

    A second would start every build twice.
    """
    others = [one["name"] for one in asked.world.members(asked.id.collection) if Id.parse(one["id"]) != asked.id]
    if others:
        yield found("/id", name=_template(asked).get("name"), other=others[0])


@rule(
    CREATE_TRIGGER,
    refuses="ValidationFailed",
    message="Location of the trigger must be the same as the location of the image template: '{right}'.",
    says="The trigger is to stand in {said}, its template stands in {right}.",
    fix="Say {right}, or leave the location out.",
    fact="TPL-052",
    source=HOW_TO,
    confidence="assumed",
    good=_REST,
    bad=[('{"properties": {"kind"', '{"location": "westus2", "properties": {"kind"')],
    text=True,
)
def trigger_stands_with_its_template(asked: Asked) -> Iterator[Found]:
    """A trigger stands where its template does.

    It is part of the template, and goes with it.
    """
    said, right = named(headed(asked.body).get("location")), named(_template(asked).get("location"))
    if said and right and region(said) != region(right) and facts.region_anywhere(said):
        yield found("/location", said=region(said), right=right)


# --- one after the other ----------------------------------------------------------------------------------------------

_PICTURES = "$STUDIO/providers/Microsoft.Compute/galleries/Pictures/images"
_CHAIN = f"""az sig image-definition create -g studio -r Pictures -i next --os-type Linux --os-state Generalized \\
  --publisher Contoso --offer Next --sku Plain --features SecurityType=Standard
az sig image-version create -g studio -r Pictures -i next -e 1.0.0 --virtual-machine $MAKER
az image builder create -g studio -n first --identity baker --image-source $WEB/versions/latest \\
  --shared-image-destinations Pictures/next=eastus
az image builder create -g studio -n second --identity baker --image-source {_PICTURES}/next/versions/latest \\
  --shared-image-destinations Pictures/web=eastus
"""
_SECOND = f"{_MAKE.replace('oven', 'second')} -n newest"


@rule(
    CREATE_TRIGGER,
    says="{name!r} starts {others}, and that starts {name!r} again: the builds never end.",
    fix="Leave one of the triggers out, or let one template put its versions elsewhere.",
    fact="TPL-052",
    source=HOW_TO,
    good=f"{_CHAIN}{_SECOND}",
    bad=[(_SECOND, f"{_SECOND.replace('second', 'first')}\n{_SECOND}")],
)
def triggers_go_in_no_circle(asked: Asked) -> Iterator[Found]:
    """What a template puts out does not lead back to what it is made from, over templates that have triggers.

    Each new version starts the next build, round and round, and each costs. Azure looks only at the template by itself,
    not at the others, so nobody stops it.
    """
    start = _comes_from(_template(asked))
    ways = dict.fromkeys(_goes_to(_template(asked)), "")
    others = [one for one in asked.world.all_of(TEMPLATE) if one is not asked.parent and _triggers(asked.world, one)]
    while further := [one for one in others if _comes_from(one) in ways]:
        others = [one for one in others if one not in further]
        for one in further:
            way = f"{ways[_comes_from(one)]}, {one['name']!r}".removeprefix(", ")
            ways = {**dict.fromkeys(_goes_to(one), way), **ways}
    if start and ways.get(start):
        yield found("/id", name=_template(asked).get("name"), others=ways[start])


def _triggers(world: World, template: JSON) -> bool:
    return any(True for _ in world.members(Id.parse(template["id"]).child("triggers")))


def _comes_from(template: JSON) -> str:
    """The key of the definition a template follows; empty when it follows none."""
    source = parsed(dig(template, "properties.source.imageVersionId"))
    return source.parent.key if source and source.parent and source.name.lower() == "latest" else ""


def _goes_to(template: JSON) -> list[str]:
    """The keys of the definitions whose latest version a template makes."""
    targets = [one for one in dig(template, "properties.distribute") or () if not one.get("excludeFromLatest")]
    return [definition.key for definition in map(definition_of, targets) if definition]
