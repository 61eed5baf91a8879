"""The laws of the identity an image template works as."""

from __future__ import annotations

from collections.abc import Iterator

from imagekit.asked import Asked
from imagekit.rules.core import Found, Source, found, rule
from imagekit.rules.papers import BAD_VALUE, BUILDER_JSON, CREATE_TEMPLATE, LINUX_TEMPLATE, STUDIO_GROUP
from imagekit.rules.templates.reading import Template, bad, escaped, is_id, kind, named, part
from imagekit.sources import parsed
from imagekit.unreadable import nearest

IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities"
NO_IDENTITY = Source("azvmimagebuilder issue 39; image-builder-troubleshoot.md", "2020-05-14")
_BAKER = f"{STUDIO_GROUP}/providers/{IDENTITY}/baker"


def _ids(asked: Asked) -> list[str] | None:
    """The identities a template names, as they are written; None when that cannot be told."""
    identity = Template(asked).body.get("identity")
    said = identity.get("userAssignedIdentities", {}) if isinstance(identity, dict) else identity or {}
    return [str(key) for key in said] if isinstance(said, dict) else None


def _kind(asked: Asked) -> str:
    """The type of identity a template asks for, in lower case; empty when it says none, or nobody can tell."""
    return kind(part(Template(asked).body.get("identity"))).lower()


def _has_none(asked: Asked) -> bool:
    """Whether a template surely names no user-assigned identity."""
    ids = _ids(asked)
    return ids == [] if _kind(asked) in ("", "userassigned") else _kind(asked) == "none" and ids is not None


@rule(
    CREATE_TEMPLATE,
    refuses="BadRequest",
    message="Validation failed: 'ImageTemplate': Missing field 'identity'. Please review "
    "http://aka.ms/azvmimagebuildertmplref for details on fields required in the Image Builder Template.",
    says="The template has no identity.",
    fix="Create one (az identity create), and name its id under identity.userAssignedIdentities with the type "
    "UserAssigned.",
    fact="TPL-005, ERR-AIB-002",
    source=NO_IDENTITY,
    confidence="recorded",
    good=LINUX_TEMPLATE,
    bad=[
        (
            '"identity": {\n    "type": "UserAssigned",\n    "userAssignedIdentities": {\n'
            f'      "{_BAKER}": {{}}\n    }}\n  }},\n',
            "",
        ),
        (f'{{\n      "{_BAKER}": {{}}\n    }}', "{}"),
    ],
    text=True,
)
def template_has_an_identity(asked: Asked) -> Iterator[Found]:
    """Since api-version 2020-02-14 a template names a user-assigned identity.

    Image Builder has no rights of its own in your subscription. It reads sources and scripts and writes images as this
    identity, so what the template may do is what you granted to it.
    """
    if Template(asked).since("2020-02-14") and _has_none(asked):
        yield found("/identity")


@rule(
    CREATE_TEMPLATE,
    refuses="ValidationFailed",
    message=BAD_VALUE,
    says="Image Builder does not work as a {said} identity.",
    fix='Say "type": "UserAssigned" and name the identity.',
    fact="TPL-005",
    source=BUILDER_JSON,
    confidence="assumed",
    good=LINUX_TEMPLATE,
    bad=[('"UserAssigned"', '"SystemAssigned"'), ('"UserAssigned"', '"SystemAssigned, UserAssigned"')],
    text=True,
)
def identity_is_user_assigned(asked: Asked) -> Iterator[Found]:
    """A template's identity is a user-assigned one.

    A system-assigned identity is born and dies with its resource; nobody could grant it rights before the template
    exists, and the template is checked while it is being created.
    """
    if _kind(asked) not in ("", "userassigned", "none"):
        yield bad("/identity/type", part(Template(asked).body.get("identity"))["type"])


@rule(
    CREATE_TEMPLATE,
    refuses="ValidationFailed",
    message=BAD_VALUE,
    says="The template names {count} identities.",
    fix="Keep one, and grant it all the rights the template needs; others may go to the build machine, into "
    "vmProfile.userAssignedIdentities.",
    fact="TPL-005",
    source=BUILDER_JSON,
    confidence="assumed",
    good=LINUX_TEMPLATE,
    bad=[(f'"{_BAKER}": {{}}', f'"{_BAKER}": {{}}, "{_BAKER}2": {{}}')],
    text=True,
)
def identity_is_a_single_one(asked: Asked) -> Iterator[Found]:
    """A template works as one identity.

    With two, nobody could tell which one was meant to read a script or to write the image. The identity opens storage
    accounts under Azure's own names only: it is of no use at a custom domain name.
    """
    ids = _ids(asked) or []
    if len(ids) > 1 and all(map(named, ids)):
        yield bad("/identity/userAssignedIdentities", ", ".join(ids), count=len(ids))


@rule(
    CREATE_TEMPLATE,
    refuses="ValidationFailed",
    message=BAD_VALUE,
    says="{said!r} is not the id of a user-assigned identity.",
    fix="Write /subscriptions/…/resourceGroups/…/providers/Microsoft.ManagedIdentity/userAssignedIdentities/…, as "
    "az identity show --query id prints it.",
    fact="TPL-005",
    source=BUILDER_JSON,
    confidence="assumed",
    good=LINUX_TEMPLATE,
    bad=[(f'"{_BAKER}"', '"baker"'), ("userAssignedIdentities/baker", "identities/baker")],
    text=True,
)
def identity_is_named_by_its_id(asked: Asked) -> Iterator[Found]:
    """The identity is named by its whole resource id.

    Ids are the keys of userAssignedIdentities; the value behind each stays empty, the service fills it.
    """
    for said in _ids(asked) or []:
        if named(said) and not is_id(said, IDENTITY):
            yield bad(f"/identity/userAssignedIdentities/{escaped(said)}", said)


@rule(
    CREATE_TEMPLATE,
    refuses="FailedIdentityOperation",
    message="Identity operation for resource '{id}' failed with error 'Failed to perform resource identity operation. "
    "Status: 'BadRequest'. Response: '"
    '{{"error":{{"code":"BadRequest","message":"Resource \'{said}\' was not found."}}}}'
    "'.'.",
    says="There is no identity {name!r} in the group {group!r}.",
    fix="Create it first (az identity create -g {group} -n {name}){near}.",
    fact="TPL-005",
    source=Source("published notes that quote it for ManagedNetworkFabric and AKS", "2024 to 2025"),
    good=LINUX_TEMPLATE,
    bad=[("userAssignedIdentities/baker", "userAssignedIdentities/backer")],
)
def identity_exists(asked: Asked) -> Iterator[Found]:
    """The identity a template names exists.

    It is a resource of its own: created before the template, and still there after it.
    """
    for said in _ids(asked) or []:
        id = parsed(said)
        if id and is_id(said, IDENTITY) and asked.world.get(id) is None:
            near = nearest(id.name, [one["name"] for one in asked.world.members(id.collection)])
            hint = f", or say {near!r}" if near else ""
            pointer = f"/identity/userAssignedIdentities/{escaped(said)}"
            yield found(pointer, id=asked.id, said=said, name=id.name, group=id.group, near=hint)


@rule(
    CREATE_TEMPLATE,
    says="The template has no identity; as written, the service itself would need the rights.",
    fix="Name a user-assigned identity and use api-version 2020-02-14 or later.",
    fact="TPL-067, TPL-005",
    source=NO_IDENTITY,
    good=LINUX_TEMPLATE.replace("2024-02-01", "2019-05-01-preview"),
    bad=[('"type": "UserAssigned"', '"type": "None"'), (f'{{\n      "{_BAKER}": {{}}\n    }}', "{}")],
    text=True,
)
def the_service_has_no_rights_of_its_own(asked: Asked) -> Iterator[Found]:
    """Rights are granted to the template's identity, no longer to the service.

    The first previews worked as the application Azure Virtual Machine Image Builder, to which one granted rights over
    whole groups. Since 26 May 2020 the service asks for an identity, so that each template has its own rights.
    """
    if Template(asked).before("2020-02-14") and _has_none(asked):
        yield found("/identity")
