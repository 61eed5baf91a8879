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
