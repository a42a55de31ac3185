"""Signatures on papers: PAdES with a self-made demonstration certificate, and their verification.

The key is software, made by `ensure_signing_key`, and labelled as a demonstration in its certificate: production
signs with a certificate of a licensed authority in a certified module (电子签名法 第16条; GB/T 39786).
"""

import datetime as dt
import io
import os
import pathlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings

from zhengtong.foundation.core import clock
from zhengtong.foundation.core.keys import seal, unseal

LABEL = "Zhengtong DEMONSTRATION ONLY"
_PURPOSE = "paper-signing"
_YEARS = 10


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """What a verification found; `sound` only if the paper is whole, untouched since, and signed by our certificate."""

    signed: bool
    intact: bool = False
    trusted: bool = False
    whole: bool = False
    signer: str = ""
    signed_at: dt.datetime | None = None

    @property
    def sound(self) -> bool:
        """Whether the paper may be relied on."""
        return self.signed and self.intact and self.trusted and self.whole


def key_folder() -> pathlib.Path:
    """Where certificate and sealed key lie: VAR/keys."""
    return pathlib.Path(settings.VAR) / "keys"


def ensure_signing_key() -> pathlib.Path:
    """Make the demonstration certificate authority and the signer's key where there are none; answers the folder.

    The signer's private key is stored closed under the master key; the authority's private key is thrown away
    after use, so that no further certificate can be made in its name.
    """
    place = key_folder()
    if (place / "paper-signer.pem").exists():
        return place
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    root_key, signer_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name, signer_name = _name("Root"), _name("Paper signer")
    root = _certificate(root_name, root_key.public_key(), root_name, authority=True).sign(root_key, hashes.SHA256())
    signer = _certificate(signer_name, signer_key.public_key(), root_name, authority=False).sign(
        root_key, hashes.SHA256()
    )
    private = signer_key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _write(place / "paper-root.pem", root.public_bytes(serialization.Encoding.PEM))
    _write(place / "paper-signer.key", seal(_PURPOSE, private).encode())
    _write(place / "paper-signer.pem", signer.public_bytes(serialization.Encoding.PEM))
    return place


def sign_pdf(data: bytes) -> bytes:
    """`data` with a PAdES B-B signature over the whole file, reason and place left to the paper itself."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko.sign.fields import SigSeedSubFilter

    signer, _root = _signer()
    metadata = signers.PdfSignatureMetadata(
        field_name="Zhengtong", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, name=LABEL
    )
    out = io.BytesIO()
    signers.PdfSigner(metadata, signer=signer).sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(data), strict=False), output=out
    )
    return out.getvalue()


def verify_pdf(data: bytes) -> SignatureReport:
    """Check every signature of a PDF against our certificate; damaged input is reported as unsigned."""
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko_certvalidator import ValidationContext

    _own, root = _signer()
    try:
        signatures = PdfFileReader(io.BytesIO(data), strict=False).embedded_signatures
        if not signatures:
            return SignatureReport(signed=False)
        context = ValidationContext(trust_roots=[root], allow_fetching=False)
        status = validate_pdf_signature(signatures[-1], signer_validation_context=context)
    except (PdfError, SignatureValidationError, ValueError, KeyError, IndexError, RecursionError):
        return SignatureReport(signed=False)
    return SignatureReport(
        signed=True,
        intact=bool(status.intact and status.valid),
        trusted=bool(status.trusted),
        whole=status.coverage is not None and status.coverage.name == "ENTIRE_FILE",
        signer=str(status.signing_cert.subject.human_friendly),
        signed_at=status.signer_reported_dt,
    )


def _signer() -> tuple[Any, Any]:
    place = key_folder()
    return _loaded(str(place), (place / "paper-signer.pem").stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _loaded(place: str, _made: int) -> tuple[Any, Any]:
    from pyhanko.keys import load_cert_from_pemder, load_private_key_from_pemder_data
    from pyhanko.sign import signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    folder = pathlib.Path(place)
    load: Any = load_cert_from_pemder
    root = load(str(folder / "paper-root.pem"))
    private = unseal(_PURPOSE, (folder / "paper-signer.key").read_text())
    make_store: Any = SimpleCertificateStore
    store = make_store()
    store.register(root)
    signer = signers.SimpleSigner(
        signing_cert=load(str(folder / "paper-signer.pem")),
        signing_key=load_private_key_from_pemder_data(private, passphrase=None),
        cert_registry=store,
    )
    return signer, root


def _name(role: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, LABEL),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{LABEL} {role}"),
        ]
    )


def _certificate(
    subject: x509.Name, public: ec.EllipticCurvePublicKey, issuer: x509.Name, *, authority: bool
) -> x509.CertificateBuilder:
    start = clock.now() - dt.timedelta(days=1)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=365 * _YEARS))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=0 if authority else None), critical=True)
    )
    return builder.add_extension(
        x509.KeyUsage(
            digital_signature=not authority,
            content_commitment=not authority,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=authority,
            crl_sign=authority,
            encipher_only=False,
            decipher_only=False,
        ),
        critical=True,
    )


def _write(path: pathlib.Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
