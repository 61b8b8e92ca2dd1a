"""Files as people have them: encodings, separators, decimal commas, ragged rows, workbooks."""

from __future__ import annotations

import datetime
import gc
import gzip
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from erp_widget.config import max_upload_bytes, max_upload_rows
from erp_widget.errors import InputError, SourceError
from erp_widget.library.uploads import upload
from erp_widget.sources import open_table
from erp_widget.sources.query import Measure, Query

GERMAN = "name;wert\nMüller – „Co“;1,5\nStraße €;2,5\nŽižek;3,25\n"
LEGACY = {
    "cp1252": "name;wert\nMüller – „Co“;1,5\nStraße €;2,5\n",
    "cp1251": "имя;город\nИван;Москва\nПётр;Тверь\nАнна;Санкт-Петербург\n",
    "cp1250": "imię;miasto\nŁukasz;Łódź\nŻaneta;Gdańsk\nŚwiętosław;Kraków\n",
    "cp932": "名前,都市\n太郎,東京\n花子,大阪\nカタカナ,ひらがな\n",
    "gb18030": "姓名,城市\n张三,北京\n李四,上海\n",
    "cp949": "이름,도시\n철수,서울\n영희,부산\n",
}


@pytest.fixture(params=["in memory", "on disk"])
def kept(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Read files as small ones are and as large ones are: in pieces that go to a file at once."""
    if request.param == "on disk":
        monkeypatch.setattr("erp_widget.sources.gathering.MAX_BYTES_IN_MEMORY", 0)
        monkeypatch.setattr("erp_widget.sources.files.MAX_BYTES_IN_MEMORY", 0)
        monkeypatch.setattr("erp_widget.sources.gathering.GROUP_BYTES", 0)
        monkeypatch.setattr("erp_widget.sources.gathering.PIECE_ROWS", 2)
        monkeypatch.setattr("erp_widget.sources.rows.PIECE_ROWS", 2)
        monkeypatch.setattr("erp_widget.sources.delimited.BY_HAND_ROWS", 2)
    return str(request.param)


def rows(path: Path) -> list[dict[str, Any]]:
    return [dict(row) for row in open_table(path).sample().to_pylist()]


def made(folder: Path, data: bytes | str, name: str = "t.csv") -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


@pytest.mark.usefixtures("kept")
class TestEncodings:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
    @pytest.mark.parametrize("packed", [False, True])
    def test_unicode_of_every_kind(self, tmp_path: Path, encoding: str, packed: bool) -> None:
        data = GERMAN.encode(encoding)
        name = "t.csv.gz" if packed else "t.csv"
        found = rows(made(tmp_path, gzip.compress(data) if packed else data, name))
        assert [row["name"] for row in found] == ["Müller – „Co“", "Straße €", "Žižek"]
        assert [row["wert"] for row in found] == [1.5, 2.5, 3.25]

    @pytest.mark.parametrize("encoding", sorted(LEGACY))
    def test_what_spreadsheets_still_write(self, tmp_path: Path, encoding: str) -> None:
        text = LEGACY[encoding]
        table = open_table(made(tmp_path, text.encode(encoding)))
        lines = [line.split(";" if ";" in text else ",") for line in text.split("\n")]
        assert list(table.columns) == lines[0]
        first = [row[lines[0][0]] for row in table.sample().to_pylist()]
        assert first == [line[0] for line in lines[1:-1]]
        assert any(encoding in note for note in table.notes)

    @pytest.mark.parametrize(
        ("encoding", "words"),
        [
            ("cp1252", "población Größe coût Fläche Århus São naïve"),
            ("cp1250", "ilość miesiąc množství měsíc Łódź"),
            ("cp1251", "Выручка Население Україна"),
            ("cp1253", "Αθήνα Θεσσαλονίκη"),
            ("cp1254", "İzmir Muğla Kırşehir şehir"),
        ],
    )
    def test_one_word_among_numbers_is_enough(
        self, tmp_path: Path, encoding: str, words: str
    ) -> None:
        for word in words.split():
            lines = [f"{n};{n * 37 % 1000 / 10};{1 + n % 28:02}.02.2020\n" for n in range(300)]
            data = "".join([f"id;{word};fecha\n", *lines]).encode(encoding)
            assert open_table(made(tmp_path, data)).columns == ("id", word, "fecha")

    def test_names_of_many_languages_are_western(self, tmp_path: Path) -> None:
        names = ["Zürich", "Besançon", "Århus", "Málaga", "São Paulo", "5 €", "„Co“ – ½", "Paris"]
        text = "id;place\n" + "".join(f"{n};{names[n % 8]}\n" for n in range(200))
        table = open_table(made(tmp_path, text.encode("cp1252")))
        assert table.sample().column("place").to_pylist()[:8] == names

    def test_json_of_another_encoding(self, tmp_path: Path) -> None:
        data = '[{"stadt": "Köln", "n": 1}, {"stadt": "Łódź", "n": 2}]'.encode("utf-16")
        assert rows(made(tmp_path, data, "t.json"))[1]["stadt"] == "Łódź"

    def test_bytes_are_no_text(self, tmp_path: Path) -> None:
        with pytest.raises(SourceError, match="bytes, not text"):
            open_table(made(tmp_path, bytes(range(256)) * 20))


@pytest.mark.usefixtures("kept")
class TestSeparators:
    @pytest.mark.parametrize("rate", ["45.12%", "45.1", "$1,234.50", "0.451"])
    @pytest.mark.parametrize("separator", ["\t", ";", "|"])
    def test_commas_part_thousands_where_decimals_are_after_a_point(
        self, tmp_path: Path, separator: str, rate: str
    ) -> None:
        lines = [["page", "visits", "rate"], ["/", "1,670", rate], ["/a", "863", rate]]
        found = rows(made(tmp_path, "\n".join(separator.join(line) for line in lines)))
        assert [row["visits"] for row in found] == [1670, 863]

    @pytest.mark.parametrize("rate", ["45,12", "9", "01.02.2023"])
    def test_commas_are_decimals_elsewhere(self, tmp_path: Path, rate: str) -> None:
        lines = [["page", "share", "rate"], ["/", "1,670", rate], ["/a", "863", rate]]
        found = rows(made(tmp_path, "\n".join(";".join(line) for line in lines)))
        assert [row["share"] for row in found] == [1.67, 863]

    @pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
    def test_each_is_found(self, tmp_path: Path, separator: str) -> None:
        lines = [["city", "n"], ["Rome", "3"], ["Oslo, N", "4"], ["Bern", "5"]]
        cells = [[f'"{c}"' if "," in c else c for c in line] for line in lines]
        found = rows(made(tmp_path, "\n".join(separator.join(line) for line in cells)))
        assert found == [{"city": c, "n": int(n)} for c, n in lines[1:]]

    @pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
    @pytest.mark.parametrize("end", ["\n", "\r\n"])
    @pytest.mark.parametrize("mark", ["", "\ufeff"])
    def test_a_name_may_have_a_line_break(
        self, tmp_path: Path, separator: str, end: str, mark: str
    ) -> None:
        lines = [['"sales\n(EUR)"', "city", '"q""x"'], ["1", "Rome", '"says ""hi"""']]
        lines += [[str(n), "Oslo", "plain"] for n in range(2, 30)]
        text = mark + "".join(separator.join(line) + end for line in lines)
        found = open_table(made(tmp_path, text)).sample()
        assert found.column_names == ["sales\n(EUR)", "city", 'q"x']
        assert found.slice(0, 1).to_pylist() == [
            dict(zip(found.column_names, [1, "Rome", 'says "hi"'], strict=True))
        ]
        assert found.num_rows == 29

    @pytest.mark.parametrize(
        ("header", "line", "row"),
        [
            ("Jahr;Preis, EUR", "199{n};{n},5", (1991, 1.5)),
            ("Name, first;visits", "Rome;{n}", ("Rome", 1)),
            ("Name, first|visits", "Rome|{n}", ("Rome", 1)),
            ("id,a;b", "{n},x;y", (1, "x;y")),
            ("a,b|name|place", "{n},5|Rosa|Rome", (1.5, "Rosa", "Rome")),
        ],
    )
    def test_a_name_may_hold_another(
        self, tmp_path: Path, header: str, line: str, row: tuple[Any, ...]
    ) -> None:
        text = "".join(f"{one}\n" for one in [header, *(line.format(n=n) for n in range(1, 9))])
        assert tuple(rows(made(tmp_path, text))[0].values()) == row

    @pytest.mark.parametrize("mark", ["", "\ufeff"])
    def test_excel_may_name_it(self, tmp_path: Path, mark: str) -> None:
        found = rows(made(tmp_path, f"{mark}sep=;\r\na;b\r\n1;x,y\r\n3;z\r\n"))
        assert found == [{"a": 1, "b": "x,y"}, {"a": 3, "b": "z"}]


@pytest.mark.usefixtures("kept")
class TestNumbers:
    @pytest.mark.parametrize(
        ("text", "column", "numbers"),
        [
            ("s;p\nRom;1.234,50\nOslo;2,75\nBern;10,00\n", "p", [1234.5, 2.75, 10.0]),
            ("s;p;q\nRom;1,5;1.234\nOslo;2,5;5.678\n", "q", [1234.0, 5678.0]),
            ("s;p\nRom;1,234\nOslo;2,500\n", "p", [1.234, 2.5]),
            ('s,p\nRome,"1,234"\nOslo,"12,500"\n', "p", [1234.0, 12500.0]),
            ('s,p\nRome,"1,234.5"\nOslo,"2,345,678.25"\n', "p", [1234.5, 2345678.25]),
            ('s,p\nRome,"1,5"\nOslo,"12,25"\n', "p", [1.5, 12.25]),
            ("s;p\nRom;1 234,5\nOslo;1\u202f234\u00a0567,5\n", "p", [1234.5, 1234567.5]),
            ("s;p\nGenf;1'234.5\nBern;12'345\n", "p", [1234.5, 12345.0]),
            ("s;p\nRom;-1.234,50\nOslo;+2,75\nBern;\n", "p", [-1234.5, 2.75, None]),
        ],
    )
    def test_as_people_write_them(
        self, tmp_path: Path, text: str, column: str, numbers: list[float]
    ) -> None:
        table = open_table(made(tmp_path, text))
        assert [row[column] for row in table.sample().to_pylist()] == numbers
        assert any(column in note for note in table.notes)

    @pytest.mark.parametrize(
        ("text", "column"),
        [
            ("s;p\na;1,5\nb;n/x\n", "p"),
            ("s;ip\na;1.2.3.4\nb;10.0.0.1\n", "ip"),
            ("s;code\na;01,5\nb;02,7\n", "code"),
            ("s;d\na;1,2,3\nb;4,5\n", "d"),
        ],
    )
    def test_what_is_no_number_stays_text(self, tmp_path: Path, text: str, column: str) -> None:
        kept = [row[column] for row in rows(made(tmp_path, text))]
        assert all(isinstance(value, str) for value in kept)

    def test_points_are_points_where_no_comma_says_otherwise(self, tmp_path: Path) -> None:
        assert rows(made(tmp_path, "s;p\na;1.234\nb;2.5\n"))[0]["p"] == 1.234

    @pytest.mark.parametrize("text", ["31.12.2025", "2025-12-31", "12/31/2025"])
    def test_dates(self, tmp_path: Path, text: str) -> None:
        table = open_table(made(tmp_path, f"d;v\n{text};1\n{text};2\n"))
        value = table.sample().to_pylist()[0]["d"]
        assert str(value).startswith("2025-12-31")


@pytest.mark.usefixtures("kept")
class TestBooleans:
    def test_true_and_false_are_and_yes_and_no_are_words(self, tmp_path: Path) -> None:
        text = "a,b,c,d\ntrue,Yes,t,TRUE\nFalse,No,f,\n,Yes,t,FALSE\n"
        table = open_table(made(tmp_path, text))
        assert table.sample().to_pydict() == {
            "a": [True, False, None],
            "b": ["Yes", "No", "Yes"],
            "c": ["t", "f", "t"],
            "d": [True, None, False],
        }
        assert table.notes == ()

    def test_a_frame_and_its_file_show_the_same_labels(self, tmp_path: Path) -> None:
        n = 60
        frame = pd.DataFrame(
            {"paid": ["Yes", "No", "No"] * 20, "open": [True, False] * 30, "n": range(n)}
        )
        path = tmp_path / "t.csv"
        frame.to_csv(path, index=False)
        assert rows(path) == open_table(frame).sample().to_pylist()


@pytest.mark.usefixtures("kept")
class TestRaggedRows:
    def test_short_rows_are_filled_and_named_by_line(self, tmp_path: Path) -> None:
        table = open_table(made(tmp_path, "a,b,c\n1,2,3\n4,5\n7,8,9\n1\n"))
        assert table.sample().column("c").to_pylist() == [3, None, 9, None]
        assert any("lines 3, 5 have fewer values" in note for note in table.notes)

    def test_long_rows_are_cut_and_named_by_line(self, tmp_path: Path) -> None:
        table = open_table(made(tmp_path, 'a,b\n1,2\n"x\ny",5\n6,7,8\n9,10\n'))
        assert table.columns == ("a", "b")
        assert any("line 5 has more values" in note for note in table.notes)

    def test_short_ones_among_cells_of_two_lines(self, tmp_path: Path) -> None:
        body = "".join(f'Rome,"two\nlines {n}",{n}\n' for n in range(30))
        table = open_table(made(tmp_path, f"city,note,visits\n{body}Rome,short\n"))
        assert table.n_rows == 31
        assert any("line 62 has fewer values" in note for note in table.notes)

    def test_plain_numbers_beside_them_need_no_word(self, tmp_path: Path) -> None:
        table = open_table(made(tmp_path, "a,b\n1.5,-2\n2.25,+3\n3.0,4,5\n"))
        assert table.sample().to_pydict() == {"a": [1.5, 2.25, 3.0], "b": [-2, 3, 4]}
        assert len(table.notes) == 1

    def test_many_are_counted(self, tmp_path: Path) -> None:
        body = "".join("1,2\n1\n" for _ in range(100))
        table = open_table(made(tmp_path, f"a,b\n{body}"))
        assert table.n_rows == 200
        assert any("and 95 more have fewer" in note for note in table.notes)

    def test_sound_rows_need_no_word(self, tmp_path: Path) -> None:
        assert open_table(made(tmp_path, "a,b\n1,2\n3,4\n")).notes == ()


class TestWorkbooks:
    def test_a_sheet_is_a_table(self, tmp_path: Path) -> None:
        day = datetime.datetime(2025, 12, 31)
        path = workbook(
            tmp_path / "t.xlsx",
            {"Sales": [["day", "city", "n"], [day, "Köln", 1.5], [day, "Oslo", 2], [None, "", 4]]},
        )
        table = open_table(path)
        assert table.columns == ("day", "city", "n")
        found = table.sample().to_pylist()
        assert found[0] == {"day": day, "city": "Köln", "n": 1.5}
        assert found[2] == {"day": None, "city": None, "n": 4.0}
        assert table.notes == ()

    def test_titles_gaps_and_other_sheets_are_left_out_and_said(self, tmp_path: Path) -> None:
        sheet: list[list[Any]] = [["Report of the year"], [], ["a", "b", "c"], [1, 2, 3], []]
        sheet += [[4, 5, 6]]
        path = workbook(tmp_path / "t.xlsx", {"Cover": [["Hello"]], "Data": sheet, "More": sheet})
        table = open_table(path)
        assert rows(path) == [{"a": 1, "b": 2, "c": 3}, {"a": 4, "b": 5, "c": 6}]
        assert any("read the sheet Data; not read: Cover, More" in note for note in table.notes)
        assert any("above the header" in note for note in table.notes)

    def test_it_is_kept_and_reopens_without_its_file(self, tmp_path: Path) -> None:
        path = workbook(tmp_path / "t.xlsx", {"S": [["a", "b"], [1, "x"], [2, "y"]]})
        dataset = upload(path)
        path.unlink()
        assert dataset.format == "xlsx"
        assert open_table(dataset).sample().to_pylist() == [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]

    def test_what_is_no_workbook_says_so(self, tmp_path: Path) -> None:
        for data in (b"not a workbook", b"PK\x03\x04"):
            with pytest.raises(SourceError, match="save it again as xlsx"):
                open_table(made(tmp_path, data, "t.xlsx"))
        with pytest.raises(SourceError, match="no sheet"):
            open_table(workbook(tmp_path / "e.xlsx", {"S": []}))


class TestLimits:
    def test_a_large_upload_names_the_setting(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = made(tmp_path, "a,b\n" + "1,2\n" * 300_000)
        monkeypatch.setenv("ERP_MAX_UPLOAD_MB", "1")
        with pytest.raises(InputError, match="ERP_MAX_UPLOAD_MB"):
            upload(path)
        # Charts need no copy of it, so there it may be as large as it is.
        assert open_table(path).n_rows == 300_000
        with pytest.raises(InputError, match="ERP_MAX_UPLOAD_MB"):
            upload(io.BytesIO(path.read_bytes()), "t.csv")

    def test_a_packed_file_is_measured_unpacked(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("ERP_MAX_UPLOAD_MB", "1")
        bomb = gzip.compress(b"a,b\n" + b"0,0\n" * 2_000_000)
        assert len(bomb) < 100_000
        with pytest.raises(SourceError, match="ERP_MAX_UPLOAD_MB"):
            open_table(made(tmp_path, bomb, "t.csv.gz"))
        with zipfile.ZipFile(tmp_path / "t.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/worksheets/sheet1.xml", b"0" * 5_000_000)
        with pytest.raises(SourceError, match="ERP_MAX_UPLOAD_MB"):
            open_table(tmp_path / "t.xlsx")

    def test_too_many_rows_name_the_setting(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = made(tmp_path, "a,b\n" + "1,2\n" * 11)
        monkeypatch.setenv("ERP_MAX_UPLOAD_ROWS", "10")
        with pytest.raises(InputError, match=r"more than the 10 rows.*ERP_MAX_UPLOAD_ROWS"):
            upload(path, store=":memory:")
        with pytest.raises(InputError, match="ERP_MAX_UPLOAD_ROWS"):
            upload(io.BytesIO(path.read_bytes()), "t.csv", store=":memory:")
        assert open_table(path).n_rows == 11
        monkeypatch.setenv("ERP_MAX_UPLOAD_ROWS", "11")
        assert upload(path, store=":memory:").n_rows == 11

    @pytest.mark.parametrize(
        "name", ["t.csv", "t.json", "t.jsonl", "t.parquet", "t.xlsx", "t.csv.gz"]
    )
    def test_rows_of_every_format_are_counted(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: str, name: str
    ) -> None:
        monkeypatch.setattr("erp_widget.sources.files.MAX_WHOLE_JSON_BYTES", 0)
        records = [{"a": n, "b": f"x{n}"} for n in range(20)]
        path = tmp_path / name
        if name == "t.xlsx":
            workbook(path, {"S": [["a", "b"], *([n, f"x{n}"] for n in range(20))]})
        else:
            frame = pd.DataFrame(records)
            {
                "csv": lambda: frame.to_csv(path, index=False),
                "json": lambda: frame.to_json(path, orient="records"),
                "jsonl": lambda: frame.to_json(path, orient="records", lines=True),
                "parquet": lambda: frame.to_parquet(path),
            }[name.split(".")[1]]()
        assert rows(path) == records
        for limit in (10, 19):
            monkeypatch.setenv("ERP_MAX_UPLOAD_ROWS", str(limit))
            with pytest.raises(SourceError, match=f"more than the {limit} rows.*ERP_MAX_UPLOAD"):
                upload(path, store=":memory:")
        monkeypatch.setenv("ERP_MAX_UPLOAD_ROWS", "20")
        dataset = upload(path, store=":memory:")
        assert open_table(dataset, store=":memory:").sample().to_pylist() == records

    def test_reading_stops_at_the_last_row_that_is_kept(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Rows without end would otherwise fill the disk."""
        from erp_widget.sources.gathering import gather

        piece = pa.table({"a": range(10)})
        taken = []

        def endless() -> Iterator[pa.Table]:
            while True:
                taken.append(piece)
                yield piece

        with pytest.raises(SourceError, match="more than the 35 rows"):
            gather(piece.schema, endless(), "it", max_rows=35)
        assert len(taken) == 4

    def test_a_large_file_leaves_nothing_behind(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "meantime"))
        (tmp_path / "meantime").mkdir()
        monkeypatch.setattr("erp_widget.sources.gathering.MAX_BYTES_IN_MEMORY", 1000)
        path = made(tmp_path, "a,b\n" + "1,x\n" * 100_000)
        table = open_table(path)
        assert len(list((tmp_path / "meantime").iterdir())) == 1
        assert table.relation.ask(Query({}, {"n": Measure("rows")})) == [{"n": 100_000}]
        del table
        gc.collect()
        assert not list((tmp_path / "meantime").iterdir())
        with pytest.raises(SourceError):
            open_table(path, max_rows=99_999)
        assert not list((tmp_path / "meantime").iterdir())

    @pytest.mark.parametrize("value", ["x", "0", "-1", "1.5", "inf"])
    def test_a_limit_of_rows_that_is_none_is_refused(
        self, monkeypatch: pytest.MonkeyPatch, value: str
    ) -> None:
        monkeypatch.setenv("ERP_MAX_UPLOAD_ROWS", value)
        with pytest.raises(InputError, match="ERP_MAX_UPLOAD_ROWS"):
            max_upload_rows()

    @pytest.mark.parametrize("value", ["x", "0", "-1", "inf", "nan"])
    def test_a_limit_that_is_none_is_refused(
        self, monkeypatch: pytest.MonkeyPatch, value: str
    ) -> None:
        monkeypatch.setenv("ERP_MAX_UPLOAD_MB", value)
        with pytest.raises(InputError, match="ERP_MAX_UPLOAD_MB"):
            max_upload_bytes()


def workbook(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    """Write a workbook by hand, of the few parts that every reader needs."""
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    package = "http://schemas.openxmlformats.org/package/2006"
    numbers = range(1, len(sheets) + 1)
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>'
        for n, name in zip(numbers, sheets, strict=True)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{office}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    links += f'<Relationship Id="rId99" Type="{office}/styles" Target="styles.xml"/>'
    parts = {
        "[Content_Types].xml": f'{head}<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" '
            f'ContentType="{kinds}.worksheet+xml"/>'
            for n in numbers
        )
        + "</Types>",
        "_rels/.rels": f'{head}<Relationships xmlns="{package}/relationships"><Relationship '
        f'Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{head}<workbook xmlns="{main}" xmlns:r="{office}">'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'{head}<Relationships xmlns="{package}/relationships">'
        f"{links}</Relationships>",
        "xl/styles.xml": f'{head}<styleSheet xmlns="{main}"><cellXfs count="2">'
        '<xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
    }
    for n, content in zip(numbers, sheets.values(), strict=True):
        body = "".join(
            f'<row r="{r}">{"".join(_cell(value, r, c) for c, value in enumerate(row))}</row>'
            for r, row in enumerate(content, start=1)
        )
        sheet = f'{head}<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>'
        parts[f"xl/worksheets/sheet{n}.xml"] = sheet
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


def _cell(value: Any, row: int, column: int) -> str:
    place = f'r="{chr(ord("A") + column)}{row}"'
    if value is None or value == "":
        return ""
    if isinstance(value, datetime.datetime):
        days = (value - datetime.datetime(1899, 12, 30)).days
        return f'<c {place} s="1"><v>{days}</v></c>'
    if isinstance(value, str):
        return f'<c {place} t="inlineStr"><is><t>{value}</t></is></c>'
    return f"<c {place}><v>{value}</v></c>"
