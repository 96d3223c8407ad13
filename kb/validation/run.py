"""Run the suites with Great Expectations and retell each breach with file, line and record."""

from __future__ import annotations

import logging
import os
import shutil
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pandas as pd

from kb.problems import Problem
from kb.validation.datadocs import clear, stand_alone
from kb.validation.outcome import Outcome
from kb.validation.suites import Expectation, Suite

if TYPE_CHECKING:
    from great_expectations.data_context import AbstractDataContext

_SHOWN = 200
"""Breaches told per expectation; a table-wide slip needs no thousand lines."""
_GRAMMARS = "rfc3987_syntax"
"""Comes with Jupyter. jsonschema, which Great Expectations draws in for charts, compiles its 38 grammars at import, which takes
a second, to check addresses in letters beyond ASCII; no table is checked by that."""


def context() -> AbstractDataContext:
    """A Great Expectations context in memory: nothing written, nothing sent, no progress bars."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    warnings.filterwarnings("ignore", module=r"great_expectations|marshmallow")
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    with _without(_GRAMMARS):
        import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    made = gx.get_context(mode="ephemeral")
    made.variables.progress_bars = ProgressBarsConfig(globally=False)
    return made


@contextmanager
def _without(module: str) -> Iterator[None]:
    """Let an optional import of `module` fail, unless it is loaded already."""
    if module in sys.modules:
        yield
        return
    sys.modules[module] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[module]


def run(suites: list[Suite], tables: Mapping[str, pd.DataFrame], docs: Path | None = None) -> list[Outcome]:
    """Run the checkpoint of each suite on its table; with `docs`, build the Data Docs into that folder as well.

    Raises ValueError when a suite names a column or an expectation there is not.
    """
    made = context()
    with _staged(docs) as folder:
        if folder:
            made.add_data_docs_site(site_name="local", site_config=_site(folder))
        source = made.data_sources.add_pandas("kb")
        outcomes = [_run_one(made, source, suite, tables[suite.table], folder is not None) for suite in suites]
        if folder:
            made.build_data_docs(site_names="local")
            stand_alone(folder, outcomes, {name: len(frame) for name, frame in tables.items()})
    return outcomes


@contextmanager
def _staged(docs: Path | None) -> Iterator[Path | None]:
    """A folder to write into whose contents take the place of those of `docs` at the end: readers never see half of them."""
    if docs is None:
        yield None
        return
    docs.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{docs.name}-", dir=docs.resolve().parent) as staging:
        yield Path(staging)
        clear(docs)
        for part in Path(staging).iterdir():
            shutil.move(part, docs / part.name)


def _site(docs: Path) -> dict[str, Any]:
    return {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(docs.resolve())},
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
    }


def checkpoint(made: AbstractDataContext, source: Any, suite: Suite, index: list[str], docs: bool = False) -> Any:
    """The GX checkpoint of one table: its suite on the whole data frame given at run time."""
    import great_expectations as gx

    batch = source.add_dataframe_asset(suite.table).add_batch_definition_whole_dataframe("whole")
    expectations = [_expectation(suite, e) for e in suite.expectations]
    made_suite = made.suites.add(gx.ExpectationSuite(name=suite.table, expectations=expectations))
    definition = made.validation_definitions.add(
        gx.ValidationDefinition(name=suite.table, data=batch, suite=made_suite)
    )
    actions = [gx.checkpoint.UpdateDataDocsAction(name="docs", site_names=["local"])] if docs else []
    result_format = {"result_format": "COMPLETE", "unexpected_index_column_names": index}
    return made.checkpoints.add(
        gx.Checkpoint(
            name=suite.table, validation_definitions=[definition], actions=actions, result_format=result_format
        )
    )


def _expectation(suite: Suite, expectation: Expectation) -> Any:
    import great_expectations as gx

    name = "".join(word.capitalize() for word in expectation.expect.split("_"))
    kind = getattr(gx.expectations, name, None)
    if kind is None:
        raise ValueError(f"validation/suites/{suite.table}.yaml: Great Expectations has no {expectation.expect}")
    meta = {"reason": expectation.reason, "cure": expectation.cure}
    return kind(**expectation.arguments, severity=expectation.severity, notes=expectation.reason, meta=meta)


def _run_one(made: AbstractDataContext, source: Any, suite: Suite, frame: pd.DataFrame, docs: bool) -> Outcome:
    index = [c for c in ("id", "finding", "subject", "file", "line") if c in frame.columns]
    from great_expectations.core.run_identifier import RunIdentifier

    run_id = RunIdentifier(run_name="kb-check")
    done = checkpoint(made, source, suite, index, docs).run(batch_parameters={"dataframe": frame}, run_id=run_id)
    (result,) = done.run_results.values()
    problems: list[Problem] = []
    failed = 0
    for expectation, outcome in zip(suite.expectations, result.results, strict=True):
        broken = outcome.exception_info
        if isinstance(broken, dict) and broken.get("raised_exception"):
            raise ValueError(
                f"validation/suites/{suite.table}.yaml: {expectation.expect}: {broken.get('exception_message')}"
            )
        if not outcome.success:
            failed += 1
            problems += _retell(suite, expectation, outcome.result or {}, frame)
    return Outcome(suite.table, len(suite.expectations), failed, problems)


def _retell(
    suite: Suite, expectation: Expectation, result: Mapping[str, Any], frame: pd.DataFrame
) -> Iterator[Problem]:
    rows = result.get("unexpected_index_list") or []
    if not rows:
        shown = result.get("observed_value", "not as expected")
        file = f"validation/suites/{suite.table}.yaml"
        yield Problem(
            file,
            1,
            expectation.column,
            f"{suite.table}: {expectation.reason.rstrip('.')} (observed: {shown})",
            expectation.cure,
            "",
            expectation.severity,
        )
        return
    for row in rows[:_SHOWN]:
        record = str(row.get("id") or row.get("finding") or row.get("subject") or "")
        value = row.get(expectation.column)
        # A checking column is true or false; naming its value would tell the curator nothing.
        nothing = value is None or str(value) in {"True", "False", "nan"}
        said = "" if nothing else f"{value!r}: "
        line = int(row["line"]) if row.get("line") is not None and not pd.isna(row["line"]) else 0
        yield Problem(
            str(row.get("file") or ""),
            line,
            expectation.column,
            f"{said}{expectation.reason.rstrip('.')}",
            expectation.cure,
            record,
            expectation.severity,
        )
    if len(rows) > _SHOWN:
        yield Problem(
            str(rows[0].get("file") or ""),
            0,
            expectation.column,
            f"and {len(rows) - _SHOWN} more of the same",
            expectation.cure,
            "",
            expectation.severity,
        )
