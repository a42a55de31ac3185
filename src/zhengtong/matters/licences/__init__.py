"""Electronic licences (电子证照): issue, verify, reissue, revoke."""
