"""Who may do what where: roles, assignments, and what an image template takes."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekit import Cloud, World
from imagekit.facts.roles import roles
from imagekit.ids import Id, group_id
from imagekit.permissions import BUILDER, BUILDER_NAME, YOU, can, granting, missing, needs
from imagekit.unreadable import Unreadable
from imagekit.world import JSON, SUBSCRIPTION

IMAGE_READ = "Microsoft.Compute/images/read"
BLOB_READ = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"
ASSIGN = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"
SUB = f"/subscriptions/{SUBSCRIPTION}"
GROUP = f"{SUB}/resourceGroups/lab"
COMPUTE = f"{GROUP}/providers/Microsoft.Compute"
IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/baker"
SCENE = """
az group create -n lab -l eastus
az identity create -g lab -n baker
az identity create -g lab -n other
BAKER=$(az identity show -g lab -n baker --query principalId -o tsv)
CLIENT=$(az identity show -g lab -n baker --query clientId -o tsv)
LAB=$(az group show -n lab --query id -o tsv)
"""


@pytest.fixture
def cloud() -> Cloud:
    """A group with two identities nobody gave anything to."""
    made = Cloud()
    assert [answer.body for answer in made.say(SCENE) if not answer.ok] == []
    return made


def principal(cloud: Cloud, name: str = "baker") -> str:
    document = cloud.world.get(IDENTITY.replace("baker", name))
    assert document is not None
    return str(document["properties"]["principalId"])


def give(cloud: Cloud, role: str, scope: str = "$LAB", to: str = "--assignee-object-id $BAKER") -> None:
    answers = cloud.say(f'az role assignment create {to} --role "{role}" --scope {scope}', "az")
    assert [answer.body for answer in answers if not answer.ok] == []


# --- roles ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "action", "allowed"),
    [
        ("Owner", "Microsoft.Authorization/roleAssignments/write", True),
        ("Contributor", "Microsoft.Authorization/roleAssignments/write", False),
        ("Contributor", "microsoft.compute/IMAGES/write", True),
        ("Contributor", "Microsoft.Compute/galleries/share/action", False),
        ("Contributor", ASSIGN, True),
        ("Reader", IMAGE_READ, True),
        ("Reader", "Microsoft.Compute/images/write", False),
        ("Managed Identity Operator", ASSIGN, True),
        ("Managed Identity Operator", "Microsoft.ManagedIdentity/userAssignedIdentities/write", False),
        ("Managed Identity Contributor", ASSIGN, False),
        ("Compute Gallery Artifacts Publisher", "Microsoft.Compute/galleries/images/versions/write", True),
        ("Compute Gallery Artifacts Publisher", "Microsoft.Compute/galleries/share/action", False),
        ("Compute Gallery Image Reader", "Microsoft.Compute/galleries/read", False),
        ("Network Contributor", "Microsoft.Network/virtualNetworks/subnets/join/action", True),
        ("Owner", BLOB_READ, False),
        ("Storage Blob Data Reader", BLOB_READ, True),
        ("Storage Blob Data Reader", BLOB_READ.replace("/read", "/write"), False),
        ("Storage Blob Data Contributor", BLOB_READ.replace("/read", "/write"), True),
    ],
)
def test_what_roles_allow(role: str, action: str, allowed: bool) -> None:
    """Patterns with asterisks, what is taken out of them, and data apart from resources."""
    assert roles()[role.lower()].allows(action) is allowed


def test_the_table_of_roles_is_whole() -> None:
    """Each role has a GUID of its own, and lets its holder do something."""
    table = roles().values()
    assert len({role.guid for role in table}) == len(table)
    for role in table:
        assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", role.guid)
        assert role.actions


# --- assignments ------------------------------------------------------------------------------------------------------

SCOPES = [SUB, GROUP, f"{COMPUTE}/galleries/Pictures", f"{COMPUTE}/galleries/Pictures/images/web"]


@given(st.sampled_from(SCOPES), st.sampled_from(SCOPES), st.booleans())
def test_a_right_reaches_all_that_lies_below(given_at: str, asked_at: str, upper: bool) -> None:
    """A role at a place counts there and in all that lies in it, whatever the case of the ids, and nowhere else."""
    world = assigned(given_at.upper() if upper else given_at, "Reader")
    assert can(world, "P", IMAGE_READ, asked_at) is (SCOPES.index(given_at) <= SCOPES.index(asked_at))


def assigned(scope: str, role: str, who: str = "P", kind: str = "User") -> World:
    """A world with nothing in it but one role assignment."""
    id = Id.parse(f"{scope}/providers/Microsoft.Authorization/roleAssignments/a")
    definition = f"{SUB}/providers/Microsoft.Authorization/roleDefinitions/{roles()[role.lower()].guid}"
    about = {"roleDefinitionId": definition, "principalId": who, "principalType": kind, "scope": scope}
    return World().put(id, {"id": str(id), "properties": about})


def test_a_group_is_not_the_one_whose_name_it_begins_with() -> None:
    """A right on the group lab is none on the group lab2."""
    world = assigned(GROUP, "Owner")
    assert can(world, "P", IMAGE_READ, f"{GROUP}/providers/X/y/z")
    assert not can(world, "P", IMAGE_READ, f"{GROUP}2/providers/X/y/z")
    assert not can(world, "Q", IMAGE_READ, GROUP)


def test_a_service_principal_nobody_knows_may_stand_for_anybody(cloud: Cloud) -> None:
    """A right of an unknown service principal is taken for the identity's; that of an unknown person is not."""
    stranger = "77777777-0000-0000-0000-000000000000"
    give(cloud, "Reader", to=f"--assignee-object-id {stranger}")
    assert not can(cloud.world, principal(cloud), IMAGE_READ, GROUP)
    give(cloud, "Reader", to=f"--assignee-object-id {stranger} --assignee-principal-type ServicePrincipal")
    assert can(cloud.world, principal(cloud), IMAGE_READ, GROUP)


def test_another_identity_is_not_meant(cloud: Cloud) -> None:
    """What one identity of this world may do, another may not."""
    give(cloud, "Reader", to="--assignee-object-id $BAKER --assignee-principal-type ServicePrincipal")
    assert can(cloud.world, principal(cloud), IMAGE_READ, GROUP)
    assert not can(cloud.world, principal(cloud, "other"), IMAGE_READ, GROUP)


def test_the_rights_of_a_deleted_identity_are_nobodys(cloud: Cloud) -> None:
    """Assignments outlive their identity; one of the same name, made anew, is somebody else."""
    give(cloud, "Contributor", to="--assignee-object-id $BAKER --assignee-principal-type ServicePrincipal")
    before = principal(cloud)
    cloud.say("az identity delete -g lab -n baker\naz identity create -g lab -n baker")
    assert principal(cloud) != before
    assert not can(cloud.world, principal(cloud), IMAGE_READ, GROUP)
    (listed,) = cloud.say("az role assignment list --scope $LAB", "az")
    assert [one["properties"]["principalType"] for one in listed.body["value"]] == ["Unknown"]
    (everywhere,) = cloud.say("az role assignment list --all")
    assert everywhere.body == listed.body


def test_what_is_given_is_listed_where_it_was_given(cloud: Cloud) -> None:
    """Without --scope az looks at the subscription itself, with --all everywhere in it, and PowerShell always."""
    give(cloud, "Reader")
    give(cloud, "Reader", scope=f"/subscriptions/{SUBSCRIPTION}")
    give(cloud, "Reader", scope="$(az identity show -g lab -n other --query id -o tsv)")
    texts = (
        "az role assignment list",
        f"az role assignment list --scope /subscriptions/{SUBSCRIPTION}",
        "az role assignment list --all",
        "Get-AzRoleAssignment",
    )
    assert [len(cloud.say(text)[0].body["value"]) for text in texts] == [1, 1, 3, 3]
    with pytest.raises(Unreadable, match="leave --scope out"):
        cloud.say("az role assignment list --all --scope $LAB", "az")


def test_a_role_of_ones_own(cloud: Cloud) -> None:
    """A custom role grants its actions, and nothing of its notActions."""
    role = (
        '{"Name": "Image Creator", "Actions": ["Microsoft.Compute/images/*"], '
        f'"NotActions": ["*/delete"], "AssignableScopes": ["{GROUP}"]}}'
    )
    (answer,) = cloud.say(f"az role definition create --role-definition '{role}'")
    assert answer.ok
    give(cloud, "Image Creator")
    granted = granting(cloud.world, principal(cloud), "Microsoft.Compute/images/write", GROUP)
    assert granted is not None
    assert granted.name == "Image Creator"
    assert not can(cloud.world, principal(cloud), "Microsoft.Compute/images/delete", GROUP)


def test_roles_can_be_looked_up(cloud: Cloud) -> None:
    """A list shows the built-in roles that are known and one's own; a name picks one (recorded of 2022-04-01)."""
    cloud.say(f'az role definition create --role-definition \'{{"Name": "Own", "AssignableScopes": ["{GROUP}"]}}\'')
    (every,) = cloud.say("az role definition list")
    assert {one["properties"]["type"] for one in every.body["value"]} == {"BuiltInRole", "CustomRole"}
    (one,) = cloud.say("az role definition list --name contributor")[0].body["value"]
    assert one["name"] == roles()["contributor"].guid
    assert one["properties"]["permissions"][0]["actions"] == ["*"]
    assert cloud.say("az role definition list --name Nobody")[0].body == {"value": []}


@pytest.mark.parametrize("to", ["--assignee-object-id $BAKER", "--assignee $BAKER", "--assignee $CLIENT"])
def test_az_looks_up_whom_is_meant(cloud: Cloud, to: str) -> None:
    """--assignee takes a client id as well; the same words take the role back."""
    give(cloud, "Reader", to=to)
    assert can(cloud.world, principal(cloud), IMAGE_READ, GROUP)
    (gone,) = cloud.say(f"az role assignment delete {to} --role Reader --scope $LAB", "az")
    assert gone.status == 200
    assert not can(cloud.world, principal(cloud), IMAGE_READ, GROUP)


def test_two_roles_at_one_place_stand_side_by_side(cloud: Cloud) -> None:
    """Assignments that are given no name do not take each other's place; the same one twice is one."""
    give(cloud, "Reader")
    give(cloud, "Network Contributor")
    give(cloud, "Reader", to="--assignee-object-id $(az identity show -g lab -n other --query principalId -o tsv)")
    give(cloud, "reader")
    (listed,) = cloud.say("az role assignment list --scope $LAB", "az")
    assert len(listed.body["value"]) == 3


def test_a_named_assignment_is_found_by_its_words(cloud: Cloud) -> None:
    """What was created under a name of its own is deleted by role and assignee too."""
    name = "44444444-0000-0000-0000-000000000000"
    give(cloud, "Reader", to=f"--name {name} --assignee-object-id $BAKER")
    (gone,) = cloud.say("az role assignment delete --assignee $CLIENT --role Reader --scope $LAB", "az")
    assert gone.request.id.name == name
    assert gone.status == 200


def test_a_client_id_is_no_principal(cloud: Cloud) -> None:
    """--assignee-object-id with a client id is refused as Azure refuses it."""
    (answer,) = cloud.say("az role assignment create --assignee-object-id $CLIENT --role Reader --scope $LAB", "az")
    assert (answer.status, answer.body["error"]["code"]) == (400, "PrincipalNotFound")
    assert principal(cloud) in answer.refusals[0].fix


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("az identity create -g lab -n third -l atlantis", "region-is-known"),
        ("az identity create -g nowhere -n third -l eastus", "group-exists"),
        ("az identity create -g lab -n baker -l westus2", "location-stays"),
        ("az identity show -g lab -n bakre", "resource-exists"),
    ],
)
def test_identities_keep_the_laws_of_all_resources(cloud: Cloud, text: str, rule: str) -> None:
    """An identity stands in a group and a region that are there, and is known by its name."""
    (answer,) = cloud.say(text)
    assert [finding.rule for finding in answer.refusals] == [rule]


def test_an_identity_keeps_its_ids(cloud: Cloud) -> None:
    """Asked for again, an identity stays who it is; its tags change."""
    before = principal(cloud)
    (again,) = cloud.say("az identity create -g lab -n baker --tags course=images")
    assert (again.status, again.body["properties"]["principalId"]) == (200, before)
    assert again.body["tags"] == {"course": "images"}


# --- what a template takes --------------------------------------------------------------------------------------------

VNET = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/net"
VERSION = f"{COMPUTE}/galleries/Pictures/images/web/versions/1.0.0"
DEFINITION = VERSION.partition("/versions")[0]
ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/store"
BLOB = "https://store.blob.core.windows.net/scripts/install.sh"


def template(identity: str = IDENTITY, **properties: Any) -> JSON:
    named = {"type": "UserAssigned", "userAssignedIdentities": {identity: {}}} if identity else {"type": "None"}
    id = f"{GROUP}/providers/Microsoft.VirtualMachineImages/imageTemplates/t"
    return {"id": id, "identity": named, "properties": properties}


def taken(world: World, **properties: Any) -> list[tuple[str, str]]:
    """What a template takes beside the right to use its identity: the actions without their provider, and where."""
    wanted = [need for need in needs(world, template(**properties)) if need.who != YOU]
    return [(need.action.partition("/")[2] or need.action, need.scope.removeprefix(GROUP)) for need in wanted]


def test_the_network_comes_first(cloud: Cloud) -> None:
    """A network of one's own is read, and its subnet joined (recorded: it is what the service misses first)."""
    found = taken(
        cloud.world,
        vmProfile={"vnetConfig": {"subnetId": f"{VNET}/subnets/sub"}},
        distribute=[{"type": "ManagedImage", "imageId": f"{COMPUTE}/images/i"}],
    )
    assert found == [
        ("virtualNetworks/read", "/providers/Microsoft.Network/virtualNetworks/net"),
        ("virtualNetworks/subnets/join/action", "/providers/Microsoft.Network/virtualNetworks/net/subnets/sub"),
        ("images/write", ""),
    ]


def test_sources_are_read(cloud: Cloud) -> None:
    """A managed image, or a gallery version with all above it; a platform image is everybody's."""
    image = taken(cloud.world, source={"type": "ManagedImage", "imageId": f"{COMPUTE}/images/golden"})
    version = taken(cloud.world, source={"type": "SharedImageVersion", "imageVersionId": VERSION})
    assert image == [("images/read", "/providers/Microsoft.Compute/images/golden")]
    assert [action for action, _ in version] == [
        "galleries/read",
        "galleries/images/read",
        "galleries/images/versions/read",
    ]
    assert taken(cloud.world, source={"type": "PlatformImage", "publisher": "Canonical"}) == []


@pytest.mark.parametrize("target", [DEFINITION, f"{DEFINITION}/versions/2.0.0"])
def test_targets_are_written(cloud: Cloud, target: str) -> None:
    """A gallery is read and gets a version, named or not; each right is listed once."""
    found = taken(cloud.world, distribute=[{"type": "SharedImage", "galleryImageId": target}] * 2)
    assert [action for action, _ in found] == [
        "galleries/read",
        "galleries/images/read",
        "galleries/images/versions/read",
        "galleries/images/versions/write",
    ]


def test_files_of_ones_own_storage_are_read(cloud: Cloud) -> None:
    """A blob of an account that stands here takes a right, not with a SAS, nor in a storage nobody knows here."""
    steps = [{"type": "Shell", "scriptUri": url} for url in (BLOB, f"{BLOB}?sig=x", "https://example.com/a.sh")]
    assert taken(cloud.world, customize=steps) == []
    world = cloud.world.put(Id.parse(ACCOUNT), {"id": ACCOUNT, "name": "store"})
    assert taken(world, customize=steps) == [(BLOB_READ.partition("/")[2], ACCOUNT.removeprefix(GROUP))]
    vhd = taken(world, distribute=[{"type": "VHD", "uri": "https://store.blob.core.windows.net/vhds/a.vhd"}])
    assert [action.rpartition("/")[2] for action, _ in vhd] == ["write"]


def test_the_identities_of_the_machine_and_the_staging_group(cloud: Cloud) -> None:
    """The build machine's identities are assigned; in a group that is there already, everything is done."""
    other = IDENTITY.replace("baker", "other")
    found = taken(cloud.world, vmProfile={"userAssignedIdentities": [other]}, stagingResourceGroup=GROUP)
    assert found == [("*", ""), ("userAssignedIdentities/assign/action", other.removeprefix(GROUP))]
    assert taken(cloud.world, stagingResourceGroup=f"{SUB}/resourceGroups/fresh") == []


def test_you_may_assign_what_you_own(cloud: Cloud) -> None:
    """Whoever creates the template uses the identity: as owner of the subscription one may."""
    first = needs(cloud.world, template())[0]
    assert (first.who, first.action, first.scope, first.granted) == (YOU, ASSIGN, IDENTITY, True)


def test_without_an_identity_the_application_of_old_needs_the_rights(cloud: Cloud) -> None:
    """Until mid 2020 rights were given to Image Builder itself."""
    plain = template("", distribute=[{"type": "ManagedImage", "imageId": f"{COMPUTE}/images/i"}])
    assert [need.who for need in needs(cloud.world, plain)] == [BUILDER_NAME]
    give(cloud, "Contributor", to=f"--assignee {BUILDER}")
    assert [need.granted for need in needs(cloud.world, plain)] == [True]


def test_what_is_granted_and_by_which_role(cloud: Cloud) -> None:
    """A need tells the role that grants it, or one that would; what is missing is missed where there is a place."""
    wanted = template(distribute=[{"type": "ManagedImage", "imageId": f"{COMPUTE}/images/i"}])
    (_, lacking) = needs(cloud.world, wanted)
    assert (lacking.granted, lacking.role) == (False, "Contributor")
    assert missing(cloud.world, wanted) == (lacking,)
    give(cloud, "Compute Gallery Artifacts Publisher")
    (_, held) = needs(cloud.world, wanted)
    assert (held.granted, held.role) == (True, "Compute Gallery Artifacts Publisher")
    image = cloud.world.put(Id.parse(f"{COMPUTE}/images/i"), {"id": f"{COMPUTE}/images/i"})
    assert [need.scope for need in needs(image, wanted)[1:]] == [f"{COMPUTE}/images/i"]
    elsewhere = template(distribute=[{"imageId": f"{SUB}/resourceGroups/none/providers/Microsoft.Compute/images/i"}])
    assert missing(cloud.world, elsewhere) == ()


def test_needs_as_plain_json(cloud: Cloud) -> None:
    """The picture takes plain objects."""
    shown = [need.as_json() for need in needs(cloud.world, template())]
    assert [sorted(one) for one in shown] == [["granted", "role", "what", "where", "who", "why"]]


def test_an_unknown_place_grants_nothing() -> None:
    """A world without assignments grants nothing, and asking changes nothing."""
    world = World()
    assert granting(world, "P", IMAGE_READ, str(group_id(SUBSCRIPTION, "lab"))) is None
