"""Random streams for devices without their own: torch's CPU numbers, drawn on the host and copied over."""

from .mt19937 import MT19937


class HostStream:
    """The host's stream as a stream of another backend: arrays go to the host to be filled, and come back."""

    def __init__(self, backend, inner=None):
        self.backend, self.inner = backend, inner or MT19937()

    def __getattr__(self, name):
        method = getattr(self.inner, name)

        def call(*args):
            hosts = [self.backend.to_host(x) if isinstance(x, self.backend.array_types) else x for x in args]
            found = method(*hosts)
            if args and isinstance(args[0], self.backend.array_types) and found is None:
                self.backend.write(args[0], self.backend.from_host(hosts[0]))
            return found

        return call

    def clone(self):
        """An independent stream in the same state."""
        return HostStream(self.backend, self.inner.clone())
