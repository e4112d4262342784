"""The grades in force: of lists, by setting, and of single entries, by the list itself."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pratique.flow.screening.grading import GRADE, GRADES
from pratique.node.errors import refuse
from pratique.node.folder import NodeFolder
from pratique.node.settings import Settings
from pratique.node.storage.versions import ListVersion
from pratique.vocabulary.errors import Category
from pratique.vocabulary.grades import graded


def grades_of(lists: Sequence[ListVersion], settings: Settings, folder: NodeFolder) -> pl.DataFrame:
    """The grades (schema ``GRADE``) of those versions of lists. Raises ``BROKEN`` where one is gone."""
    whole = [(each.list_id, None, *graded(settings.grade(each.list_id))) for each in lists]
    rows = [row for row in whole if row[2] is not None]
    of_lists = pl.DataFrame(rows, schema=dict(GRADE), orient="row")
    return pl.concat([of_lists, *(_of_entries(each, folder) for each in lists)])


def _of_entries(version: ListVersion, folder: NodeFolder) -> pl.DataFrame:
    path = f"lists/{version.digest}/listings.parquet"
    try:
        rows = pl.scan_parquet(folder.path(path))
        if not {*GRADES} <= set(rows.collect_schema()):  # indexed before entries could be graded
            return pl.DataFrame(schema=dict(GRADE))
        own = pl.any_horizontal(pl.col(name).is_not_null() for name in GRADES)
        found = rows.filter(own).select("entity_id", *GRADES).unique("entity_id", keep="first", maintain_order=True)
        return found.collect().select(pl.lit(version.list_id).alias("list_id"), "entity_id", *GRADES)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise refuse("node.file_broken", Category.BROKEN, path=path) from error
