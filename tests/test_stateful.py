"""Long walks through the cloud: whatever is asked in whatever order, the world stays whole."""

from __future__ import annotations

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from imagekit import Answer, Cloud, World
from imagekit.ids import Id
from imagekit.operations.core import dig
from imagekit.plane import advance, handle
from imagekit.world import SUBSCRIPTION

GROUPS = st.sampled_from(["rg", "lab"])
GALLERIES = st.sampled_from(["Pictures", "Pictures", "pictures", "Second"])
DEFINITIONS = st.sampled_from(["web", "web", "Web", "database"])
VERSIONS = st.sampled_from(["1.0.0", "1.0.1", "2.0.0", "1.0.4294967296"])
MACHINES = st.sampled_from(["maker", "clone"])
IMAGES = st.sampled_from(["golden", "golden", "silver"])
PARTS = st.sampled_from(["one", "two"])
STATES = st.sampled_from(["Generalized", "Specialized"])
REPLICAS = st.sampled_from([1, 1, 2, 100, 101, 0, -1])
REGIONS = st.lists(st.sampled_from(["westeurope", "West Europe", "westus2", "atlantis"]), max_size=2)
NO_WAIT = st.sampled_from(["", " --no-wait"])
POWER = st.sampled_from(["start", "stop", "deallocate", "restart"])
SCRIPTS = st.sampled_from(
    ["sudo waagent -deprovision+user -force", "sudo apt-get purge -y cloud-init", "sudo apt-get install -y nginx"]
)
LOGIN = "--admin-username ada --generate-ssh-keys"
API = "api-version=2024-03-03"


def path(group: str, *names: str) -> str:
    return "/".join([f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{group}/providers/Microsoft.Compute", *names])


class Walk(RuleBasedStateMachine):
    """A learner who tries things, with few names, so that they meet again."""

    def __init__(self) -> None:
        super().__init__()
        self.cloud = Cloud()
        self.answers: tuple[Answer, ...] = ()

    def say(self, text: str) -> None:
        self.answers = tuple(self.cloud.say(text))

    def send(self, method: str, url: str, body: Any = None) -> None:
        self.answers = (self.cloud.send(method, url, body),)

    # --- what a learner does ---

    @initialize()
    def begins(self) -> None:
        self.say("az group create -n rg -l eastus\naz sig create -g rg -r Pictures")
        self.say("az disk create -g rg -n one --size-gb 8")
        self.machine("rg", "maker", "")
        self.made_ready("maker")
        self.definition("Pictures", "web", "one", "Generalized")

    @rule(name=GROUPS, region=st.sampled_from(["eastus", "westeurope"]))
    def group(self, name: str, region: str) -> None:
        self.say(f"az group create -n {name} -l {region}")

    @rule(name=GROUPS, later=NO_WAIT)
    def group_deleted(self, name: str, later: str) -> None:
        self.say(f"az group delete -n {name} --yes{later}")

    @rule(group=GROUPS, name=GALLERIES, later=NO_WAIT)
    def gallery(self, group: str, name: str, later: str) -> None:
        self.say(f"az sig create -g {group} -r {name} -l eastus{later}")

    @rule(group=GROUPS, name=GALLERIES, later=NO_WAIT)
    def gallery_deleted(self, group: str, name: str, later: str) -> None:
        self.say(f"az sig delete -g {group} -r {name}{later}")

    @rule(group=GROUPS, name=GALLERIES, tag=PARTS)
    def gallery_tagged(self, group: str, name: str, tag: str) -> None:
        self.send("PATCH", f"{path(group, 'galleries', name)}?{API}", {"tags": {"course": tag}})

    @rule(gallery=GALLERIES, name=DEFINITIONS, sku=PARTS, state=STATES)
    def definition(self, gallery: str, name: str, sku: str, state: str) -> None:
        kind = f"--os-type Linux --os-state {state} --hyper-v-generation V2 --features SecurityType=Standard"
        names = f"--publisher Contoso --offer Web --sku {sku}"
        self.say(f"az sig image-definition create -g rg -r {gallery} -i {name} {kind} {names}")

    @rule(gallery=GALLERIES, name=DEFINITIONS, sku=PARTS)
    def definition_renamed(self, gallery: str, name: str, sku: str) -> None:
        self.say(f"az sig image-definition update -g rg -r {gallery} -i {name} --set identifier.sku={sku}")

    @rule(gallery=GALLERIES, name=DEFINITIONS, later=NO_WAIT)
    def definition_deleted(self, gallery: str, name: str, later: str) -> None:
        self.say(f"az sig image-definition delete -g rg -r {gallery} -i {name}{later}")

    @rule(gallery=GALLERIES, name=DEFINITIONS, version=VERSIONS, count=REPLICAS, regions=REGIONS, image=IMAGES)
    def version_of_image(
        self, gallery: str, name: str, version: str, count: int, regions: list[str], image: str
    ) -> None:
        targets = [{"name": region, "regionalReplicaCount": count} for region in ["eastus", *regions]]
        storage = {"source": {"id": path("rg", "images", image)}}
        body = {"location": "eastus", "properties": {"publishingProfile": {"targetRegions": targets}}}
        body["properties"]["storageProfile"] = storage
        self.send("PUT", f"{path('rg', 'galleries', gallery, 'images', name, 'versions', version)}?{API}", body)

    @rule(gallery=GALLERIES, name=DEFINITIONS, version=VERSIONS, machine=MACHINES, later=NO_WAIT)
    def version_of_machine(self, gallery: str, name: str, version: str, machine: str, later: str) -> None:
        where = f"-g rg -r {gallery} -i {name} -e {version}"
        source = path("rg", "virtualMachines", machine)
        self.say(f"az sig image-version create {where} --virtual-machine {source}{later}")

    @rule(gallery=GALLERIES, name=DEFINITIONS, version=VERSIONS, count=REPLICAS)
    def version_replicated(self, gallery: str, name: str, version: str, count: int) -> None:
        where = f"-g rg -r {gallery} -i {name} -e {version}"
        self.say(f"az sig image-version update {where} --target-regions eastus=1 westeurope={max(count, 0)}")

    @rule(gallery=GALLERIES, name=DEFINITIONS, version=VERSIONS, later=NO_WAIT)
    def version_deleted(self, gallery: str, name: str, version: str, later: str) -> None:
        self.say(f"az sig image-version delete -g rg -r {gallery} -i {name} -e {version}{later}")

    @rule(group=GROUPS, name=MACHINES, later=NO_WAIT)
    def machine(self, group: str, name: str, later: str) -> None:
        self.say(f"az vm create -g {group} -n {name} --image Ubuntu2204 --security-type Standard {LOGIN}{later}")

    @rule(name=MACHINES, gallery=GALLERIES, definition=DEFINITIONS, more=st.sampled_from([LOGIN, "--specialized"]))
    def machine_of_gallery(self, name: str, gallery: str, definition: str, more: str) -> None:
        image = path("rg", "galleries", gallery, "images", definition)
        self.say(f"az vm create -g rg -n {name} --image {image} --security-type Standard {more}")

    @rule(name=MACHINES, verb=POWER, later=NO_WAIT)
    def power(self, name: str, verb: str, later: str) -> None:
        self.say(f"az vm {verb} -g rg -n {name}{later}")

    @rule(name=MACHINES, script=SCRIPTS)
    def script(self, name: str, script: str) -> None:
        self.say(f"az vm run-command invoke -g rg -n {name} --command-id RunShellScript --scripts '{script}'")

    @rule(name=MACHINES)
    def generalized(self, name: str) -> None:
        self.say(f"az vm generalize -g rg -n {name}")

    @rule(name=MACHINES, later=NO_WAIT)
    def machine_deleted(self, name: str, later: str) -> None:
        self.say(f"az vm delete -g rg -n {name} --yes{later}")

    @rule(name=IMAGES, machine=MACHINES)
    def image(self, name: str, machine: str) -> None:
        self.say(f"az image create -g rg -n {name} --source {machine} --hyper-v-generation V2")

    @rule(name=MACHINES)
    def made_ready(self, name: str) -> None:
        """The whole way to an image, so that walks get as far as versions and clones."""
        script = "sudo waagent -deprovision+user -force"
        self.script(name, script)
        self.say(f"az vm deallocate -g rg -n {name}\naz vm generalize -g rg -n {name}")
        self.image("golden", name)

    @rule(name=IMAGES)
    def image_deleted(self, name: str) -> None:
        self.say(f"az image delete -g rg -n {name}")

    @rule(group=GROUPS, name=PARTS, verb=st.sampled_from(["create --size-gb 8", "delete --yes"]), later=NO_WAIT)
    def disk(self, group: str, name: str, verb: str, later: str) -> None:
        self.say(f"az disk {verb} -g {group} -n {name}{later}")

    @rule(name=PARTS, verb=st.sampled_from(["create --source one", "delete"]))
    def snapshot(self, name: str, verb: str) -> None:
        self.say(f"az snapshot {verb} -g rg -n {name}")

    @rule(group=GROUPS, method=st.sampled_from(["PUT", "PATCH", "DELETE"]))
    def network(self, group: str, method: str) -> None:
        id = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{group}/providers/Microsoft.Network/virtualNetworks/net"
        self.send(method, f"{id}?{API}", {"location": "eastus"} if method != "DELETE" else None)

    @rule(seconds=st.sampled_from([0, 1, 30, 600, None]))
    def waits(self, seconds: float | None) -> None:
        self.answers = ()
        self.cloud.wait(seconds)

    @rule(steps=st.integers(1, 3))
    def undoes(self, steps: int) -> None:
        self.answers = ()
        before = self.cloud.history[-min(steps, len(self.cloud.history)) :]
        if before:
            self.cloud.undo(len(before))
            assert self.cloud.world is before[0].before

    # --- what is always so ---

    @property
    def world(self) -> World:
        return self.cloud.world

    @invariant()
    def nested_documents_have_their_parent(self) -> None:
        """No definition without its gallery, no version without its definition, nothing without its group."""
        for key in self.world.documents:
            id = Id.parse(key)
            if id.namespace not in ("", "Microsoft.Compute"):
                continue  # what the house does not know is kept wherever it is put
            group = f"/subscriptions/{id.subscription}/resourcegroups/{id.group}"
            homes = {group, id.parent.key} if id.parent and id.namespace else {group}
            assert [home for home in homes if home not in self.world.documents] == []

    @invariant()
    def documents_stand_at_their_ids(self) -> None:
        """The id in a document is read back, and its key is where the document stands."""
        for key, document in self.world.documents.items():
            id = Id.parse(document["id"])
            assert (id.key, id.name, id.type) == (key, document["name"], document["type"])

    @invariant()
    def collections_agree_with_documents(self) -> None:
        """Each document is in its collection, and nothing else is."""
        expected: dict[str, set[str]] = {}
        for key in self.world.documents:
            expected.setdefault(Id.parse(key).collection.key, set()).add(key)
        assert {home: set(keys) for home, keys in self.world.collections.items() if len(keys)} == expected

    @invariant()
    def identifiers_are_unique_in_a_gallery(self) -> None:
        """No two definitions of a gallery share publisher, offer and SKU."""
        seen = [
            (Id.parse(key).parent, *(str(dig(document, f"properties.identifier.{part}")).lower() for part in TRIPLE))
            for key, document in self.world.documents.items()
            if document["type"] == "Microsoft.Compute/galleries/images"
        ]
        assert len(seen) == len(set(seen))

    @invariant()
    def replicas_are_within_their_limits(self) -> None:
        """A version has 1 to 100 replicas in each of its regions, and no region twice."""
        for document in self.world.documents.values():
            targets = dig(document, "properties.publishingProfile.targetRegions") or []
            assert all(1 <= target["regionalReplicaCount"] <= 100 for target in targets)
            assert len({target["name"] for target in targets}) == len(targets)

    @invariant()
    def work_lies_ahead(self) -> None:
        """What is under way ends now or later, and what has ended is not under way."""
        assert all(job.due >= self.world.clock for job in self.world.pending.values())
        assert not set(self.world.pending) & set(self.world.jobs)
        assert all(job.due <= self.world.clock for job in self.world.jobs.values() if job.status != "Canceled")

    @invariant()
    def nothing_is_under_way_for_ever(self) -> None:
        """A document that says it is being worked on has a job that works on it."""
        for key, document in self.world.documents.items():
            if dig(document, "properties.provisioningState") in ("Creating", "Updating", "Deleting"):
                assert list(self.world.busy(key)) != []

    @invariant()
    def hidden_sides_belong_to_documents(self) -> None:
        """A machine's hidden side is there exactly as long as its document."""
        shown = {key for key, one in self.world.documents.items() if one["type"] == "Microsoft.Compute/virtualMachines"}
        assert set(self.world.machines) == shown

    @invariant()
    def disks_in_use_have_an_owner(self) -> None:
        """A disk that is owned is owned by a machine that is there."""
        owners = {key: one["managedBy"].lower() for key, one in self.world.documents.items() if one.get("managedBy")}
        assert {key: owner for key, owner in owners.items() if owner not in self.world.documents} == {}

    @invariant()
    def refusals_change_nothing(self) -> None:
        """A refused answer gives the very world it was asked in, with a status and an error that say so."""
        for answer in self.answers:
            if answer.refusals and not answer.took:
                assert answer.before is answer.after
                assert answer.status >= 400
                assert answer.body["error"]["code"]

    def teardown(self) -> None:
        """History replays: the recorded requests and waits lead from the empty world to an equal one."""
        world = World()
        for step in self.cloud.history:
            for answer in step.answers:
                world = handle(world, answer.request).after
                world = advance(world, (answer.after.clock - world.clock).total_seconds())
            world = advance(world, (step.after.clock - world.clock).total_seconds())
        assert world == self.cloud.world


TRIPLE = ("publisher", "offer", "sku")
TestWalk = Walk.TestCase
TestWalk.settings = settings(max_examples=80, stateful_step_count=25, deadline=None)
