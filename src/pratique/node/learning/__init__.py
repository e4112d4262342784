"""Models on this node: the history they read, who speaks in a run, and how far things have moved."""
