"""What of files can be looked at: their folder, the newest contents, fonts of papers, who looks for viruses."""

import tempfile

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.errors import Unavailable
from zhengtong.foundation.core.health import Answer, ill, look, soon, well
from zhengtong.foundation.files import storage
from zhengtong.foundation.files.fonts import font_health
from zhengtong.foundation.files.providers import scanner
from zhengtong.foundation.files.queries import newest_tokens

LOOKED_AT = 100


@look("files", _("Files"))
def files() -> Answer:
    """Whether a file can be put down, and the newest ones still lie where their rows say."""
    try:
        with tempfile.TemporaryFile(dir=storage.aside_folder()) as tried:
            tried.write(b"?")
    except OSError as error:
        return ill(_("No file can be put down: %(error)s.") % {"error": error.strerror})
    lost = sum(1 for token in newest_tokens(LOOKED_AT) if not storage.path_of(token).exists())
    if lost:
        return ill(_("The contents of %(count)d of the newest files are missing.") % {"count": lost})
    return well(_("Files can be put down, and the newest are all there."))


@look("fonts", _("Fonts of papers"))
def fonts() -> Answer:
    """Whether papers look as they must."""
    missing = font_health().missing
    return ill(_("Missing: %(names)s.") % {"names": ", ".join(missing)}) if missing else well(_("All are here."))


@look("scanner", _("Virus scanner"))
def virus_scanner() -> Answer:
    """Whether anybody looks at what is uploaded, and answers: while he does not, nothing can be uploaded."""
    chosen = scanner()
    if chosen.name == "none":
        return soon(_("Nobody looks for viruses in what is uploaded: no scanner is set up."))
    try:
        chosen.reach()
    except Unavailable:
        return ill(_("%(name)s does not answer, so nothing can be uploaded.") % {"name": chosen.name})
    return well(_("Uploads are looked at by %(name)s.") % {"name": chosen.name})
