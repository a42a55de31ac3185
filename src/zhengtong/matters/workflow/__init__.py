"""Running processes: tasks, timers, messages; the only loop that advances them."""
