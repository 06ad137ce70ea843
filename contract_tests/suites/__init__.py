"""The checks that pytest collects, and the helpers and tables from which they are written."""
