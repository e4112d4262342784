"""Learning: past declarations and what controls found of them become chances, stakes and reasons.

In: a table of declarations (its columns by a mapping profile) and results of controls. Out: a model, kept as plain
files under their digest, and for each declaration a calibrated chance, the stake and coded reasons in points that add
up. ``training.train``, ``model.Model.load``, ``.score`` and ``.explain`` are its doors.
It never reads passengers, never an attribute that must not decide, and nothing of a row's own day or later.
"""
