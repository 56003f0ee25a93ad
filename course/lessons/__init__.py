"""One small module a lesson: what its notebook calls. Each composes the rooms below and holds no measure of its own."""
