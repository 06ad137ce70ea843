"""`python -m mock_server` is `polar-mock`; without a command it serves."""

from __future__ import annotations

import sys

from mock_server.cli import main

if __name__ == "__main__":
    main(args=sys.argv[1:] or ["serve"], prog_name="python -m mock_server")
