"""Files of a form, put where the jobs of the node find them."""

from __future__ import annotations

import shutil
from pathlib import Path

from starlette.datastructures import UploadFile

from pratique.desk.visit import Visit
from pratique.node.errors import refuse


def handed_in(visit: Visit) -> list[Path]:
    """Every file of the form, each in a place of its own below the node. Raises ``REJECTED`` where there is none."""
    came = [file for file in visit.form.getlist("file") if isinstance(file, UploadFile) and file.filename]
    if not came:
        raise refuse("desk.no_file")
    places = []
    for file in came:
        place = visit.desk.jobs.place(file.filename or "")
        with place.open("wb") as target:
            shutil.copyfileobj(file.file, target)
        places.append(place)
    return places
