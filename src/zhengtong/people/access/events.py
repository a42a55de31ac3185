"""Names of what happens in access."""

ROLE_DEFINED = "access.role_defined"
ROLE_GRANTED = "access.role_granted"
GRANT_REVOKED = "access.grant_revoked"
LOG_READ = "audit.log_read"
LOG_EXPORTED = "audit.log_exported"
LOG_EXAMINED = "audit.log_examined"
