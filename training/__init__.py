"""How the model gets better: from labelled pictures to a model folder that the product serves."""
