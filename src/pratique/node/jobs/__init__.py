"""Long work beside the pages: a board of jobs, each done in a process of its own.

In: files that came in and what is to be done with them. Out: jobs that can be watched, cancelled and, after a stop of
the server, taken up again. It decides nothing: a worker gives one command to the node, as the person who asked.
"""

from pratique.node.jobs.board import JobBoard
from pratique.node.jobs.job import Job, Jobs

__all__ = ["Job", "JobBoard", "Jobs"]
