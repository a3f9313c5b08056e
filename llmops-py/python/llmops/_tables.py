"""Rows of datasets, on a platform: what is put together out of its operations."""

from __future__ import annotations

from typing import Any, Sequence

from ._aio import AsyncDoor
from ._door import Door
from ._rows import AsyncRows, Reading, Rows
from ._write import RowData, source
from .types import DatasetFile, DatasetId, UploadedDatasetFiles

UPLOAD = "datasets.upload_dataset_files"


def wanted(
    native: Any,
    dataset_id: DatasetId,
    columns: Sequence[str] | None,
    path: str | None,
    skip_bad_rows: bool,
) -> Reading:
    """Which rows are read."""
    named = [columns] if isinstance(columns, str) else columns
    request = {"datasetId": dataset_id, "columns": named, "path": path, "skipBadRows": skip_bad_rows or None}
    return Reading(native, request)


def upload(dataset_id: DatasetId, replace: bool) -> dict[str, Any]:
    """How rows are sent; Parquet says itself what it is and is kept as the same."""
    return {"datasetId": dataset_id, "format": "jsonl", "replace": replace or None}


class DatasetRows:
    """Rows, for callers that wait."""

    _door: Door

    def rows(
        self,
        dataset_id: DatasetId,
        *,
        columns: Sequence[str] | None = None,
        path: str | None = None,
        skip_bad_rows: bool = False,
    ) -> Rows:
        """The rows of a dataset, read as they are taken: ``for row in ops.rows(dataset.id): ...``

        They can be iterated over again, shuffled, batched, and taken as a table: ``to_pandas()``, ``to_polars()``,
        ``to_arrow()``. Every row has every column; what it lacks is ``None``. A failure raises where it happens: no
        iteration ends early.

        - columns: those to read, in the order of the dataset; all unless given.
        - path: the only file to read.
        - skip_bad_rows: whether rows that cannot be read are left out. They are refused otherwise.
        """
        return Rows(wanted(self._door.native, dataset_id, columns, path, skip_bad_rows))

    def write_rows(
        self, dataset_id: DatasetId, data: RowData, *, path: str = "rows.jsonl", replace: bool = False
    ) -> DatasetFile:
        """Writes rows into a file of a dataset, as they come, without a file here.

        - data: a frame of pandas or polars, a table or reader of pyarrow, or whatever else gives an Arrow stream, which
          goes as Parquet and needs pyarrow; or dicts, which go as JSON lines.
        - path: where the rows are kept; ``.parquet`` at its end becomes ``.jsonl``.
        - replace: whether they take the place of what is there under this path; refused otherwise.
        """
        files = {kept(path): source(data)}
        return self._door.upload(UPLOAD, UploadedDatasetFiles, upload(dataset_id, replace), files).files[0]


class AsyncDatasetRows:
    """Rows, for callers that await."""

    _door: AsyncDoor

    def rows(
        self,
        dataset_id: DatasetId,
        *,
        columns: Sequence[str] | None = None,
        path: str | None = None,
        skip_bad_rows: bool = False,
    ) -> AsyncRows:
        """The rows of a dataset, as :meth:`LlmOps.rows` gives them: ``async for row in ops.rows(dataset.id): ...``"""
        return AsyncRows(wanted(self._door.native, dataset_id, columns, path, skip_bad_rows))

    async def write_rows(
        self, dataset_id: DatasetId, data: RowData, *, path: str = "rows.jsonl", replace: bool = False
    ) -> DatasetFile:
        """Writes rows into a file of a dataset, as :meth:`LlmOps.write_rows` does, which takes them in a thread."""
        files = {kept(path): source(data)}
        sent = await self._door.upload(UPLOAD, UploadedDatasetFiles, upload(dataset_id, replace), files)
        return sent.files[0]


def kept(path: str) -> str:
    """The path of rows, which are kept as JSON lines."""
    return f"{path[: -len('.parquet')]}.jsonl" if path.endswith(".parquet") else path
