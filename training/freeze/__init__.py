"""From labelled pictures, wherever they come from, to an immutable version of a data set."""
