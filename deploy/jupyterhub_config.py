"""JupyterHub on one node: who may come in, what each user gets, where the chart service is.

What differs from node to node stands in erp.env, in the secrets and, for what is no plain value, in
/etc/erp/hub_site.py. systemd hands the former to the hub as environment variables
(systemd/erp-hub.service). This file is the same on every node.
"""

import asyncio
import base64
import hashlib
import hmac
import os
import sys
from pathlib import Path

from jupyterhub.spawner import Spawner

from erp_widget.errors import StoreUnreachableError
from erp_widget.store.mongo_users import add_user, user_address

c = get_config()  # noqa: F821

setting = os.environ
state = Path(setting["STATE_DIRECTORY"])
loopback = "http://127.0.0.1"

# --- Who may come in -----------------------------------------------------------------------------
# Accounts of this machine, by PAM: members of the group erp, and of erp-admin, who administer the
# hub. For another way in, set another class in /etc/erp/hub_site.py (see the last lines), such as
# your own identity provider's (pip install oauthenticator):
#   c.JupyterHub.authenticator_class = "generic-oauth"
c.JupyterHub.authenticator_class = "pam"
c.PAMAuthenticator.allowed_groups = {"erp", "erp-admin"}
c.PAMAuthenticator.admin_groups = {"erp-admin"}
c.PAMAuthenticator.open_sessions = False  # systemd opens the user's unit; PAM would open another

# --- Hub and proxy -------------------------------------------------------------------------------
# The proxy is a unit of its own, so that users go on working while the hub restarts. Both listen on
# loopback only; TLS stands in front of them (Caddyfile).
c.JupyterHub.bind_url = f"{loopback}:{setting['ERP_PROXY_PORT']}"
c.JupyterHub.hub_bind_url = f"{loopback}:{setting['ERP_HUB_PORT']}"
c.ConfigurableHTTPProxy.should_start = False
c.ConfigurableHTTPProxy.api_url = f"{loopback}:{setting['ERP_PROXY_API_PORT']}"
c.JupyterHub.cleanup_proxy = False
c.JupyterHub.cleanup_servers = False
c.JupyterHub.db_url = f"sqlite:///{state / 'jupyterhub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(state / "cookie_secret")
c.JupyterHub.template_vars = {"announcement": setting.get("ERP_ANNOUNCEMENT", "")}

# --- The chart service ---------------------------------------------------------------------------
# External: systemd runs it. A service that the hub runs itself and that is not up within 30 s ends
# the hub, and a network on a GPU takes longer.
service_scope = "access:services!service=erp"
c.JupyterHub.services = [
    {
        "name": "erp",
        "url": f"{loopback}:{setting['ERP_SERVICE_PORT']}",
        "api_token": setting["ERP_SERVICE_TOKEN"],
        "display": False,
    },
    {
        "name": "idle-culler",
        "command": [
            sys.executable,
            "-m",
            "jupyterhub_idle_culler",
            f"--timeout={setting['ERP_IDLE_SECONDS']}",
        ],
    },
    # For Prometheus: reads the hub's figures at /hub/metrics, nothing else.
    {"name": "prometheus", "api_token": setting["ERP_METRICS_TOKEN"]},
]
# Both are needed: a user without the scope cannot hand it to a server, and a server asks for none
# that is not listed. Either one missing gives 403.
c.JupyterHub.load_roles = [
    {"name": "user", "scopes": ["self", service_scope]},
    {
        "name": "idle-culler",
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
        "services": ["idle-culler"],
    },
    {"name": "prometheus", "scopes": ["read:metrics"], "services": ["prometheus"]},
]
c.Spawner.server_token_scopes = ["users:activity!user", "access:servers!server", service_scope]

# --- Each user's server --------------------------------------------------------------------------
# A systemd unit per user: systemd holds its limits, and it outlives a restart of the hub.
c.JupyterHub.spawner_class = "systemd"
c.Spawner.cmd = [str(Path(sys.executable).with_name("jupyterhub-singleuser"))]
c.Spawner.default_url = "/lab"
# Kernels talk through files of the user's own folder; through ports, every account of this machine
# could listen to what they print.
c.Spawner.args = ["--KernelManager.transport=ipc"]
c.Spawner.start_timeout = 120
c.Spawner.http_timeout = 60
c.Spawner.mem_limit = setting["ERP_USER_MEMORY"]
c.Spawner.cpu_limit = float(setting["ERP_USER_CPUS"])
c.JupyterHub.active_server_limit = int(setting["ERP_MAX_SERVERS"])
c.JupyterHub.concurrent_spawn_limit = 10
c.SystemdSpawner.isolate_tmp = True
c.SystemdSpawner.isolate_devices = True  # the GPU belongs to the service
c.SystemdSpawner.disable_user_sudo = True
c.SystemdSpawner.slice = "erp-users.slice"
c.SystemdSpawner.unit_extra_properties = {
    "ProtectProc": "invisible",  # no user sees what another runs
    "ProtectSystem": "full",
    "ProtectKernelTunables": "yes",
    "ProtectControlGroups": "yes",
    "RestrictSUIDSGID": "yes",
    "TasksMax": "512",
    "UMask": "0077",
}
# For users who have no account here, with an authenticator other than PAM, in hub_site.py:
#   c.SystemdSpawner.dynamic_users = True

# What the kernels find in their environment; erp_widget reads it, a user sets nothing.
c.Spawner.environment = {
    "ERP_SERVICE": f"{loopback}:{setting['ERP_PROXY_PORT']}/services/erp",
    "ERP_SERVICE_DEADLINE_MS": setting["ERP_SERVICE_DEADLINE_MS"],
    "ERP_MAX_UPLOAD_MB": setting["ERP_MAX_UPLOAD_MB"],
    "CUDA_VISIBLE_DEVICES": "",
    # JupyterLab's settings for all, which each may change: no news, no question about them.
    "JUPYTER_CONFIG_PATH": str(Path(__file__).parent / "jupyter"),
}


# --- Each user's store ---------------------------------------------------------------------------
def store_password(user: str) -> str:
    """Return the password of a user's database: the same each time, and nobody else can tell it."""
    key = setting["ERP_STORE_KEY"].encode()
    drawn = hmac.digest(key, user.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(drawn).decode().rstrip("=")


async def give_store(spawner: Spawner) -> None:
    """Give a user's server a database and a credential that opens no other.

    While the database is away the server starts all the same: saves wait in the user's own folder.
    """
    user = spawner.user.name
    at, password = setting["ERP_ADMIN"], store_password(user)
    try:
        address = await asyncio.to_thread(add_user, at, user, password)
    except StoreUnreachableError as error:
        spawner.log.warning("store of %s: %s", user, error)
        address = user_address(at, user, password)
    spawner.environment = spawner.environment | {"ERP_STORE": address, "ERP_USER": user}


c.Spawner.pre_spawn_hook = give_store

# --- What this node does otherwise ---------------------------------------------------------------
site = Path(setting["CONFIGURATION_DIRECTORY"]) / "hub_site.py"
if site.is_file():
    load_subconfig(str(site))  # noqa: F821
