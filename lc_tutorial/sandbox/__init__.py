"""The sandbox: a stand-in for the Text Platform, a process of its own."""
