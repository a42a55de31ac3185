"""Pure functions: what can be wrong in law or arithmetic, without Django, clock or I/O."""
