"""A history as tables for other programs: CSV for spreadsheets, Parquet for what computes with it. Nobody is named."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from reports.spreadsheet import csv_of
from scoring.history.figures import DrillFigures, Figures, ObligationFigures

if TYPE_CHECKING:
    from pyarrow import DataType

__all__ = ["TABLES", "ParquetError", "columns_of", "csv_files", "parquet_files", "rows_of"]

Row = DrillFigures | ObligationFigures

TABLES: dict[str, type[Row]] = {"drills": DrillFigures, "obligations": ObligationFigures}
"""The tables of a history by name, and what a row of each is."""


class ParquetError(Exception):
    """Parquet cannot be written; the message says what to install."""


def columns_of(table: str) -> tuple[str, ...]:
    """The columns of a table, in order."""
    return TABLES[table].__struct_fields__


def rows_of(drills: Sequence[Figures]) -> dict[str, list[Row]]:
    """The rows of both tables."""
    return {
        "drills": [one.drill for one in drills],
        "obligations": [row for one in drills for row in one.obligations],
    }


def csv_files(drills: Sequence[Figures]) -> dict[str, bytes]:
    """`drills.csv` and `obligations.csv`. What is missing is empty; several values are separated by spaces."""
    return {
        f"{table}.csv": csv_of(
            [columns_of(table), *([_cell(getattr(row, name)) for name in columns_of(table)] for row in rows)]
        )
        for table, rows in rows_of(drills).items()
    }


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def parquet_files(drills: Sequence[Figures]) -> dict[str, bytes]:
    """`drills.parquet` and `obligations.parquet`. Raises ParquetError where there is no pyarrow."""
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise ParquetError(f"Parquet needs pyarrow: pip install 'drillroom[parquet]' ({error})") from None
    files: dict[str, bytes] = {}
    for table, rows in rows_of(drills).items():
        schema = pa.schema([(field.name, _type_of(field.type)) for field in msgspec.structs.fields(TABLES[table])])
        sink = pa.BufferOutputStream()
        parquet.write_table(pa.Table.from_pylist([msgspec.to_builtins(row) for row in rows], schema=schema), sink)
        files[f"{table}.parquet"] = sink.getvalue().to_pybytes()
    return files


def _type_of(kind: Any) -> "DataType":  # noqa: ANN401 - an annotation
    """The Parquet type of a field."""
    import pyarrow as pa

    known = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}
    found = msgspec.inspect.type_info(kind)
    if isinstance(found, msgspec.inspect.UnionType):
        found = next(one for one in found.types if not isinstance(one, msgspec.inspect.NoneType))
    if isinstance(found, msgspec.inspect.ListType):
        inner = str if isinstance(found.item_type, msgspec.inspect.StrType) else float
        return pa.list_(known[inner])
    plain: dict[type[msgspec.inspect.Type], type] = {
        msgspec.inspect.IntType: int,
        msgspec.inspect.FloatType: float,
        msgspec.inspect.BoolType: bool,
    }
    return known[plain.get(type(found), str)]  # all else is one of a few words
