"""The map of a subscription, what changed, and lineage: what is drawn, marked, folded and said."""

from __future__ import annotations

import html
import random
import re
from typing import Any

import pytest

from imagekit.ids import resource_id
from imagekit.pictures import changes, lineage, subscription_map
from imagekit.pictures.look import MARKS

JSON = dict[str, Any]
Documents = dict[str, JSON]

VM, IMAGE = "Microsoft.Compute/virtualMachines", "Microsoft.Compute/images"
GALLERY, DEFINITION = "Microsoft.Compute/galleries", "Microsoft.Compute/galleries/images"
VERSION, DISK = f"{DEFINITION}/versions", "Microsoft.Compute/disks"
SNAPSHOT, NIC = "Microsoft.Compute/snapshots", "Microsoft.Network/networkInterfaces"
TEMPLATE = "Microsoft.VirtualMachineImages/imageTemplates"

# The documents have the shape that recorded answers of the service have (azure-cli's test recordings, 2023).


def rid(kind: str, *names: str, group: str = "lab") -> str:
    return str(resource_id("00000000-0000-0000-0000-000000000000", group, kind, *names))


def document(kind: str, *names: str, group: str = "lab", **properties: Any) -> Documents:
    """One document as REST prints it."""
    at = rid(kind, *names, group=group)
    body = {"id": at, "name": names[-1], "type": kind, "location": "eastus", "tags": {}}
    return {at: {**body, "properties": {"provisioningState": "Succeeded", **properties}}}


def vm(name: str, *states: str, source: str = "", exact: str = "", group: str = "lab") -> Documents:
    """A Linux VM with its OS disk and network interface."""
    offer = {"publisher": "Canonical", "offer": "UbuntuServer", "sku": "18.04-LTS", "version": "latest"}
    reference = {"id": source, **({"exactVersion": exact} if exact else {})} if source else offer
    disk = {
        "osType": "Linux",
        "createOption": "FromImage",
        "managedDisk": {"id": rid(DISK, f"{name}_disk", group=group)},
    }
    view = {"statuses": [{"code": "ProvisioningState/succeeded"}, *({"code": state} for state in states)]}
    storage = {"imageReference": reference, "osDisk": disk, "dataDisks": []}
    return {
        **document(VM, name, group=group, storageProfile=storage, instanceView=view),
        **document(DISK, f"{name}_disk", group=group, diskSizeGB=30, diskState="Attached"),
        **document(NIC, f"{name}VMNic", group=group),
    }


def gallery_of(*definitions: str, name: str = "pics") -> Documents:
    """A gallery with generalized Linux Gen2 definitions."""
    found = document(GALLERY, name, identifier={"uniqueName": name.upper()})
    for each in definitions:
        sku = {"publisher": "contoso", "offer": "web", "sku": each}
        kind = {"osType": "Linux", "osState": "Generalized", "hyperVGeneration": "V2", "architecture": "x64"}
        found |= document(DEFINITION, name, each, identifier=sku, **kind)
    return found


def version(
    name: str,
    source: str = "",
    definition: str = "web",
    regions: dict[str, int] | None = None,
    **profile: Any,
) -> Documents:
    """An image version; the service prints regions by their display names."""
    targets = [
        {"name": place, "regionalReplicaCount": count, "storageAccountType": "Standard_LRS"}
        for place, count in (regions or {"East US": 1}).items()
    ]
    publishing = {
        "targetRegions": targets,
        "replicaCount": 1,
        "storageAccountType": "Standard_LRS",
        **profile,
    }
    origin = {"source": {"virtualMachineId" if "/virtualMachines/" in source else "id": source}} if source else {}
    return document(VERSION, "pics", definition, name, publishingProfile=publishing, storageProfile=origin)


GOLDEN = rid(VM, "golden")
LAB: Documents = {
    **vm("golden", "PowerState/deallocated", "OSState/generalized"),
    **vm("web1", "PowerState/running", source=rid(DEFINITION, "pics", "web"), exact="1.0.0"),
    **gallery_of("web", "desktop"),
    **version("1.0.0", GOLDEN, regions={"East US": 2, "West US 2": 1}),
}


def label_words(dot: str) -> dict[str, str]:
    """Node, cluster or port owner -> the words of its label."""
    found = {}
    for name, label in re.findall(r"^\s*(\w+) \[label=<(.*?)>(?:, \w+=|\])", dot, re.MULTILINE):
        found[name] = html.unescape(" ".join(re.sub(r"<[^>]*>", " ", label).split()))
    return found


def all_words(dot: str) -> str:
    return html.unescape(" ".join(re.sub(r"<[^>]*>", " ", dot).split()))


def arrows(dot: str) -> set[tuple[str, str]]:
    """Each arrow as the words at its two ends; an end in a definition's card is the row it points at."""
    words, found = label_words(dot), set()
    for *ends, back in re.findall(r"^\s*(\S+) -> (\S+)(?: \[(dir=\"back\")?)?", dot, re.MULTILINE):
        source, target = (_end(dot, words, end) for end in (reversed(ends) if back else ends))
        found.add((source, target))
    return found


def _end(dot: str, words: dict[str, str], place: str) -> str:
    node, _, port = place.removesuffix(":w").removesuffix(":e").partition(":")
    if not port:
        return words[node]
    port = port.removesuffix("out")
    row = re.search(rf'PORT="{port}".*?</TR>', dot)
    assert row, f"no row has the port {port}"
    return html.unescape(" ".join(re.sub(r"<[^>]*>", " ", "<" + row[0]).split()))


def test_map_shows_names_states_and_containers() -> None:
    """Each resource is drawn with its name and what matters of it, groups and galleries as clusters."""
    picture = subscription_map(LAB)
    words = label_words(picture.dot)
    assert words["vm1"] == "VM golden Linux · generalized UbuntuServer 18.04-LTS"
    assert words["vm2"] == "VM web1 Linux · running"
    assert words["definition2"] == "image definition web Generalized Linux Gen2 1.0.0 eastus ×2, westus2 ×1 latest"
    assert words["definition1"] == "image definition desktop Generalized Linux Gen2 no versions yet"
    assert "subgraph cluster_group1" in picture.dot
    assert "subgraph cluster_gallery1" in picture.dot


def test_labels_are_names_never_ids() -> None:
    """No resource id stands anywhere in a picture."""
    assert "/subscriptions/" not in subscription_map(LAB).dot.lower()
    assert "00000000" not in subscription_map(LAB).svg()


def test_arrows_lead_from_source_to_product() -> None:
    """A version comes from its VM, and a VM asked for by definition from the exact version it got."""
    row = "1.0.0 eastus ×2, westus2 ×1 latest"
    found = arrows(subscription_map(LAB).dot)
    assert ("VM golden Linux · generalized UbuntuServer 18.04-LTS", row) in found
    assert any(source.endswith("latest") and target == "VM web1 Linux · running" for source, target in found)
    assert len(found) == 2


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        (IMAGE, {"sourceVirtualMachine": {"id": GOLDEN}}),
        (SNAPSHOT, {"creationData": {"sourceResourceId": GOLDEN.lower()}}),
        (VERSION, {"storageProfile": {"source": {"id": GOLDEN}}}),
        (VERSION, {"storageProfile": {"osDiskImage": {"source": {"id": GOLDEN}}}}),
        (VERSION, {"publishingProfile": {"source": {"managedImage": {"id": GOLDEN}}}}),
        (DISK, {"creationData": {"imageReference": {"id": GOLDEN}}}),
        (TEMPLATE, {"source": {"type": "ManagedImage", "imageId": GOLDEN}}),
    ],
)
def test_every_kind_says_its_source_in_its_own_place(kind: str, properties: JSON) -> None:
    """Whatever the place and the case of the id, the source is found."""
    names = ("pics", "web", "1.0.0") if kind == VERSION else ("made",)
    table = subscription_map({**vm("golden"), **document(kind, *names, **properties)}).twin
    assert re.search(rf"^.*{re.escape(names[-1])} .*golden( .*)?$", table, re.MULTILINE)


def test_a_vm_hides_its_own_disk_and_network() -> None:
    """A disk that came with its VM is part of it; networks are counted in the group's heading."""
    words = all_words(subscription_map(LAB).dot)
    assert "golden_disk" not in words
    assert "and 2 network resources" in words
    assert "VMNic" not in words


def test_a_disk_that_was_copied_is_drawn_with_its_vm() -> None:
    """The OS disk comes to light as soon as a snapshot is made from it."""
    snap = document(SNAPSHOT, "snap", diskSizeGB=30, creationData={"sourceResourceId": rid(DISK, "golden_disk")})
    dot = subscription_map({**LAB, **snap}).dot
    assert ("disk golden_disk 30 GB · attached", "snapshot snap 30 GB") in arrows(dot)
    assert re.search(r"vm1 -> disk1 \[arrowhead=\"none\", style=\"dotted\"", dot)


def test_an_attached_disk_is_tied_and_a_copied_one_is_not() -> None:
    """Arrows are for copies: a disk that a VM was made with hangs on it as its own disk does, also in a lineage."""
    copied = document(DISK, "back", diskSizeGB=30, creationData={"sourceResourceId": rid(SNAPSHOT, "before")})
    disk = {"osType": "Linux", "createOption": "Attach", "managedDisk": {"id": rid(DISK, "back")}}
    after = {**document(SNAPSHOT, "before"), **copied, **document(VM, "rescued", storageProfile={"osDisk": disk})}
    for picture in (subscription_map(after), changes({}, after), lineage(after, rid(VM, "rescued"))):
        assert re.search(r'disk1 -> vm1 \[arrowhead="none", style="dotted"', picture.dot)
        assert re.search(r"snapshot1 -> disk1:w(?! \[arrowhead)", picture.dot)
        assert re.search(r"^VM +rescued +lab +Linux, disk back attached", picture.twin, re.MULTILINE)


def test_a_platform_image_has_its_short_name() -> None:
    """Where the documents tell az's short name, it stands for offer and SKU."""
    named = {at: body | {"imageAlias": "Ubuntu2204"} if "/virtualMachines/" in at else body for at, body in LAB.items()}
    words = all_words(subscription_map(named).dot)
    assert "Ubuntu2204" in words
    assert "UbuntuServer" not in words
    assert "UbuntuServer" in all_words(subscription_map(LAB).dot)


def test_deleting_a_vm_brings_its_disk_to_light() -> None:
    """A disk that outlives its VM is drawn, and the VM is struck out."""
    after = {at: body for at, body in LAB.items() if not at.endswith("virtualMachines/web1")}
    picture = subscription_map(after, before=LAB)
    assert "web1_disk" in all_words(picture.dot)
    assert "Gone: VM web1." in picture.twin


def test_flat_documents_draw_alike() -> None:
    """What az prints, without `properties`, gives the same picture as what REST prints."""
    flat = {at: {**body, **body["properties"], "properties": None} for at, body in LAB.items()}
    assert subscription_map(flat) == subscription_map(LAB)


def test_the_case_of_ids_does_not_matter() -> None:
    """Two spellings of one id are one resource, so nothing looks new."""
    shouted = {at.replace("/resourceGroups/lab/", "/RESOURCEGROUPS/LAB/"): body for at, body in LAB.items()}
    assert "new" not in subscription_map(shouted, before=LAB).twin


def test_same_documents_same_dot() -> None:
    """The order in which documents come does not move anything."""
    pairs = list(LAB.items())
    random.Random(1).shuffle(pairs)
    assert subscription_map(dict(pairs)).dot == subscription_map(LAB).dot


def test_a_version_without_its_gallery_still_has_a_place() -> None:
    """Containers that an id names are drawn even if their documents are missing."""
    words = label_words(subscription_map(version("1.0.0")).dot)
    assert words["definition1"].startswith("image definition web 1.0.0")


def test_nothing_and_empty_containers_say_so() -> None:
    """An empty cloud, an empty group and an empty gallery are pictures too."""
    group = "/subscriptions/S/resourceGroups/fresh"
    assert "nothing here yet" in subscription_map({}).dot
    assert "Nothing here yet." in subscription_map({}).twin
    assert "nothing in it yet" in subscription_map({group: {"location": "eastus"}}).dot
    assert "no image definitions yet" in subscription_map(document(GALLERY, "pics")).dot


# Marks


def test_new_changed_gone_and_refused_are_marked_in_drawing_and_words() -> None:
    """Each mark has its sign in the drawing and its sentence in the twin."""
    before = {**LAB, **version("0.9.0"), **version("1.0.0", GOLDEN)}
    after = {**LAB, **version("1.1.0", GOLDEN)}
    picture = subscription_map(after, before, {rid(VERSION, "pics", "web", "1.2"): "version-name"})
    card = label_words(picture.dot)["definition2"]
    assert "1.1.0 eastus ×1 latest + new" in card
    assert "1.0.0 eastus ×2, westus2 ×1 ~ changed" in card
    assert "0.9.0 eastus ×1 gone" in card
    assert "1.2 rule version-name × refused" in card
    assert "<S><B>0.9.0</B></S>" in picture.dot
    assert "New: image version web 1.1.0." in picture.twin
    assert "(regions: eastus ×1 → eastus ×2, westus2 ×1)" in picture.twin
    assert "Gone: image version web 0.9.0." in picture.twin
    assert "Refused: image version web 1.2 (rule version-name)." in picture.twin


def test_without_a_before_nothing_is_marked() -> None:
    """A single state has no history; an empty before makes all new."""
    assert "+ new" not in subscription_map(LAB).dot
    assert subscription_map(LAB, before={}).dot.count("+ new") == 6


def test_what_was_refused_is_drawn_though_it_does_not_exist() -> None:
    """A refused creation leaves a ghost with the name of its rule, of whatever type."""
    picture = subscription_map({}, refused={rid(NIC, "nic9"): "some-rule"})
    assert "nic9 rule some-rule × refused" in all_words(picture.dot)


def test_a_refused_deletion_leaves_the_latest_in_place() -> None:
    """A version whose deletion was refused is still there, so `latest` still means it."""
    dot = subscription_map(LAB, refused={rid(VERSION, "pics", "web", "1.0.0"): "in-use"}).dot
    assert "rule in-use latest × refused" in label_words(dot)["definition2"]


def test_counted_resources_say_how_many_are_new() -> None:
    """Networks are not drawn, but nobody is kept in the dark."""
    after = {**LAB, **document(NIC, "extra")}
    assert "and 3 network resources (1 new)" in all_words(subscription_map(after, LAB).dot)


# Folding

MANY: Documents = {
    **LAB,
    **{at: body for n in range(1, 40) for at, body in version(f"1.{n}.0", GOLDEN).items()},
}


def test_forty_versions_fold_to_the_newest_six() -> None:
    """Newest first by number, the rest in one line; the words still count all."""
    picture = subscription_map(MANY)
    card = label_words(picture.dot)["definition2"]
    assert re.findall(r"1\.\d+\.0", card) == [f"1.{n}.0" for n in (39, 38, 37, 36, 35, 34)]
    assert card.endswith("and 34 older versions")
    assert "40 image versions" in picture.twin


def test_arrows_of_folded_versions_lead_to_the_fold() -> None:
    """web1 was made from 1.0.0, which is folded away: its arrow starts at the fold, once."""
    found = arrows(subscription_map(MANY).dot)
    assert any(target == "and 34 older versions" for _, target in found)
    assert len(found) == 8


def test_old_versions_that_changed_stay_in_sight() -> None:
    """A mark is never folded away while there are only a few."""
    card = label_words(subscription_map(MANY, {**MANY, **version("1.2.0")}).dot)["definition2"]
    assert "1.2.0 eastus ×1 ~ changed" in card
    assert card.endswith("and 33 older versions")


def test_one_single_version_is_not_folded() -> None:
    """A line "and 1 older versions" would take the place of the version itself."""
    seven = {at: body for n in range(7) for at, body in version(f"1.{n}.0").items()}
    assert "older" not in subscription_map(seven).dot


def test_like_vms_fold() -> None:
    """Twenty VMs from one version become six and a note; one from another version stays."""
    twins = {
        at: body
        for n in range(20)
        for at, body in vm(f"web{n:02}", source=rid(VERSION, "pics", "web", "1.0.0")).items()
    }
    words = label_words(subscription_map({**LAB, **twins}).dot)
    assert "and 15 more VMs" in words.values()
    assert any(word.startswith("VM golden") for word in words.values())


# Changes


def test_changes_keep_what_changed_and_its_neighbours() -> None:
    """The new version and its source are drawn; a bystander is not; `latest` is right all the same."""
    before = {**LAB, **version("2.0.0"), **vm("bystander")}
    picture = changes(before, {**before, **version("1.1.0", GOLDEN)})
    words = all_words(picture.dot)
    assert "golden" in words
    assert "1.1.0 eastus ×1 + new" in words
    assert "bystander" not in words
    assert "latest" not in words
    assert "desktop" not in words


def test_no_change_is_said() -> None:
    """Two equal states give a picture that says so."""
    picture = changes(LAB, dict(LAB))
    assert "nothing changed" in picture.dot
    assert "Nothing changed." in picture.twin


def test_changes_say_what_became_of_a_vm() -> None:
    """The words name the fact that differs, before and after."""
    after = {
        **LAB,
        **vm("web1", "PowerState/deallocated", source=rid(DEFINITION, "pics", "web"), exact="1.0.0"),
    }
    assert "Changed: VM web1 (state: running → deallocated)." in changes(LAB, after).twin


def test_changes_say_what_they_leave_out() -> None:
    """What is not shown because it is as it was is no longer taken for gone."""
    lab = {"/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/lab": {"location": "eastus"}}
    before = {**lab, **vm("web1"), **vm("far", group="other")}
    picture = changes(before, {**before, **gallery_of()})
    assert "lab eastus unchanged, not shown: 1 VM" in all_words(picture.dot)
    assert "unchanged, not shown: 1 resource group" in all_words(picture.dot)
    assert "Unchanged, not shown: 1 VM in lab; 1 resource group." in picture.twin
    assert "not shown" not in changes({}, before).twin + changes(before, before).twin


STORM: Documents = {
    **gallery_of("web", "ready"),
    **version("1.0.0", GOLDEN),
    **document(SNAPSHOT, "night", creationData={"sourceResourceId": rid(DISK, "web1_disk")}),
    **version("2.0.0", rid(SNAPSHOT, "night"), definition="ready"),
    **vm("web1", source=rid(DEFINITION, "pics", "web"), exact="1.0.0"),
    **vm("web2", source=rid(DEFINITION, "pics", "web"), exact="1.0.0"),
}


@pytest.mark.parametrize("gone", [True, False])
def test_an_arrow_never_crosses_the_row_it_starts_from(gone: bool) -> None:
    """A gallery is one column: what goes from it back into it stands on its left, and its arrows leave on the left."""
    after = {at: body for at, body in STORM.items() if not (gone and "virtualMachines" in at)}
    dot = subscription_map(after, STORM).dot
    row = "1.0.0 eastus ×1 latest"
    source = "VM web1 Linux" + (" gone" if gone else "")
    assert {(row, source), (row, source.replace("web1", "web2"))} <= arrows(dot)
    assert re.search(r"vm1:e -> definition2:version\d:w \[dir=\"back\"", dot)
    assert re.search(r"definition2:version\dout:e -> vm2:w", dot)


def test_a_version_from_a_vm_of_the_same_definition_goes_around() -> None:
    """The circle of an image and its successor: out on the left, in on the left."""
    loop = {**LAB, **version("2.0.0", rid(VM, "web1"))}
    dot = subscription_map(loop).dot
    assert re.search(r"vm2:e -> definition2:version1:w \[dir=\"back\"\]", dot)
    assert re.search(r"vm2 -> definition2:version2:w", dot)
    assert "out:e ->" not in dot


def test_what_failed_looks_failed() -> None:
    """A VM that Azure gave up on is new and failed, in words and colour, and so is the arrow to it."""
    after = {**LAB, **vm("web2", source=rid(DEFINITION, "pics", "web"), exact="1.0.0")}
    failed = after[rid(VM, "web2")]
    after[rid(VM, "web2")] = {**failed, "properties": {**failed["properties"], "provisioningState": "Failed"}}
    picture = changes(LAB, after)
    assert "VM web2 Linux · Failed + new · ! failed" in label_words(picture.dot).values()
    red, green = MARKS["failed"].colour, MARKS["new"].colour
    assert f'BGCOLOR="{red}"' in picture.dot
    assert green not in picture.dot
    assert "New: VM web2." in picture.twin
    assert "Failed: VM web2." in picture.twin
    assert re.search(r"^VM +web2 .* new, failed$", picture.twin, re.MULTILINE)
    assert "! failed" in subscription_map(after).dot


@pytest.mark.parametrize(("group", "shown"), [("East US", False), ("eastus", False), ("westus", True)])
def test_a_vm_says_its_region_where_its_group_says_another(group: str, shown: bool) -> None:
    """The heading of the group says the region of nearly all; the others say their own."""
    home = {"/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/lab": {"location": group}}
    picture = subscription_map({**home, **vm("web1")})
    words = label_words(picture.dot)["vm1"]
    assert words.endswith("eastus") == shown
    assert bool(re.search(r"^VM +web1 .*eastus", picture.twin, re.MULTILINE)) == shown


# Lineage


def test_lineage_goes_back_and_forth() -> None:
    """From the marketplace over the source VM and the version to the VM made from it, and nothing else."""
    picture = lineage({**LAB, **vm("bystander")}, rid(VERSION, "pics", "web", "1.0.0"))
    words = all_words(picture.dot)
    assert "marketplace image UbuntuServer 18.04-LTS" in words
    assert "golden" in words
    assert "web1" in words
    assert "bystander" not in words
    assert re.search(r"1\.0\.0 .*this one", picture.twin)


def test_lineage_shows_sources_that_are_gone() -> None:
    """A version outlives its source VM, which is drawn dotted as not here."""
    after = {at: body for at, body in LAB.items() if "golden" not in at}
    picture = lineage(after, rid(VM, "web1"))
    assert "VM golden not here" in label_words(picture.dot).values()
    assert "Not here: VM golden." in picture.twin


def test_lineage_reaches_the_template_that_built_a_version() -> None:
    """A version without a source came by its definition, which an image template fills."""
    source = {"type": "PlatformImage", "offer": "ubuntu", "sku": "22_04-lts-gen2"}
    target = {"type": "SharedImage", "galleryImageId": rid(DEFINITION, "pics", "web")}
    built = {
        **gallery_of("web"),
        **version("1.0.0"),
        **document(TEMPLATE, "bake", source=source, distribute=[target]),
    }
    words = label_words(lineage(built, rid(VERSION, "pics", "web", "1.0.0")).dot)
    assert words["template1"].startswith("image template bake")
    assert words["marketplace1"] == "marketplace image ubuntu 22_04-lts-gen2"


def test_lineage_needs_an_id() -> None:
    """A bare name is no id."""
    with pytest.raises(ValueError, match="not a resource id"):
        lineage(LAB, "web1")
