"""What happens within one step: tokens arrive, wait, catch, throw, join and leave."""
