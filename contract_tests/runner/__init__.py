"""One run: pytest in one or several processes, the plugin that collects its results, and the merged report."""
