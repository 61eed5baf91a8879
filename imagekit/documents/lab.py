"""Lab accounts, lab plans and labs as Azure keeps them (Microsoft.LabServices), of both eras.

The fields are those of the published schemas: 2018-10-15 for lab accounts, 2021-10-01-preview to 2023-06-07 for lab
plans (collected 2026-11-20). Shared galleries and shared images of a lab account came with 2019-01-01-preview, which
has no published schema: their fields, and those of createLab, are the ones the module of azure-devtestlab sends
(samples/ClassroomLabs/Modules/Library/Az.LabServices.psm1).
"""

from __future__ import annotations

from typing import Annotated, Literal

from imagekit.documents.base import AnyCase, Part, since
from imagekit.documents.gallery import Tracked

Enabled = Annotated[Literal["Enabled", "Disabled"], AnyCase]
Access = Annotated[Literal["Public", "Private", "None"], AnyCase]


# --- lab plans, since 2021-10-01-preview ------------------------------------------------------------------------------


class AutoShutdownProfile(Part):
    """When machines are switched off by themselves; delays are ISO 8601 durations."""

    disconnect_delay: str | None = None
    idle_delay: str | None = None
    no_connect_delay: str | None = None
    shutdown_on_disconnect: Enabled | None = None
    shutdown_on_idle: Annotated[Literal["None", "UserAbsence", "LowUsage"], AnyCase] | None = None
    shutdown_when_not_connected: Enabled | None = None


class ConnectionProfile(Part):
    """Which ways lead to the machines of a lab."""

    client_rdp_access: Access | None = None
    client_ssh_access: Access | None = None
    web_rdp_access: Access | None = None
    web_ssh_access: Access | None = None


class LabPlanNetworkProfile(Part):
    """The subnet labs are put into."""

    subnet_id: str | None = None


class LabNetworkProfile(LabPlanNetworkProfile):
    """The network of one lab."""

    load_balancer_id: str | None = None
    public_ip_id: str | None = None


class SupportInfo(Part):
    """Whom users of labs may ask."""

    email: str | None = None
    instructions: str | None = None
    phone: str | None = None
    url: str | None = None


class LabPlanProperties(Part):
    """What a lab plan gives to its labs: regions, a gallery, and defaults."""

    allowed_regions: list[str] | None = None
    default_auto_shutdown_profile: AutoShutdownProfile | None = None
    default_connection_profile: ConnectionProfile | None = None
    default_network_profile: LabPlanNetworkProfile | None = None
    linked_lms_instance: str | None = None
    shared_gallery_id: str | None = None
    support_info: SupportInfo | None = None


class PlanIdentity(Part):
    """In whose name a lab plan acts."""

    type: Annotated[Literal["SystemAssigned"], AnyCase] | None = None


class LabPlan(Tracked):
    """A lab plan: the permission and the defaults by which labs are made (2022)."""

    properties: LabPlanProperties = LabPlanProperties()
    identity: PlanIdentity | None = since("2022-08-01")


class PlanImageProperties(Part):
    """What a client may say of an image of a lab plan."""

    enabled_state: Enabled | None = None
    available_regions: list[str] | None = None


class PlanImage(Part):
    """A marketplace or gallery image as a lab plan sees it (FACTS LAB-013)."""

    properties: PlanImageProperties


class Credentials(Part):
    """Who signs in to a machine; the password is never shown again."""

    username: str
    password: str | None = None


class ImageReference(Part):
    """The image of a lab: by id, or by publisher, offer, SKU and version."""

    id: str | None = None
    offer: str | None = None
    publisher: str | None = None
    sku: str | None = None
    version: str | None = None


class LabSku(Part):
    """The kind of machine, and how many there are."""

    name: str
    capacity: int | None = None
    family: str | None = None
    size: str | None = None
    tier: Annotated[Literal["Free", "Basic", "Standard", "Premium"], AnyCase] | None = None


class AdditionalCapabilities(Part):
    """What is set up on the machines besides."""

    install_gpu_drivers: Enabled | None = None


class VirtualMachineProfile(Part):
    """How the machines of a lab are made; the quota is an ISO 8601 duration."""

    admin_user: Credentials
    create_option: Annotated[Literal["Image", "TemplateVM"], AnyCase]
    image_reference: ImageReference
    sku: LabSku
    usage_quota: str
    additional_capabilities: AdditionalCapabilities | None = None
    non_admin_user: Credentials | None = None
    use_shared_password: Enabled | None = None


class SecurityProfile(Part):
    """Who may register for a lab."""

    open_access: Enabled | None = None


class RosterProfile(Part):
    """Where the list of students comes from."""

    active_directory_group_id: str | None = None
    lms_instance: str | None = None
    lti_client_id: str | None = None
    lti_context_id: str | None = None
    lti_roster_endpoint: str | None = None


class LabProperties(Part):
    """What a lab is: its plan, its machines, who may come in."""

    virtual_machine_profile: VirtualMachineProfile
    lab_plan_id: str | None = None
    title: str | None = None
    description: str | None = None
    auto_shutdown_profile: AutoShutdownProfile | None = None
    connection_profile: ConnectionProfile | None = None
    network_profile: LabNetworkProfile | None = None
    roster_profile: RosterProfile | None = None
    security_profile: SecurityProfile | None = None


class Lab(Tracked):
    """A lab: a template machine, and as many machines for students as it has places."""

    properties: LabProperties


class SaveImage(Part):
    """What saveImage is told: the name of the image, and of a lab plan also which machine."""

    name: str | None = None
    lab_virtual_machine_id: str | None = None


# --- lab accounts, 2018-10-15 and 2019-01-01-preview ------------------------------------------------------------------


class LabAccountProperties(Part):
    """What a lab account says of itself."""

    enabled_region_selection: bool | None = None


class LabAccount(Tracked):
    """A lab account: the place of labs before there were lab plans (2018-2021)."""

    properties: LabAccountProperties | None = None


class SharedGalleryProperties(Part):
    """Which gallery is attached."""

    gallery_id: str


class SharedGallery(Part):
    """A gallery attached to a lab account."""

    properties: SharedGalleryProperties


class SharedImageProperties(Part):
    """Whether an image of the attached gallery may be used."""

    enable_state: Enabled | None = None


class SharedImage(Part):
    """An image of the attached gallery as a lab account sees it."""

    properties: SharedImageProperties


class AccountImageProperties(Part):
    """Whether an image of Azure Marketplace may be used."""

    is_enabled: bool | None = None
    is_override: bool | None = None
    is_plan_authorized: bool | None = None


class AccountImage(Part):
    """An image of Azure Marketplace as a lab account sees it."""

    location: str | None = None
    properties: AccountImageProperties


class AccountLabProperties(Part):
    """How many users a lab of a lab account has, for how long, and who may come in."""

    max_users_in_lab: int | None = None
    usage_quota: str | None = None
    user_access_mode: Annotated[Literal["Restricted", "Open"], AnyCase] | None = None


class AccountLab(Part):
    """A lab of a lab account."""

    location: str | None = None
    tags: dict[str, str] | None = None
    properties: AccountLabProperties


class LabParameters(Part):
    """What createLab is told of the new lab: its image, who signs in, and the size."""

    username: str
    gallery_image_resource_id: str | None = None
    shared_image_resource_id: str | None = None
    password: str | None = None
    user_quota: str | None = None
    vm_size: str | None = None
    shared_password_state: Enabled | None = None
    template_vm_state: Enabled | None = None
    linux_rdp_state: Enabled | None = None


class CreateLab(Part):
    """The body of createLab."""

    name: str
    lab_parameters: LabParameters


class Publish(Part):
    """The body of publish; that of a lab of a lab plan is empty."""

    use_existing_image: bool | None = None
