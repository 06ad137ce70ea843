"""World documents: reading them, founding worlds from them, and writing a world back as one."""
