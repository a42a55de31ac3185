"""Applications from draft to closed: the law's state machine and every act on it."""
