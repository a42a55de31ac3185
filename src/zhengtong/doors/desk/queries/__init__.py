"""What the desk's pages show, read through the floors below and shaped for the ui's components."""
