"""Learn by doing how an app gets access to the Text Platform (LiveChat)."""
