"""A server as a process: it listens, serves an application, says that it is ready, and stops when it is told to."""
