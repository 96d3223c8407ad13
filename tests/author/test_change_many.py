"""The notebook for many records at once: a change is seen before it is made; a spreadsheet goes out and comes back."""

from __future__ import annotations

import base64
import csv
import io
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from kb.author.bulk import BulkError, table_out, workbook_text
from kb.author.forms.bulk import BulkDesk
from kb.author.workbench import Workbench
from kb.author.workbook import workbook_out
from kb.cli import main
from tests.author.conftest import git

FILE = "formulary/ingredients/minoxidil.yaml"


def test_a_change_is_listed_and_made_by_one_button(root: Path) -> None:
    desk = BulkDesk(root)
    assert "summary" in desk.field.options
    desk.field.value, desk.find.value, desk.change.value = "outcomes.measure", "regrowth", "regrowth of hair"
    desk.look()
    assert "2 changes in 1 record; nothing is changed yet" in desk.seen.value
    before = (root / FILE).read_text()
    desk.author.value = ""
    desk.make.click()
    assert "Write your name and the reason first" in desk.notice.value
    assert (root / FILE).read_text() == before
    desk.author.value, desk.why.value = "Ada", "Plain words"
    desk.make.click()
    assert "1 file changed" in desk.notice.value
    assert (root / FILE).read_text() == before.replace("measure: regrowth", "measure: regrowth of hair")
    assert git(root, "log", "-1", "--format=%an: %s").strip() == "Ada: Plain words"
    assert desk.make.disabled


def test_a_workbook_goes_out_and_comes_back_with_its_changes_shown(root: Path) -> None:
    desk = BulkDesk(root)
    desk.give()
    offered = dict(re.findall(r'download="([^"]+)" href="data:[^,]+base64,([^"]+)"', desk.files.value))
    data = base64.b64decode(offered["findings.xlsx"])
    desk.arrived("findings.xlsx", data)
    assert "Nothing would change" in desk.seen.value
    rows = list(csv.DictReader(io.StringIO(workbook_text("findings.xlsx", data))))
    rows[0]["limitations"] = "Small, and short; < 4 weeks"
    out = io.StringIO()
    table = csv.DictWriter(out, list(rows[0]))
    table.writeheader()
    table.writerows(rows)
    desk.arrived("findings.xlsx", workbook_out(out.getvalue()))
    assert "limitations: Small. → Small, and short; &lt; 4 weeks" in desk.seen.value
    desk.arrived("x.xlsx", b"PK\x03\x04 no workbook")
    assert "x.xlsx: it is damaged" in desk.seen.value
    assert desk.make.disabled
    desk.arrived("x.csv", "id,limitations\nmoftah2013-minoxidil-hair-loss,Größe\n".encode("cp1252"))
    assert "is not UTF-8" in desk.seen.value


@pytest.mark.parametrize(
    "cell", ["a, b", 'say "no"', "=1+1", "0012", "2.30", "1e3", "two\nlines", "  led", "ä → 中", "<b> & c"]
)
def test_a_cell_survives_the_workbook(cell: str) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([["id", "x"], ["a", cell]])
    assert list(csv.reader(io.StringIO(workbook_text("t.xlsx", workbook_out(out.getvalue()))))) == [
        ["id", "x"],
        ["a", cell],
    ]


def test_the_command_writes_and_reads_a_workbook(root: Path, tmp_path: Path) -> None:
    file = tmp_path / "claims.xlsx"
    assert CliRunner().invoke(main, ["--root", str(root), "table", "out", "claim", str(file)]).exit_code == 0
    assert workbook_text("claims.xlsx", file.read_bytes()) == table_out(Workbench(root), "claim")
    done = CliRunner().invoke(main, ["--root", str(root), "table", "in", "claim", str(file)])
    assert "nothing to change" in done.output


def test_a_text_document_is_no_table() -> None:
    with pytest.raises(BulkError, match="save it as CSV"):
        workbook_text("a.docx", b"PK\x03\x04")
