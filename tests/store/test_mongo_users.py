"""A hub: one database and one credential per user, and what another's credential can reach."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from mongod import Mongod
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from erp_widget.commands.store import store as store_command
from erp_widget.errors import NotInStoreError, StoreError, StoreUnavailableError
from erp_widget.store import ChartDraft, GalleryDraft
from erp_widget.store.mongo import MongoStore
from erp_widget.store.mongo_users import (
    add_user,
    database_name,
    remove_user,
    user_address,
    users,
)

DRAFT = ChartDraft("Secret plan", "bar", ("city",), {"mark": "bar"})
NAMES = [
    "ada",
    "Ada",
    "bob",
    "ada@lab.org",
    "a.b/c$d",
    "日本",
    "x" * 200,
    '{"$ne": null}',
    "' OR 1",
]


@pytest.fixture(scope="module")
def hub() -> Iterator[Mongod]:
    """Run a server that asks for a password."""
    server = Mongod(auth=True)
    try:
        server.start()
        yield server
    finally:
        server.remove()


def filled(address: str, user: str) -> MongoStore:
    """Open a user's store with one record of each kind."""
    store = MongoStore(address)
    store.save_chart(user, DRAFT, "one")
    store.add_gallery(user, GalleryDraft("Secret", ()), "g")
    report = store.get_report(user, "main")
    store.put_report(user, report, report.revision)
    content = io.BytesIO(b"a,b\n1,2\n")
    store.add_dataset(
        user, name="s", columns=["a"], n_rows=1, fingerprint="f", content=content, format="csv"
    )
    return store


def test_each_user_has_a_database_of_its_own(hub: Mongod) -> None:
    addresses = {user: add_user(hub.admin, user) for user in NAMES}
    assert len({database_name(user) for user in NAMES}) == len(NAMES)
    assert all(len(database_name(user)) < 64 for user in NAMES)
    for user, address in addresses.items():
        filled(address, user).close()
        store = MongoStore(address)
        assert [chart.id for chart in store.charts(user)] == ["one"]
        assert store.problems(user) == []
        store.close()
    assert users(hub.admin) == sorted(NAMES)


def test_a_credential_opens_nothing_of_another(hub: Mongod) -> None:
    ada, bob = add_user(hub.admin, "ada"), add_user(hub.admin, "bob")
    filled(bob, "bob").close()
    credential = ada.partition("://")[2].partition("@")[0]
    # Ada's name and password, Bob's database.
    wrong = f"mongodb://{credential}@127.0.0.1:{hub.port}/{database_name('bob')}"
    wrong += f"?directConnection=true&authSource={database_name('ada')}"
    with pytest.raises(StoreUnavailableError, match="refused the user or password") as caught:
        MongoStore(wrong)
    assert credential.partition(":")[2] not in str(caught.value)
    with MongoClient(ada) as client:
        other = client[database_name("bob")]
        for attempt in attempts(other):
            with pytest.raises(OperationFailure, match="not authorized"):
                attempt()
        assert client.list_database_names() == [database_name("ada")]


def attempts(other: Any) -> list[Callable[[], object]]:
    """Return every way of reading or changing another's database."""
    names = ("datasets", "galleries", "charts", "reports", "events", "contents", "about")
    calls: list[Callable[[], object]] = [
        other.list_collection_names,
        lambda: other.command("dbStats"),
        lambda: other.command("dropDatabase"),
        lambda: other.command("usersInfo", 1),
        lambda: other.command("createUser", "eve", pwd="x", roles=["readWrite"]),
        lambda: other.client.admin.command("replSetStepDown", 1),
        lambda: list(other.client["local"]["oplog.rs"].find().limit(1)),
    ]
    for name in (*names, "fs.files", "fs.chunks"):
        collection = other[name]
        calls += [
            lambda c=collection: c.find_one(),
            lambda c=collection: c.count_documents({}),
            lambda c=collection: c.insert_one({"_id": "x"}),
            lambda c=collection: c.update_many({}, {"$set": {"user": "ada"}}),
            lambda c=collection: c.delete_many({}),
            lambda c=collection: c.drop(),
            lambda c=collection: list(c.aggregate([{"$match": {}}])),
        ]
    return calls


def test_a_pipeline_of_ones_own_reaches_no_other_database(hub: Mongod) -> None:
    ada, bob = add_user(hub.admin, "ada"), add_user(hub.admin, "bob")
    filled(bob, "bob").close()
    with MongoClient(ada) as client:
        own = client.get_default_database()["charts"]
        target = {"db": database_name("bob"), "coll": "charts"}
        for step in ({"$out": target}, {"$merge": {"into": target}}):
            with pytest.raises(OperationFailure, match="not authorized"):
                list(own.aggregate([{"$match": {}}, step]))


def test_renewing_ends_the_old_password_and_keeps_the_data(hub: Mongod) -> None:
    old = add_user(hub.admin, "carol")
    filled(old, "carol").close()
    new = add_user(hub.admin, "carol")
    assert old != new
    with pytest.raises(StoreUnavailableError, match="password"):
        MongoStore(old)
    store = MongoStore(new)
    assert len(store.charts("carol")) == 1
    store.close()


def test_a_given_password_makes_the_same_address_again(hub: Mongod) -> None:
    password = "p/@:? %"
    address = add_user(hub.admin, "gus", password)
    assert address == add_user(hub.admin, "gus", password)
    assert address == user_address(hub.admin, "gus", password)
    filled(address, "gus").close()


def test_a_user_that_is_taken_away_leaves_nothing(hub: Mongod) -> None:
    address = add_user(hub.admin, "dora")
    store = filled(address, "dora")
    remove_user(hub.admin, "dora")
    with pytest.raises(StoreError):
        store.charts("dora")
    store.close()
    with MongoClient(hub.admin) as client:
        assert database_name("dora") not in client.list_database_names()
    assert "dora" not in users(hub.admin)
    with pytest.raises(NotInStoreError, match="dora"):
        remove_user(hub.admin, "dora")


def test_only_the_credential_may_be_taken(hub: Mongod) -> None:
    filled(add_user(hub.admin, "eve"), "eve").close()
    remove_user(hub.admin, "eve", keep_data=True)
    store = MongoStore(add_user(hub.admin, "eve"))
    assert len(store.charts("eve")) == 1
    store.close()


def test_the_command_prints_an_address_that_works(hub: Mongod) -> None:
    run = CliRunner().invoke
    made = run(store_command, ["add-user", "finn", "--admin", hub.admin])
    assert made.exit_code == 0
    filled(made.stdout.strip(), "finn").close()
    assert "finn" in run(store_command, ["users"], env={"ERP_ADMIN": hub.admin}).stdout.split()
    assert run(store_command, ["remove-user", "finn", "--admin", hub.admin]).exit_code == 0
    assert "finn" not in users(hub.admin)


def test_a_wrong_administrator_is_told_so(hub: Mongod) -> None:
    wrong = hub.admin.replace("root:root", "root:geheim")
    with pytest.raises(StoreUnavailableError, match="password") as caught:
        add_user(wrong, "ada")
    assert "geheim" not in str(caught.value)


def test_all_stores_are_copied_and_come_back(hub: Mongod, tmp_path: Path) -> None:
    run = CliRunner(env={"ERP_ADMIN": hub.admin}).invoke
    for user in ("hana", "ivo/.."):
        filled(add_user(hub.admin, user), user).close()
    folder = tmp_path / "copies"
    made = run(store_command, ["backup", str(folder)])
    assert made.exit_code == 0, made.output
    assert "hana: 5 records kept" in made.output
    assert {file.stem for file in folder.iterdir()} >= {database_name("hana")}
    assert all(file.stat().st_mode & 0o077 == 0 for file in (folder, *folder.iterdir()))
    remove_user(hub.admin, "hana")
    (folder / f"{database_name('ivo/..')}.zip").write_bytes(b"damaged")
    back = run(store_command, ["restore", str(folder)])
    assert "hana: 4 records brought back" in back.output
    # One damaged copy is told, and holds back no other.
    assert back.exit_code == 1
    assert f"{database_name('ivo/..')}.zip: failed" in back.output
    assert "hana: 0 records brought back" in run(store_command, ["restore", str(folder)]).output
    store = MongoStore(add_user(hub.admin, "hana"))
    assert [chart.title for chart in store.charts("hana")] == ["Secret plan"]
    assert store.problems("hana") == []
    store.close()


def test_a_copy_goes_to_nobody_else(hub: Mongod, tmp_path: Path) -> None:
    filled(add_user(hub.admin, "jo"), "jo").close()
    run = CliRunner(env={"ERP_ADMIN": hub.admin}).invoke
    assert run(store_command, ["backup", str(tmp_path)]).exit_code == 0
    for file in tmp_path.glob("*.zip"):
        if file.stem != database_name("jo"):
            file.unlink()
    (tmp_path / f"{database_name('jo')}.zip").rename(tmp_path / f"{database_name('kim')}.zip")
    back = run(store_command, ["restore", str(tmp_path)])
    assert back.exit_code == 1
    assert "holds records of 'jo'" in back.output
    assert "no copies" in str(run(store_command, ["restore", str(tmp_path / "none")]).exception)
