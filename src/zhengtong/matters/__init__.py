"""What is being handled: services, deadlines, processes, cases, licences."""
