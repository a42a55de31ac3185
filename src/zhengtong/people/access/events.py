"""Names of what happens in access."""

ROLE_DEFINED = "access.role_defined"
ROLE_GRANTED = "access.role_granted"
GRANT_REVOKED = "access.grant_revoked"
