"""The laws of secrets: passwords, keys and tokens that stand in a template, and tokens whose time is over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from imagekit.asked import Asked
from imagekit.rules.core import Found, found, rule
from imagekit.rules.papers import BUILDER_JSON, BUILDER_TROUBLE, CREATE_TEMPLATE, LINUX_TEMPLATE, VALIDATE_TEMPLATE
from imagekit.rules.templates.reading import Template, texts
from imagekit.rules.templates.steps import addresses, called, shown, steps

# What stands for a secret is no variable, no expression, and nothing that fetches one.
_FETCHED = r"(?i:get|new|invoke|read|import|convertto|convertfrom|join|select|start)-[a-z]"
_WORTH = rf"['\"]?(?![$%(<{{\[@*`]|{_FETCHED}|(?:az|null|true|false)\b)[^\s'\"`$(<{{;&|,]{{6,}}"
SECRETS = {
    "a SAS token": re.compile(r"[?&]sig=[^&\s'\"$<{]{10,}"),
    "an account key": re.compile(r"(?i)\b(?:account|sharedaccess)key=[^;\s'\"$<{]{10,}"),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "a GitHub token": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,})"),
    "a bearer token": re.compile(r"(?i)\bbearer\s+[\w.~+/-]{20,}"),
    "a password in an address": re.compile(r"\w://[^/\s:@$<{]+:[^/\s:@$<{]{3,}@"),
    "a password": re.compile(
        rf"(?i)(?:(?:password|passwd|passphrase|secret|token|api[_-]?key)\s*[=:]\s*|[-/]passw(?:or)?d[ =:]\s*){_WORTH}"
        r"|ConvertTo-SecureString\s+(?:-String\s+)?['\"][^$'\"]{3,}"
        r"|\becho\s+['\"]?[\w-]+:[^$\s'\"]{3,}['\"]?\s*\|\s*(?:sudo\s+)?chpasswd"
        r"|\bnet\s+user\s+\w+\s+[^$\s/*]{3,}"
        rf"|\b(?:az\s+(?:acr\s+)?login|(?:docker|podman)\s+login|sshpass|sqlcmd)\b[^|;&]*\s-p\s*{_WORTH}"
        rf"|\bmysql\w*\s[^|;&]*\s-p(?!assw|\s){_WORTH}"
        r"|\bcurl\s[^|;&]*(?:-u|--user)[ =]['\"]?[^\s:'\"$]+:[^\s'\"$]{3,}"
    ),
}


@rule(
    CREATE_TEMPLATE,
    says="What {where} says looks like {what}, readable by everybody who may read the template.",
    fix="Change it now, and let the script fetch it: with the identity of the build machine from Key Vault or storage.",
    fact="TPL-013, TPL-023",
    source=BUILDER_JSON,
    good=LINUX_TEMPLATE,
    bad=[
        ("main/index.html", "main/index.html?sv=2024-11-04&sp=r&sig=Y29udG9zbyUzRA%3D%3D"),
        ("sudo apt-get update", "echo 'ada:Practice-Only-1' | sudo chpasswd"),
        ("sudo apt-get update", "export DB_PASSWORD=Practice-Only-1"),
        ("sudo apt-get update", "az login --service-principal -u $ID --password Practice-Only-1 --tenant $T"),
    ],
    text=True,
)
def no_secret_in_a_template(asked: Asked) -> Iterator[Found]:
    """Passwords, keys and tokens do not stand in a template.

    Inline commands and addresses are kept in the template and shown to all who may read it; they also end up in
    customization.log and in your repository's history. What this finding says never repeats the secret.
    """
    for place in steps(Template(asked)):
        for pointer, said in texts(place[1], place[0]):
            what = next((what for what, pattern in SECRETS.items() if pattern.search(said)), "")
            if what:
                yield found(pointer, where=called(place), what=what)


_TOKEN = re.compile(r"[?&]sig=")
_ENDS = re.compile(r"[?&]se=(\d{4}-\d\d-\d\d)")


@rule(
    VALIDATE_TEMPLATE,
    refuses="Other",
    message="Downloading external file ({address}) to local file failed: Error downloading '{address}': 403 Server "
    "failed to authenticate the request.",
    says="The token in the address {step} fetches from ended on {day}.",
    fix="Leave the token out, and let the template's identity read the file: role Storage Blob Data Reader.",
    fact="TPL-023, TPL-025",
    source=BUILDER_TROUBLE,
    confidence="assumed",
    good=LINUX_TEMPLATE.replace("main/index.html", "main/index.html?se=2036-01-01&sp=r&sig=Y29udG9zbyUzRA%3D%3D", 1),
    bad=[("se=2036-01-01", "se=2022-01-01")],
    text=True,
)
def token_in_an_address_is_still_good(asked: Asked) -> Iterator[Found]:
    """A token in an address (SAS) is good on the day the template is created.

    Its end stands in it, as se. After that day storage answers 403 to whoever comes with it, even where the file is
    open to everybody.
    """
    today = asked.world.clock.date().isoformat()
    for place, field, address in addresses(Template(asked)):
        ends = _ENDS.search(unquote(address))
        if _TOKEN.search(address) and ends and ends[1] < today:
            yield found(f"{place[0]}/{field}", step=called(place), day=ends[1], address=shown(address))
