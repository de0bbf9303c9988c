"""May a new model take the place of the one that serves? Refuses with reasons; never adjusts anything."""
