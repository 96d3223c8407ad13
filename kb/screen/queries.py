"""What is asked of the rows, written once on Ibis; the engines carry it out."""

from __future__ import annotations

from typing import Any

from kb.screen.extras import need
from kb.screen.judge import NO_CANDIDATE, Judge

JUDGED = ("title", "keywords", "abstract", "headings", "types", "notices", "design")
"""What a judge is given, in its order."""

SLIM = ("part", "row", "points", "year", "title", "pmid", "doi", "file", "place")
"""Columns of a candidate in the list; everything else is fetched for the best alone."""

PLACE = ("part", "row")

_SIGNATURE = (("string",) * len(JUDGED), "int64")
"""Types of what a judge is given and answers. As arguments: this module's annotations are text, which Ibis would have to resolve."""


def superseded(rows: Any) -> Any:
    """Part and row of what does not count: older states, older versions, and what PubMed has deleted.

    Of the rows of one version the newest revision counts, then the later file of PubMed's sequence; where that is a
    deletion, the version is gone. Of the versions that are left the highest counts.
    """
    ibis = need("ibis")
    numbered = rows.filter(rows.pmid > 0)[["part", "row", "key", "version", "stamp", "serial", "file", "place", "gone"]]
    newest = numbered.mutate(
        age=ibis.row_number().over(
            group_by=["key", "version"],
            order_by=[
                ibis.desc("stamp"), ibis.desc("serial"), ibis.desc("gone"), ibis.desc("file"), ibis.desc("place"), ibis.desc("row"),
            ],
        )
    )  # fmt: skip
    standing = newest.filter((newest.age == 0) & ~newest.gone)
    best = standing.mutate(rank=ibis.row_number().over(group_by="key", order_by=ibis.desc("version")))
    current = best.filter(best["rank"] == 0)[["part", "row"]]
    return numbered.anti_join(current, list(PLACE))[["part", "row"]]


def by_arrow(judge: Judge) -> Any:
    """A judge as a function of Arrow columns, for engines within this process."""
    return need("ibis").udf.scalar.pyarrow(judge.points_of, name="kb_points", signature=_SIGNATURE)


def by_pandas(judge: Judge) -> Any:
    """The same judge for Spark, which hands whole columns over as those of pandas alone."""

    def points(title: Any, keywords: Any, abstract: Any, headings: Any, types: Any, notices: Any, stated: Any) -> Any:
        columns = (title, keywords, abstract, headings, types, notices, stated)
        return judge.points_of(*(need("pyarrow").array(column, "string") for column in columns)).to_pandas()

    return need("ibis").udf.scalar.pandas(points, name="kb_points", signature=_SIGNATURE)


def candidates(rows: Any, left_out: Any, points: Any, since: int | None = None) -> Any:
    """The rows that count and are candidates, with their points; `left_out` holds part and row of what does not count."""
    rows = rows.filter(~rows.gone)
    if since is not None:
        rows = rows.filter((rows.year == 0) | (rows.year >= since))
    rows = rows.anti_join(left_out, list(PLACE))
    found = rows.mutate(points=points(*(rows[name] for name in JUDGED)))
    return found.filter(found.points > NO_CANDIDATE)[list(SLIM)]


def notices(rows: Any, left_out: Any) -> Any:
    """The rows that count and say that something was retracted, corrected or is in doubt."""
    rows = rows.filter((rows.notices != "") & ~rows.gone)
    return rows.anti_join(left_out, list(PLACE))[["pmid", "doi", "title", "notices", "file", "place"]]


def whole(rows: Any, wanted: Any) -> Any:
    """Everything of some rows."""
    return rows.semi_join(wanted, list(PLACE))
