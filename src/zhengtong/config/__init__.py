"""Settings and the joining of all parts: the only place that names them all."""
