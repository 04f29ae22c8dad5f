"""Warm kernels: a kernel is forked from a process that has imported everything already.

:mod:`~kit.warm.nursery` is that process. It imports, and does nothing else: no thread, no ZMQ
context, no fit, no drawing, because what a thread held at the fork would be held for ever in the
child. :mod:`~kit.warm.provisioner` stands where jupyter_client looks for a way to start a kernel,
so that papermill, nbclient and nbval use a warm one unchanged; what cannot be started warm is
started as ever. :func:`kept` keeps a nursery for a while.
"""

from kit.warm.keeper import kept, reason_for_cold
from kit.warm.protocol import FOR_IMPORTS

__all__ = ["FOR_IMPORTS", "kept", "reason_for_cold"]
