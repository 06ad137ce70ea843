"""World documents: read them, build world seeds from them, and write a world back as a document."""
