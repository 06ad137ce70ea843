"""A server as a process: it listens, serves an application, reports that it is ready, and stops on request."""
