"""The truth suite: scenarios whose events are known, played through the whole pipeline and scored event by event."""
