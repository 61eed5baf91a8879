"""Looking at a cloud: its documents, what lies inside its machines, and its pictures. Nothing here changes anything."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from imagekit.answers import documents, drawn
from imagekit.effects.view import shown
from imagekit.gallery_view import GalleryView
from imagekit.guest import Guest, Guests
from imagekit.ids import GALLERY, LAB_ACCOUNT, LAB_PLAN, VM, Id
from imagekit.lab_view import LabView
from imagekit.machine_view import MachineView
from imagekit.operations import Scope
from imagekit.operations.image_templates import TEMPLATE
from imagekit.talk import own
from imagekit.template_view import TemplateView
from imagekit.unreadable import nearest
from imagekit.world import JSON, World


class Looking(ABC):
    """What a cloud can be asked to show; a Cloud is one."""

    world: World

    @abstractmethod
    def scope(self) -> Scope:
        """What clients of this cloud know when they read words."""

    def documents(self) -> dict[str, JSON]:
        """Every document by its id, as a full GET would show it.

        >>> from imagekit import Cloud
        >>> Cloud().documents()
        {}
        """
        return {id: own(document) for id, document in documents(self.world).items()}

    def get(self, id: str | Id) -> JSON | None:
        """The document at an id as a GET shows it, or None.

        >>> from imagekit import Cloud
        >>> Cloud().get("/subscriptions/S/resourceGroups/lab") is None
        True
        """
        document = self.world.get(id)
        return own(shown(self.world, document, {})) if document else None

    def guest(self, name: str, group: str = "") -> Guest | None:
        """What lies inside a virtual machine, a disk or an image of this name: a Guest, or None.

        >>> from imagekit import Cloud
        >>> cloud = Cloud()
        >>> answers = cloud.say("az group create -n lab -l eastus")
        >>> answers = cloud.say("az vm create -g lab -n maker --image Ubuntu2204 --generate-ssh-keys")
        >>> cloud.guest("maker").hostname
        'maker'
        """
        wanted = [(key, machine.disk) for key, machine in self.world.machines.items()]
        wanted += [(key, key) for key in self.world.guests]
        found = sorted(pair for pair in wanted if pair[0].endswith(f"/{name.lower()}") and _in(pair[0], group))
        return self.world.guests.get(found[0][1]) if found else None

    def guests(self, *names: str, group: str = "") -> Guests:
        """What lies inside several machines, disks or images, side by side; raises KeyError for one that has no guest.

        >>> from imagekit import Cloud
        >>> cloud = Cloud()
        >>> answers = cloud.say("az group create -n lab -l eastus")
        >>> answers = cloud.say("az vm create -g lab -n maker --image Ubuntu2204 --generate-ssh-keys")
        >>> [guest.hostname for guest in cloud.guests("maker")]
        ['maker']
        """
        found = {name: self.guest(name, group) for name in names}
        if missing := [name for name, guest in found.items() if guest is None]:
            raise KeyError(f"there is no guest in {', '.join(missing)}")
        return Guests(guest for guest in found.values() if guest)

    def template(self, name: str, group: str = "") -> TemplateView:
        """An image template by its name: its status, log, outputs, rights and pictures.

        Raises KeyError where there is none of this name, with the nearest there is.
        """
        return TemplateView(self.world, self._id_of(TEMPLATE, "image template", name, group), self.scope())

    def machine(self, name: str, group: str = "") -> MachineView:
        """A virtual machine by its name: its guest, its first boot and where it comes from.

        Raises KeyError where there is none of this name, with the nearest there is.

        >>> from imagekit import Cloud
        >>> cloud = Cloud()
        >>> answers = cloud.say("az group create -n lab -l eastus")
        >>> answers = cloud.say("az vm create -g lab -n maker --image Ubuntu2204 --generate-ssh-keys")
        >>> cloud.machine("maker").power
        'running'
        """
        return MachineView(self.world, self._id_of(VM, "virtual machine", name, group))

    def gallery(self, name: str, group: str = "") -> GalleryView:
        """A gallery by its name: what `latest` gives where, its map, replication, readers and cost.

        Raises KeyError where there is none of this name, with the nearest there is.
        """
        return GalleryView(self.world, self._id_of(GALLERY, "gallery", name, group))

    def lab_plan(self, name: str, group: str = "") -> LabView:
        """A lab plan by its name: its gallery, the images it offers or not and why, and its labs.

        Raises KeyError where there is none of this name, with the nearest there is.
        """
        return LabView(self.world, self._id_of(LAB_PLAN, "lab plan", name, group))

    def lab_account(self, name: str, group: str = "") -> LabView:
        """A lab account by its name, as a lab plan: lab accounts came before lab plans (2018-2021).

        Raises KeyError where there is none of this name, with the nearest there is.
        """
        return LabView(self.world, self._id_of(LAB_ACCOUNT, "lab account", name, group))

    def _id_of(self, kind: str, word: str, name: str, group: str) -> Id:
        """The id of the resource of a kind and a name; raises KeyError where there is none."""
        found = {str(one["name"]).lower(): one["id"] for one in self.world.all_of(kind) if _in(one["id"], group)}
        if name.lower() not in found:
            near = nearest(name, found)
            raise KeyError(f"there is no {word} {name!r}" + (f"; did you mean {near!r}?" if near else ""))
        return Id.parse(found[name.lower()])

    def picture(self) -> Any:
        """The whole subscription as a picture; its text twin is what `print` shows.

        >>> from imagekit import Cloud
        >>> print(Cloud().picture())
        Map of the subscription
        <BLANKLINE>
        Nothing here yet.
        """
        from imagekit import pictures  # here, because not every session draws

        return pictures.subscription_map(drawn(self.world))

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle: dict[str, Any] = self.picture()._repr_mimebundle_(include, exclude)
        return bundle


def _in(id: str, group: str) -> bool:
    """Whether an id lies in a group; all do where none is named."""
    return not group or f"/resourcegroups/{group.lower()}/" in id.lower()
