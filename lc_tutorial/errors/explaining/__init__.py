"""Why something went wrong: the request is asked first, then what is known, last the error's name.

An explanation is made in this order: did an answer come at all (:mod:`.connection`), and was the
service able to give one (:mod:`.service`); is the address one of the platform's (:mod:`.address`);
is the body of a kind that it reads (:mod:`.body`); is the scheme right for the kind of value
(:mod:`.credential`); what is the value, and what do this kernel and the connected sandbox know of
it (:mod:`.value`, :mod:`.code`, :mod:`.knowledge`); and only then what the error's name means.
"""

import lazy_loader

# Read when something went wrong: connecting shall cost little.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
