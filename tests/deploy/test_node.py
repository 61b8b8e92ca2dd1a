"""A hub's node as its users meet it: two people, and what restarts under them."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing

import pytest
from artifacts import picture
from gallery_page import GalleryPage
from hub_user import ENVIRONMENT_CELL, HubUser, hub_user
from node import CHARTS, HUB, PROXY, Node, ask
from notebook_page import FIRST_CELL, NotebookPage, report_cells, titles_in
from playwright.sync_api import Browser, expect

from erp_widget.errors import StoreUnavailableError
from erp_widget.store.mongo import MongoStore
from erp_widget.store.mongo_users import database_name

#: How a gallery begins the line that says that the service did not choose its charts.
OWN_KERNEL = "Charts were chosen in this notebook's own kernel"
BACKUP = "erp-backup.service"
WAIT_S = 120
USE_CELL = """import pathlib, time
told = []
while not pathlib.Path("enough").exists():
    try:
        gallery = erp.recommend(cars, name="again and again")
        told.append([len(gallery), [str(note) for note in gallery.notes]])
    except Exception as error:
        told.append([0, [repr(error)]])
    json.dump(told, open("told.json.part", "w"))
    os.replace("told.json.part", "told.json")
    time.sleep(1)"""
ASK_ONCE = """import json
import erp_widget as erp
from erp_widget.service import status
from vega_datasets import local_data
n = len(erp.recommend(local_data.cars()))
print(json.dumps([n, status().answered, status().fallen_back]))"""


@pytest.fixture(scope="module")
def ada(node: Node, browser: Browser) -> Iterator[HubUser]:
    """Give ada a browser."""
    with hub_user(node, "ada", browser) as user:
        yield user


@pytest.fixture(scope="module")
def bob(node: Node, browser: Browser) -> Iterator[HubUser]:
    """Give bob a browser."""
    with hub_user(node, "bob", browser) as user:
        yield user


@pytest.fixture(scope="module")
def notebooks(node: Node, ada: HubUser, bob: HubUser) -> dict[str, NotebookPage]:
    """Let both come in, and run the first cell of a notebook of each."""
    opened = {}
    for user in (ada, bob):
        user.come_in()
    for user in (ada, bob):
        user.wait_for_server()
    node.wait_for(CHARTS)
    for user in (ada, bob):
        cells = [
            f"{FIRST_CELL}\n{ENVIRONMENT_CELL}",
            f'erp.recommend(cars, name="cars of {user.name}")',
            USE_CELL,
        ]
        opened[user.name] = user.open(f"{user.name}.ipynb", cells)
        opened[user.name].run(0)
    return opened


@pytest.fixture(scope="module")
def saved(notebooks: dict[str, NotebookPage]) -> dict[str, list[str]]:
    """Let both save charts of galleries of their own; return the titles by user."""
    titles = {}
    for name, places in (("ada", (0, 1)), ("bob", (2,))):
        gallery = GalleryPage(notebooks[name], 1).show()
        picture(notebooks[name].page, f"hub-{name}-with-service")
        titles[name] = [gallery.save_by_mouse(place) for place in places]
    return titles


@pytest.mark.parametrize("name", ["ada", "bob"])
def test_each_has_a_gallery_saves_and_a_report(
    name: str,
    node: Node,
    notebooks: dict[str, NotebookPage],
    saved: dict[str, list[str]],
    request: pytest.FixtureRequest,
) -> None:
    user: HubUser = request.getfixturevalue(name)
    # The service chose the charts, on this user's own token and without a word from the user.
    expect(notebooks[name].cell(1)).to_contain_text(f"cars of {name}")
    expect(notebooks[name].cell(1)).not_to_contain_text(OWN_KERNEL)
    (cell,) = report_cells(notebooks[name].save())
    assert titles_in(cell) == saved[name]
    with closing(MongoStore(user.environment["ERP_STORE"])) as store:
        kept = store.charts(name, limit=100)
        assert {chart.title for chart in kept} == set(saved[name])
        assert {chart.dataset_name for chart in kept} == {f"cars of {name}"}
        assert store.problems(name) == []


def test_nobody_reaches_what_is_another_s(
    node: Node, ada: HubUser, bob: HubUser, saved: dict[str, list[str]]
) -> None:
    mine, other = ada.environment, bob.environment
    token = mine["JUPYTERHUB_API_TOKEN"]
    # Notebook server: by the browser's own log-in, by the kernel's token, and past the proxy.
    page = ada.context.request.get(f"{node.address}/user/bob/lab", fail_on_status_code=False)
    assert page.status == 403
    behind = other["JUPYTERHUB_SERVICE_URL"].rstrip("/")
    for place in (f"{node.address}/user/bob", behind):
        for path in ("api/contents", "api/kernels", "files/bob.ipynb"):
            assert ask(f"{place}/{path}", token).status == 403, path
    assert ask(f"{node.address}/user/ada/api/contents", token).status == 200
    # The hub tells nothing of others, and a kernel's token does nothing at the hub.
    for path in ("users", "users/bob", "users/bob/tokens", "proxy"):
        assert ask(f"{node.address}/hub/api/{path}", token).status in (403, 404), path
    # Store: the same name and password open no other database.
    assert mine["ERP_STORE"] != other["ERP_STORE"]
    elsewhere = mine["ERP_STORE"].replace(f"/{database_name('ada')}?", f"/{database_name('bob')}?")
    with pytest.raises(StoreUnavailableError, match="refused the user or password"):
        MongoStore(elsewhere)


def test_a_kernel_knows_its_user_s_secrets_only(node: Node, ada: HubUser, bob: HubUser) -> None:
    hub = [*node.secrets.values(), node.token, node.password]
    for user, other in ((ada, bob), (bob, ada)):
        told = " ".join(user.environment.values())
        assert not any(secret in told for secret in hub)
        for name in ("ERP_STORE", "JUPYTERHUB_API_TOKEN"):
            assert other.environment[name] not in told
        # No port of a kernel, to which any account of the machine could listen.
        runtime = node.home(user.name) / ".local/share/jupyter/runtime"
        connections = [json.loads(file.read_text()) for file in runtime.glob("kernel-*.json")]
        assert [one["transport"] for one in connections] == ["ipc"]
        assert runtime.stat().st_mode & 0o077 == 0


def made_token(node: Node, user: str, **said: object) -> str:
    """Have the hub make a token of a user."""
    address = f"{node.address}/hub/api/users/{user}/tokens"
    reply = ask(address, node.token, method="POST", body=json.dumps(said).encode())
    assert reply.status == 201, reply.body
    return str(json.loads(reply.body)["token"])


def test_the_service_asks_who_one_is(node: Node, ada: HubUser) -> None:
    address = f"{node.service}/v1/charts"
    expired = made_token(node, "ada", expires_in=1)
    foreign = made_token(node, "ada", scopes=["read:users:name!user=ada"])
    time.sleep(1.5)
    refused = {None: 401, "0" * 32: 401, expired: 401, foreign: 403}
    for token, status in refused.items():
        reply = ask(address, token, method="POST", body=b"x")
        assert reply.status == status, reply.body
        assert len(json.loads(reply.body)["error"]) > 10  # a reason, for people
    # The kernel's own token is let in; what it sends here is no request.
    reply = ask(address, ada.environment["JUPYTERHUB_API_TOKEN"], method="POST", body=b"x")
    assert reply.status in (400, 415), reply.body
    # Whether it is well, everybody may know.
    health = ask(f"{node.service}/health")
    assert json.loads(health.body) == {"status": "ready", "replicas": 2}


def test_figures_are_for_prometheus(node: Node, ada: HubUser) -> None:
    known = node.secrets
    hub = ask(f"{node.address}/hub/metrics", known["ERP_METRICS_TOKEN"])
    assert hub.status == 200 and "jupyterhub_running_servers" in hub.body
    assert ask(f"{node.address}/hub/metrics").status == 403
    service = ask(f"{node.service}/metrics", known["ERP_SERVICE_TOKEN"])
    assert service.status == 200 and "# TYPE" in service.body
    assert ask(f"{node.service}/metrics").status == 401
    assert "ada" not in service.body and "bob" not in service.body


def test_restarts_fail_nobody(
    node: Node, ada: HubUser, bob: HubUser, notebooks: dict[str, NotebookPage]
) -> None:
    before = [GalleryPage(notebooks["ada"], 1).title(place) for place in range(15)]
    start_use(notebooks["bob"])
    wait_for_more(bob, 2)
    node.runner.stop(CHARTS)
    # Ada asks again, and gets the same charts with a quiet line that says who chose them.
    gallery = GalleryPage(notebooks["ada"], 1).show()
    expect(gallery.cell).to_contain_text(OWN_KERNEL)
    picture(notebooks["ada"].page, "hub-ada-without-service")
    assert [gallery.title(place) for place in range(15)] == before
    wait_for_more(bob, 2)
    node.runner.start(CHARTS)
    node.wait_for(CHARTS)
    node.restart(HUB)
    node.wait_for(HUB)
    wait_for_more(bob, 2)
    # The hub knows the servers that ran on, and the service knows the users again.
    assert ask(f"{node.address}/user/ada/api/contents", token_of(ada)).status == 200
    assert ask_anew(ada) == [15, 1, 0]
    told = end_use(bob, notebooks["bob"])
    assert [notes for n, notes in told if n != 15] == []
    fallen_back = sum(any(OWN_KERNEL in note for note in notes) for _, notes in told)
    assert 0 < fallen_back < len(told)
    print(
        f"{len(told)} galleries during two restarts, {fallen_back} by the kernel itself, 0 failed"
    )


def test_the_nightly_copy_holds_every_user(node: Node, saved: dict[str, list[str]]) -> None:
    node.runner.start(BACKUP)
    assert node.runner.running.pop(BACKUP).wait(WAIT_S) == 0, node.runner.said(BACKUP)
    folder = node.folder / "var/lib/erp-backup/stores"
    for name, titles in saved.items():
        with zipfile.ZipFile(folder / f"{database_name(name)}.zip") as copy:
            kept = copy.read("charts.jsonl").decode().splitlines()
        assert {json.loads(line)["title"] for line in kept} >= set(titles)


def test_the_logs_hold_no_secret(node: Node, ada: HubUser, bob: HubUser) -> None:
    secrets = [*node.secrets.values(), ada.environment["ERP_STORE"], token_of(ada), token_of(bob)]
    for unit in (HUB, PROXY, CHARTS):
        said = node.runner.log(unit).read_text(errors="replace")
        assert not any(secret in said for secret in secrets), unit


def token_of(user: HubUser) -> str:
    """Return the token of a user's server."""
    return user.environment["JUPYTERHUB_API_TOKEN"]


def start_use(notebook: NotebookPage) -> None:
    """Begin to ask for galleries, one after the other, in the kernel."""
    notebook.cells.last.locator(".cm-content").click()
    notebook.page.keyboard.press("Control+Enter")
    expect(notebook.cells.last.locator(".jp-InputPrompt")).to_contain_text("*")


def wait_for_more(user: HubUser, n: int) -> None:
    """Wait until so many more galleries are there."""
    deadline = time.monotonic() + WAIT_S
    wanted = galleries(user) + n
    while galleries(user) < wanted:
        assert time.monotonic() < deadline, f"{galleries(user)} galleries, not {wanted}"
        time.sleep(0.2)


def galleries(user: HubUser) -> int:
    """Count the galleries until now."""
    try:
        return len(user.kept("told.json"))
    except FileNotFoundError:
        return 0


def end_use(user: HubUser, notebook: NotebookPage) -> list[tuple[int, list[str]]]:
    """End it; return of each gallery how many charts and which notes it has."""
    (user.node.home(user.name) / "enough").touch()
    expect(notebook.cells.last.locator(".jp-InputPrompt")).not_to_contain_text("*")
    return [(n, notes) for n, notes in user.kept("told.json")]


def ask_anew(user: HubUser) -> list[int]:
    """Ask once in a new process with a kernel's environment: charts, answered, fallen back."""
    done = subprocess.run(
        [sys.executable, "-c", ASK_ONCE],
        env=user.environment,
        cwd=user.node.home(user.name),
        capture_output=True,
        text=True,
        check=False,
        timeout=WAIT_S,
    )
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))
