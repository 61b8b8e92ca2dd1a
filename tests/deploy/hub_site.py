"""What the hub of the tests does otherwise: no accounts of the machine, no systemd."""

import os

c = get_config()  # noqa: F821

c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = os.environ["ERP_TEST_PASSWORD"]
c.Authenticator.allowed_users = {"ada", "bob"}
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = f"{os.environ['ERP_TEST_HOMES']}/{{username}}"
c.Spawner.args.append("--allow-root")

# Makes tokens of all kinds for the tests.
c.JupyterHub.services.append({"name": "tests", "api_token": os.environ["ERP_TEST_TOKEN"]})
c.JupyterHub.load_roles.append({"name": "tests", "scopes": ["tokens"], "services": ["tests"]})
