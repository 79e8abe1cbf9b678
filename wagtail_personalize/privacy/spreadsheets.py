"""Exports that no spreadsheet runs: a cell that would be a formula is text.

Wagtail's export takes care of it for XLSX; for CSV it is done here.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from tempfile import TemporaryFile
from typing import Any

from django.http import FileResponse
from django.utils.functional import Promise
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from wagtail.admin.views.mixins import SpreadsheetExportMixin

#: What a formula begins with, for one spreadsheet or another.
FORMULA = ("=", "+", "-", "@", "|", "＝", "＋", "－", "＠")
#: What spreadsheets skip before it.
_BLANKS = " \t\r\n\ufeff"


def neutral(value: Any) -> Any:
    """The same text, but never a formula: spreadsheets take an apostrophe in front as *this is text*."""
    if not isinstance(value, str):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("", value)
    is_formula = text.startswith(("\t", "\r", "\n")) or text.lstrip(_BLANKS).startswith(FORMULA)
    return f"'{text}" if is_formula else text


class NeutralExportMixin(SpreadsheetExportMixin):
    """Wagtail's export as XLSX and CSV, harmless in both, and never in memory as a whole."""

    def stream_csv(self, rows: Iterable[Any]) -> Iterator[str]:
        """The headings at once, in the language of the request; the rows as they are fetched."""
        lines = super().stream_csv(rows)
        return chain([next(lines)], lines)

    def write_xlsx_response(self, rows: Iterable[Any]) -> FileResponse:
        """A workbook cannot be sent before it is complete; until then it lies on disk."""
        output = TemporaryFile()  # noqa: SIM115 (the response closes it)
        self.write_xlsx(rows, output)
        output.seek(0)
        return FileResponse(
            output,
            as_attachment=True,
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            filename=f"{self.get_filename()}.xlsx",
        )

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        """Neutralised last, after whatever Wagtail makes of the value; a workbook takes no control characters."""
        value = str(value) if isinstance(value, Promise) else value
        processed = super().preprocess_field_value(field, value, export_format)
        if export_format == self.FORMAT_CSV:
            return neutral(processed)
        return ILLEGAL_CHARACTERS_RE.sub("", processed) if isinstance(processed, str) else processed
