"""The oracle of what is observable: how well anybody could do who knows the generator but sees only declared fields.

What it is: Bayes' rule with the generator's own laws. It knows the mechanisms, their rates, times and waves (the mix)
and the error rates of officers. For each declaration it takes the likelihood of what is declared under every
mechanism over that under honesty, estimated in other worlds of the same generator whose truth it may read
(``school.py``); for each importer, ring, exporter and lane the probability that it is an offender now, by an exact
filter over the weeks that learns from declared fields and from results of controls when they are known
(``actors.py``); and weighs the two as the second school world teaches. The expected loss follows from the laws of the
mechanisms in closed form (``laws.py``).

What it leaves out: it does not filter the offenders jointly (two importers of a ring are tied together by director
and by telephone only), keeps two moments of each trade's price level, learns likelihoods from a finite school, and
sees the declarations of a week only one by one. So it is near to the best that can be done and not above it by proof;
what knows the truth itself is the other bound, and is no oracle of this kind.
"""

from pratique_world.years.oracle.answer import expected
from pratique_world.years.oracle.laws import Known
from pratique_world.years.oracle.measured import Yield, bounds, yields

__all__ = ["Known", "Yield", "bounds", "expected", "yields"]
