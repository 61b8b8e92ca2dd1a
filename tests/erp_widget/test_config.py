"""Settings: code before environment before defaults."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from erp_widget.config import Settings, configure, default_store, placed, settings
from erp_widget.errors import InputError, UnknownArgumentError, UnknownColumnError
from erp_widget.recommendation import recommend
from erp_widget.store import open_store


@pytest.fixture(autouse=True)
def untouched(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Start from the defaults and leave nothing behind."""
    for variable in ("ERP_STORE", "ERP_USER", "ERP_SERVICE"):
        monkeypatch.delenv(variable, raising=False)
    configure(store=None, user=None, service=None)
    yield
    configure(store=None, user=None, service=None)


def test_the_defaults_need_nothing() -> None:
    found = settings()
    assert found.store == default_store()
    assert Path(found.store).name == "store.sqlite3"
    assert "erp-widget" in found.store
    assert found.user
    assert found.service is None


def test_the_environment_comes_before_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ERP_STORE", "mongodb://host/erp")
    monkeypatch.setenv("ERP_USER", "bob")
    monkeypatch.setenv("ERP_SERVICE", "http://hub/erp")
    assert settings() == Settings("mongodb://host/erp", "bob", "http://hub/erp")
    monkeypatch.setenv("ERP_USER", "")
    assert settings().user not in ("", "bob")


def test_code_comes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ERP_USER", "bob")
    assert configure(user="ada").user == "ada"
    assert configure(service="http://hub").user == "ada"
    assert configure(user=None).user == "bob"


def test_a_path_loses_its_tilde_and_an_address_nothing() -> None:
    assert configure(store="~/a.sqlite3").store == os.path.expanduser("~/a.sqlite3")
    assert configure(store=Path("a.sqlite3")).store == os.path.abspath("a.sqlite3")
    assert configure(store="mongodb://~host/~").store == "mongodb://~host/~"


def test_a_relative_store_stays_where_it_was_when_the_working_directory_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    configure(store="a.sqlite3")
    gallery = recommend({"x": list("aab") * 5}, store="b.sqlite3")
    monkeypatch.chdir(tmp_path / "sub")
    assert settings().store == str(tmp_path / "a.sqlite3")
    gallery[0].save()
    assert (tmp_path / "b.sqlite3").exists()
    assert not list((tmp_path / "sub").iterdir())
    configure(store=None)
    monkeypatch.setenv("ERP_STORE", "of_the_environment.sqlite3")
    assert settings().store == str(tmp_path / "sub" / "of_the_environment.sqlite3")
    monkeypatch.chdir(tmp_path)
    assert settings().store == str(tmp_path / "sub" / "of_the_environment.sqlite3")


@pytest.mark.parametrize("value", ["", " ", 3, b"x", {"$ne": None}, "a\x00b"])
@pytest.mark.parametrize("name", ["store", "user", "service"])
def test_a_bad_value_names_its_setting_and_changes_nothing(name: str, value: object) -> None:
    before = settings()
    with pytest.raises(InputError, match=name):
        configure(**{"user": "ada", name: value})  # type: ignore[arg-type]
    assert settings() == before


def test_errors_suggest_the_nearest_name_on_one_line() -> None:
    error = UnknownColumnError("prise", ["price"] + [f"c{n}" for n in range(50)])
    assert "did you mean 'price'?" in str(error)
    assert "39 more" in str(error)
    assert "\n" not in str(UnknownColumnError("a\nb", ["c\nd"]))
    assert isinstance(UnknownArgumentError("colums", ["columns"]), TypeError | ValueError)


@pytest.mark.parametrize(
    "address", ["mongo://ada:geheim@db/erp", "mongodb:/ada:geheim@db/erp", "http://ada:geheim@db"]
)
def test_a_mistyped_address_is_no_folder_and_is_not_repeated(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ERP_STORE", address)
    for act in (open_store, lambda: open_store(address), lambda: configure(store=Path(address))):
        with pytest.raises(InputError, match=r"mongodb://") as refused:
            act()
        assert "geheim" not in str(refused.value)
    monkeypatch.delenv("ERP_STORE")
    assert list(tmp_path.iterdir()) == []


def test_a_drive_of_windows_is_no_address() -> None:
    for path in ("C:/stores/s.sqlite3", "c:\\stores\\s.sqlite3", "a:b/s.sqlite3"):
        assert placed(path).endswith(path.rpartition("/")[2])
