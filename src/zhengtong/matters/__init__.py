"""Whatever government handles: items, deadlines, processes, cases, licences."""
