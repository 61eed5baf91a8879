"""What stands around the images: resource groups, role assignments, deployments; and bodies that ask for an action."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from imagekit.documents.base import AnyCase, Part
from imagekit.documents.gallery import SharingGroup, Tracked


class ResourceGroup(Tracked):
    """A resource group: a name for what lives and dies together."""

    properties: Part | None = None
    managed_by: str | None = None


class RoleAssignmentProperties(Part):
    """Who may do what."""

    role_definition_id: str
    principal_id: str
    principal_type: str | None = None
    description: str | None = None


class RoleAssignment(Part):
    """A role given to somebody at a scope."""

    properties: RoleAssignmentProperties


class Permission(Part):
    """Actions that are granted; those of not_actions are taken out of the actions beside them."""

    actions: list[str] | None = None
    not_actions: list[str] | None = None
    data_actions: list[str] | None = None
    not_data_actions: list[str] | None = None


class RoleDefinitionProperties(Part):
    """What a role of one's own lets its holder do, and where it may be given."""

    role_name: str
    type: str | None = None
    description: str | None = None
    assignable_scopes: list[str] | None = None
    permissions: list[Permission] | None = None


class RoleDefinition(Part):
    """A role, kept at the subscription."""

    properties: RoleDefinitionProperties


class UserAssignedIdentityProperties(Part):
    """What the directory knows an identity by; only the service writes it."""

    tenant_id: str | None = None
    principal_id: str | None = None
    client_id: str | None = None


class UserAssignedIdentity(Tracked):
    """Somebody in whose name a service may work."""

    properties: UserAssignedIdentityProperties | None = None


class DeploymentProperties(Part):
    """A template, or where one stands, with its parameters, and whether what it does not name is left alone."""

    mode: Annotated[Literal["Incremental", "Complete"], AnyCase]
    template: dict[str, Any] | None = None
    template_link: dict[str, Any] | None = None
    parameters: dict[str, Any] | None = None


class Deployment(Part):
    """A template being carried out."""

    properties: DeploymentProperties


class Sharing(Part):
    """What `galleries/…/share` is told."""

    operation_type: Annotated[Literal["Add", "Remove", "Reset", "EnableCommunity"], AnyCase]
    groups: list[SharingGroup] | None = None


class RunCommand(Part):
    """What `virtualMachines/…/runCommand` is told."""

    command_id: str
    script: list[str] | None = None
    parameters: list[Part] | None = None
