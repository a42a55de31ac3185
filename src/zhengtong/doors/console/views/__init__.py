"""Pages of the console, one module a part; `gate` opens them and runs their verbs."""
