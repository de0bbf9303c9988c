"""The figures of an evaluation as a folder that a person reads: Markdown, HTML, curves and pictures of mistakes."""
