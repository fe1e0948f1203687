# SPDX-License-Identifier: Apache-2.0
"""Every public path and URL of a site, as pure functions; nobody else builds a path.

Paths are relative to the site's root, without a leading slash, and end in an extension every
static host types correctly. URLs start with the issuer's own `base_url`, never with the address
of the machine that builds or previews the site.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from urllib.parse import urlsplit

from site_builder.model import Award, Credential, Teacher

HOME = "index.html"
CATALOG = "credentials/index.html"
COMPETENCIES = "competencies/index.html"
PATHWAYS = "pathways/index.html"
ROLES = "roles/index.html"
PROGRAMS = "programs/index.html"
INSIGHTS = "insights/index.html"
BACKPACKS = "backpacks/index.html"
ISSUER = "issuer/index.html"
GUIDE = "guide/index.html"
ISSUER_OB2 = "issuer/ob2.json"
REVOCATIONS_OB2 = "status/ob2.json"
PROFILE = "issuer/profile.json"
DID = "did.json"
DID_WELL_KNOWN = ".well-known/did.json"
KEYS = "keys/index.json"
LEDGER = "ledger.json"
VERIFY = "verify/index.html"
STYLE = "assets/badges/look.css"
SCRIPT = "assets/badges/badges.js"
REPORT_SCRIPT = "assets/badges/report.js"  # shows a verdict
CHECK_PAGE_SCRIPT = "assets/badges/check-page.js"
CHECK_SCRIPT = "assets/badges/check.js"  # loaded when somebody asks for a check
VERIFIER = "assets/badges/verify.js"
BAKE_SCRIPT = "assets/badges/bake.js"


def award_page(award_id: str) -> str:
    return f"awards/{award_id}.html"


def award_json(award_id: str) -> str:
    """The signed Open Badges 3.0 credential of an award."""
    return f"awards/{award_id}.json"


def award_ob2(award_id: str) -> str:
    return f"awards/{award_id}.ob2.json"


def award_png(award_id: str) -> str:
    """The badge as a picture that holds the award's files."""
    return f"awards/{award_id}.png"


def award_svg(award_id: str) -> str:
    return f"awards/{award_id}.svg"


def award_qr(award_id: str) -> str:
    return f"awards/{award_id}.qr.svg"


def wallet_qr(award_id: str) -> str:
    """QR code of the signed file's address: wallets read JSON, people read pages."""
    return f"awards/{award_id}.wallet.qr.svg"


def backpack_slug(teacher: Teacher) -> str:
    """The handle of a public teacher, the random id of an unlisted one."""
    if teacher.visibility == "public" and teacher.handle:
        return teacher.handle
    return teacher.id


def backpack_page(slug: str) -> str:
    return f"backpacks/{slug}.html"


def backpack_json(slug: str) -> str:
    """The signed learner record of a backpack."""
    return f"backpacks/{slug}.json"


def backpack_qr(slug: str) -> str:
    return f"backpacks/{slug}.qr.svg"


def credential_page(slug: str) -> str:
    return f"credentials/{slug}/index.html"


def credential_mark(credential: Credential) -> str:
    return f"credentials/{credential.id}/{credential.version}/mark.svg"


def credential_ghost(credential: Credential) -> str:
    return f"credentials/{credential.id}/{credential.version}/ghost.svg"


def badge_svg(credential: Credential) -> str:
    return f"credentials/{credential.id}/{credential.version}/badge.svg"


def badge_png(credential: Credential) -> str:
    return f"credentials/{credential.id}/{credential.version}/badge.png"


def badge_class(credential: Credential) -> str:
    return f"credentials/{credential.id}/{credential.version}/badgeclass.json"


def achievement(credential: Credential) -> str:
    return f"credentials/{credential.id}/{credential.version}/achievement.json"


def status_list(number: int) -> str:
    return f"status/{number}.json"


def competency_page(competency_id: str) -> str:
    return f"competencies/{competency_id}/index.html"


def area_page(area_id: str) -> str:
    return f"competencies/areas/{area_id}/index.html"


def pathway_page(slug: str) -> str:
    return f"pathways/{slug}/index.html"


def role_page(slug: str) -> str:
    return f"roles/{slug}/index.html"


def program_page(slug: str) -> str:
    return f"programs/{slug}/index.html"


def api(name: str) -> str:
    return f"api/{name}.json"


SEARCH = "search/index.json"


def search_credentials(number: int) -> str:
    return f"search/credentials-{number}.json"


def search_awards(slug: str) -> str:
    """The newest awards of a micro-credential."""
    return f"search/award/{slug}.json"


def search_group(group: str) -> str:
    """People whose names begin with one letter, or a directory of them."""
    return f"search/{group}.json"


def search_start(group: str, start: str, shelf: int | None = None) -> str:
    """People whose names begin in one way; assets/search.js makes the same names.

    Args:
        shelf: number of a file with further letters; None for the start's own file.
    """
    name = start.encode().hex() or "0"
    return f"search/{group}/{name}{'' if shelf is None else f'-{shelf}'}.json"


SITEMAP = "sitemap-awards.xml"


def sitemap_part(kind: str, start: str) -> str:
    """Sitemap of the awards or backpacks whose names begin in one way."""
    return f"sitemap-{kind}-{start}.xml"


def api_awards(start: str) -> str:
    """Listed awards whose ids begin in one way, where all are too many for one file."""
    return f"api/awards/{start}.json"


def people_page(name: str) -> str:
    """A page of the list of people, where all are too many for one."""
    return f"backpacks/by/{name}.html"


_SIGNED = re.compile(
    r"(\.well-known/)?did\.json|keys/.+|issuer/profile\.json|status/[0-9]+\.json"
    r"|awards/[^./]+\.(json|png|svg)|backpacks/[^./]+\.json|credentials/.+/achievement\.json"
    r"|endorsements/.+\.json"
)


def is_signed_file(path: str) -> bool:
    """True for what signing adds to a site and makes anew each time."""
    return _SIGNED.fullmatch(path) is not None


@dataclass(frozen=True, slots=True)
class Site:
    """Public URLs of one site.

    Attributes:
        base_url: the issuer's base URL, with or without a path, no slash at the end.
    """

    base_url: str

    def url(self, path: str) -> str:
        """Full URL of a path; `index.html` is left out, as every static host serves it."""
        shown = (
            path.removesuffix("index.html")
            if path.endswith(("/index.html", "index.html"))
            else path
        )
        return f"{self.base_url.rstrip('/')}/{shown}"

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).netloc


def relative(path: str, origin: str) -> str:
    """Link from the page at `origin` to the page at `path`, both relative to the site's root."""
    target = path.removesuffix("index.html")
    depth = origin.count("/")
    return ("../" * depth) + target or "./"


def subject_id(award: Award, site: Site) -> str:
    """Opaque id of the earner in one award: a UUIDv5 of the award's URL, never of the person.

    Source: RFC 9562 section 5.5; standards.md section 10.
    """
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, site.url(award_page(award.id)))}"


def issuer_did(site: Site) -> str:
    """The did:web of a site: `did:web:badges.example.org`, `did:web:host%3A8000:folder`.

    Source: did:web Method Specification, "Method-specific identifier".
    """
    parts = urlsplit(site.base_url)
    host = parts.netloc.rpartition("@")[2].lower().replace(":", "%3A")
    return ":".join(["did", "web", host, *filter(None, parts.path.split("/"))])


def key_method(key_id: str, site: Site) -> str:
    """The verification method of one of the issuer's keys, such as `did:web:host#key-1`."""
    return f"{issuer_did(site)}#{key_id}"


def evidence_anchor(award: Award, number: int, site: Site) -> str:
    """Address of an evidence item that has none of its own: its place on the award's page."""
    return f"{site.url(award_page(award.id))}#evidence-{number}"
