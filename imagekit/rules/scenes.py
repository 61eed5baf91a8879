"""The scene in which the examples of the rules play: a small studio, told in az.

`maker`, `trusty` and `elder` are generalized (Gen2, Gen2 with Trusted Launch, Gen1); `worker` and `panes` run, as Linux
and Windows; the gallery `Pictures` holds one definition for each kind of image; the identity `baker` may do anything in
the group, `newcomer` nothing. One region has an outage.
"""

DOWN = "southindia"
STUDIO = """
az group create -n studio -l eastus
az group create -n annex -l westus2
az vm create -g studio -n maker --image Ubuntu2204 --security-type Standard --admin-username ada --generate-ssh-keys
az vm create -g studio -n worker --image Ubuntu2204 --security-type Standard --admin-username ada --generate-ssh-keys
az vm create -g studio -n trusty --image Ubuntu2204 --admin-username ada --generate-ssh-keys
az vm create -g studio -n elder --image Canonical:UbuntuServer:18.04-LTS:latest --size Standard_DS1_v2 \
  --admin-username ada --generate-ssh-keys
az vm create -g studio -n panes --image Win2022Datacenter --security-type Standard --admin-username ada \
  --admin-password Practice-Only-1
az vm run-command invoke -g studio -n maker --command-id RunShellScript --scripts 'waagent -deprovision+user -force'
az vm run-command invoke -g studio -n elder --command-id RunShellScript --scripts 'waagent -deprovision+user -force'
az vm run-command invoke -g studio -n trusty --command-id RunShellScript --scripts 'waagent -deprovision+user -force'
az vm deallocate -g studio -n maker
az vm deallocate -g studio -n elder
az vm deallocate -g studio -n trusty
az vm generalize -g studio -n maker
az vm generalize -g studio -n elder
az vm generalize -g studio -n trusty
MAKER=$(az vm show -g studio -n maker --query id -o tsv)
WORKER=$(az vm show -g studio -n worker --query id -o tsv)
ELDER=$(az vm show -g studio -n elder --query id -o tsv)
PANES=$(az vm show -g studio -n panes --query id -o tsv)
TRUSTY=$(az vm show -g studio -n trusty --query id -o tsv)
WORKER_DISK=$(az vm show -g studio -n worker --query storageProfile.osDisk.managedDisk.id -o tsv)
az image create -g studio -n golden --source maker --hyper-v-generation V2
az snapshot create -g studio -n moment --source $WORKER_DISK --hyper-v-generation V2
az disk create -g studio -n data --size-gb 64
az disk create -g studio -n large --size-gb 2000
az sig create -g studio -r Pictures
az sig image-definition create -g studio -r Pictures -i web --os-type Linux --os-state Generalized \
  --publisher Contoso --offer Web --sku Plain --features SecurityType=Standard
az sig image-definition create -g studio -r Pictures -i desk --os-type Linux --os-state Specialized \
  --publisher Contoso --offer Desk --sku Plain --features SecurityType=Standard
az sig image-definition create -g studio -r Pictures -i supported --os-type Linux --os-state Generalized \
  --publisher Contoso --offer Web --sku Supported
az sig image-version create -g studio -r Pictures -i web -e 1.0.0 --virtual-machine $MAKER
az sig image-version create -g studio -r Pictures -i desk -e 1.0.0 --virtual-machine $WORKER
WEB=$(az sig image-definition show -g studio -r Pictures -i web --query id -o tsv)
DESK=$(az sig image-definition show -g studio -r Pictures -i desk --query id -o tsv)
az identity create -g studio -n baker
BAKER=$(az identity show -g studio -n baker --query principalId -o tsv)
STUDIO=$(az group show -n studio --query id -o tsv)
az role assignment create --assignee-object-id $BAKER --assignee-principal-type ServicePrincipal --role Contributor \
  --scope $STUDIO
az identity create -g studio -n newcomer
"""

# The lab account `school` was made while one could still make lab accounts.
SCHOOL_DAY = "2020-09-11"
SCHOOL = """
az group create -n studio -l eastus
az resource create -g studio -n school --resource-type Microsoft.LabServices/labaccounts --api-version 2018-10-15 \
  --properties '{}'
"""

# The lab plan `campus` has the gallery `Pictures` attached, with all its images enabled but `spare`; `west` is the same
# in another region. The lab `class` runs in `campus`, `away` in another region than its plan.
CAMPUS = """
PICTURES=$(az sig show -g studio -r Pictures --query id -o tsv)
az vm create -g studio -n wide --image Ubuntu2204 --security-type Standard --os-disk-size-gb 128 \
  --admin-username ada --generate-ssh-keys
az vm create -g studio -n twin --image Ubuntu2204 --security-type Standard --data-disk-sizes-gb 8 \
  --admin-username ada --generate-ssh-keys
WIDE=$(az vm show -g studio -n wide --query id -o tsv)
TWIN=$(az vm show -g studio -n twin --query id -o tsv)
az sig image-definition create -g studio -r Pictures -i wide --os-type Linux --os-state Specialized \
  --publisher Contoso --offer Wide --sku Plain --features SecurityType=Standard
az sig image-definition create -g studio -r Pictures -i twin --os-type Linux --os-state Specialized \
  --publisher Contoso --offer Twin --sku Plain --features SecurityType=Standard
az sig image-definition create -g studio -r Pictures -i spare --os-type Linux --os-state Specialized \
  --publisher Contoso --offer Spare --sku Plain --features SecurityType=Standard
az sig image-version create -g studio -r Pictures -i wide -e 1.0.0 --virtual-machine $WIDE
az sig image-version create -g studio -r Pictures -i twin -e 1.0.0 --virtual-machine $TWIN
az sig image-version create -g studio -r Pictures -i spare -e 1.0.0 --virtual-machine $WORKER
az sig create -g studio -r Elsewhere
az sig image-definition create -g studio -r Elsewhere -i web --os-type Linux --os-state Generalized \
  --publisher Contoso --offer Web --sku Plain --features SecurityType=Standard
az sig image-version create -g studio -r Elsewhere -i web -e 1.0.0 --virtual-machine $MAKER
ELSEWHERE=$(az sig show -g studio -r Elsewhere --query id -o tsv)
az role assignment create --assignee c7bb12bf-0b39-4f7f-9171-f418ff39b76a --role Owner --scope $PICTURES
az resource create -g studio -n campus --resource-type Microsoft.LabServices/labPlans --api-version 2023-06-07 \
  --properties "{\\"sharedGalleryId\\": \\"$PICTURES\\"}"
az resource create -g annex -n west --resource-type Microsoft.LabServices/labPlans --api-version 2023-06-07 \
  --properties "{\\"sharedGalleryId\\": \\"$PICTURES\\"}"
az resource create -g studio -n bare --resource-type Microsoft.LabServices/labPlans --api-version 2023-06-07 \
  --properties "{\\"allowedRegions\\": [\\"eastus\\"]}"
CAMPUS=$(az resource show -g studio -n campus --resource-type Microsoft.LabServices/labPlans --query id -o tsv)
WEST=$(az resource show -g annex -n west --resource-type Microsoft.LabServices/labPlans --query id -o tsv)
BARE=$(az resource show -g studio -n bare --resource-type Microsoft.LabServices/labPlans --query id -o tsv)
ENABLED='{"enabledState": "Enabled"}'
az resource create --id $CAMPUS/images/web --api-version 2023-06-07 --properties "$ENABLED"
az resource create --id $CAMPUS/images/desk --api-version 2023-06-07 --properties "$ENABLED"
az resource create --id $CAMPUS/images/wide --api-version 2023-06-07 --properties "$ENABLED"
az resource create --id $CAMPUS/images/twin --api-version 2023-06-07 --properties "$ENABLED"
az resource create --id $CAMPUS/images/supported --api-version 2023-06-07 --properties "$ENABLED"
az resource create --id $WEST/images/web --api-version 2023-06-07 --properties "$ENABLED"
PROFILE='"createOption": "TemplateVM", "sku": {"name": "Standard", "capacity": 3}, "usageQuota": "PT10H"'
USER='"adminUser": {"username": "ada", "password": "Practice-Only-1"}'
LAB="\\"imageReference\\": {\\"id\\": \\"$WEB\\"}, $USER, $PROFILE"
az resource create -g studio -n class --resource-type Microsoft.LabServices/labs --api-version 2023-06-07 \
  --properties "{\\"labPlanId\\": \\"$CAMPUS\\", \\"virtualMachineProfile\\": {$LAB}}"
az resource create -g annex -n away --resource-type Microsoft.LabServices/labs --api-version 2023-06-07 \
  --properties "{\\"labPlanId\\": \\"$CAMPUS\\", \\"virtualMachineProfile\\": {$LAB}}"
CLASS=$(az resource show -g studio -n class --resource-type Microsoft.LabServices/labs --query id -o tsv)
AWAY=$(az resource show -g annex -n away --resource-type Microsoft.LabServices/labs --query id -o tsv)
"""

# What an example's names stand for: how one is found in a text, and what is told of it.
NAMES = {
    "maker": "maker is generalized",
    "worker": "worker runs",
    "elder": "elder is generalized and of Gen1",
    "panes": "panes runs Windows",
    "trusty": "trusty is generalized and has Trusted Launch",
    "golden": "golden is a managed image of maker",
    "moment": "moment is a snapshot of worker's disk",
    "data": "data is a disk of 64 GB",
    "large": "large is a disk of 2000 GB",
    "web": "web is a definition of generalized images",
    "desk": "desk is a definition of specialized images",
    "newcomer": "newcomer is an identity without a role",
    "campus": "campus is a lab plan with the gallery Pictures",
    "west": "west is a lab plan in westus2",
    "bare": "bare is a lab plan without a gallery",
    "school": "school is a lab account",
}
# Names that are common words are looked for where only a name can stand.
PLACES = {
    "web": r"(?:-i |images/)",
    "desk": r"(?:-i |images/)",
    "data": r"(?:-n |snapshot |disks/)",
    "large": "disks/",
    "west": "labPlans/",
}
# The variables of an example: what each holds, and the name it is about.
VARIABLES = {
    "MAKER": ("maker's id", "maker"),
    "WORKER": ("worker's id", "worker"),
    "ELDER": ("elder's id", "elder"),
    "PANES": ("the id of panes", "panes"),
    "TRUSTY": ("trusty's id", "trusty"),
    "WORKER_DISK": ("the id of worker's disk", "worker"),
    "WEB": ("the id of web", "web"),
    "DESK": ("the id of desk", "desk"),
    "BAKER": ("the principal id of an identity that may do anything", ""),
    "STUDIO": ("the group's id", ""),
    "SUBSCRIPTION": ("the subscription's id", ""),
    "PICTURES": ("the gallery's id", ""),
    "ELSEWHERE": ("the id of another gallery", ""),
    "CAMPUS": ("the id of campus", "campus"),
    "WEST": ("the id of west", "west"),
    "BARE": ("the id of bare", "bare"),
    "CLASS": ("the id of a lab in campus", "campus"),
    "AWAY": ("the id of a lab in campus, in another region", "campus"),
}
