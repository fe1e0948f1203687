# SPDX-License-Identifier: Apache-2.0
"""`badges verify`: what it prints, where it asks, and how it ends."""

from __future__ import annotations

import csv
import http.server
import io
import json
import os
import re
import shutil
import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from site_builder.baking import bake_svg
from site_builder.commands.network import Missing, Network
from site_builder.commands.site_folder import SiteFolder
from site_builder.proofs import sign
from site_builder.proofs.template import Templates
from site_builder.verify import Unreachable
from tests.signed import REVOKED, WITHDRAWN, drop, put
from tests.support import BADGES, Ran, badges, environment
from tests.verified import (
    BASE,
    GOOD,
    GOOD_OB2,
    KEY,
    METHOD,
    NOW,
    Hosted,
    signed_again,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.signed import Json

SAID = "Keys and lists came from the folder site, which stood in for https://badges.example.org/; that host was not asked."


@pytest.fixture
def folder(site: Hosted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with the built site in site/."""
    for url, data in site.files.items():
        path = tmp_path / "site" / url.removeprefix(BASE)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def verify(*words: str | Path) -> Ran:
    return badges("verify", *words, "--at", NOW.isoformat())


@pytest.mark.usefixtures("folder")
def test_a_variable_for_builds_does_not_move_the_clock(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))
    ran = badges("verify", f"site/{GOOD}", "--offline", "site")
    assert (ran.code, ran.out.splitlines()[0]) == (1, "Not valid: Genuine, ended on 2019-03-14")


@pytest.mark.usefixtures("folder")
def test_a_day_nobody_can_read_is_wrong_use():
    ran = badges("verify", f"site/{GOOD}", "--at", "tomorrow")
    assert ran == Ran(2, "", "badges: 'tomorrow' is no date such as 2026-11-20.\n")


def test_one_file_gets_a_line_for_each_check(folder: Path):
    ran = verify(f"site/{GOOD}", "--offline", "site")
    assert (ran.code, ran.err) == (0, "")
    assert (
        ran.out
        == f"""\
Valid
  Setting team norms
  Open Badges 3.0, issued by Small Works (badges.example.org)
  site/{GOOD}

Readable: passed. Open Badges 3.0, {(folder / "site" / GOOD).stat().st_size:,} bytes.
Signature: passed. Nothing was changed since it was signed with {METHOD}.
Issuer's key: passed. badges.example.org names this key as its own.
Key still trusted: passed. Not reported stolen, and not one that everybody has.
Issuer's address: passed. It belongs at badges.example.org, the issuer's own address.
Dates: passed. In force from 2016-03-14 until 2019-03-14.
Still stands: passed. Not taken back, says the issuer's signed list as of 2016-06-15.
Form: passed. It has the form that Open Badges 3.0 asks for.
Issued to: for you to check. Ada Okafor. Is that the person you are dealing with? No program can tell.

Checked 2017-01-01 00:00 UTC. {SAID}
"""
    )


@pytest.mark.usefixtures("folder")
def test_a_file_asks_nobody_unless_told_to():
    ran = verify(f"site/{GOOD}")
    assert ran.code == 6
    assert ran.out.splitlines()[0] == "Could not be fully checked"
    assert ran.out.splitlines()[6:9] == [
        "Signature: not checked. The key could not be had, so the signature could not be checked.",
        (
            "Issuer's key: not checked. The issuer's list of keys at "
            "https://badges.example.org/.well-known/did.json could not be loaded: not asked to go online."
        ),
        "Key still trusted: not checked. Without the issuer's list of keys nobody can tell.",
    ]
    assert ran.out.splitlines()[-1] == (
        "Checked 2017-01-01 00:00 UTC. Nobody was asked over the network; --online does that."
    )


@pytest.mark.usefixtures("folder")
def test_an_address_is_answered_by_the_folder():
    for target in (BASE + GOOD, BASE + GOOD.replace(".json", ".html"), BASE + GOOD_OB2):
        ran = verify(target, "--offline", "site")
        assert (ran.code, ran.out.splitlines()[0]) == (0, "Valid")


def test_the_page_of_an_award_without_a_signed_file_leads_to_the_hosted_one(folder: Path):
    (folder / "site" / GOOD).unlink()
    ran = verify(BASE + GOOD.replace(".json", ".html"), "--offline", "site")
    assert (ran.code, ran.out.splitlines()[2]) == (
        0,
        "  Open Badges 2.0, issued by Small Works (badges.example.org)",
    )


@pytest.mark.usefixtures("folder")
def test_an_address_elsewhere_is_not_asked_offline():
    ran = verify("https://other.example/x.json", "--offline", "site")
    assert ran.code == 6
    assert ran.out.splitlines()[3] == (
        "Readable: not checked. https://other.example/x.json could not be loaded: no network is "
        "used, and the folder does not answer for that address."
    )


@pytest.mark.usefixtures("folder")
def test_what_was_taken_back_ends_with_1():
    ran = verify(f"site/awards/{REVOKED}.json", "--offline", "site")
    assert (ran.code, ran.out.splitlines()[0]) == (
        1,
        "Not valid: Taken back or set aside by its issuer",
    )


@pytest.mark.usefixtures("folder")
def test_somebody_elses_badge_ends_with_1():
    ran = verify(f"site/{GOOD}", "--offline", "site", "--recipient", "Berit Solheim")
    assert (ran.code, ran.out.splitlines()[0]) == (1, "Not valid: Issued to somebody else")
    assert ran.out.splitlines()[-3] == (
        "Issued to: failed. It was issued to somebody else than you asked for."
    )


def test_a_picture_is_read(folder: Path):
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>'
    (folder / "badge.svg").write_bytes(
        bake_svg(svg, ob3=(folder / "site" / GOOD).read_text("utf-8"))
    )
    ran = verify("badge.svg", "--offline", "site")
    assert (ran.code, ran.out.splitlines()[0]) == (0, "Valid")


def test_what_cannot_be_seen_in_a_strangers_text_is_shown_as_its_escape(folder: Path, site: Hosted):
    evil = put(site.json(GOOD), ("credentialSubject", "achievement", "name"), "A\x1b[2J\u202eB")
    (folder / "evil.json").write_bytes(text(evil))
    ran = verify("evil.json", "--offline", "site")
    assert ran.out.splitlines()[1] == "  A\\u001b[2J\\u202eB"
    for words in (["--json"], ["--csv", "-"]):
        out = verify("evil.json", "--offline", "site", *words).out
        assert out.replace("\r", "").replace("\n", "").isprintable()


def test_standard_input_is_read(folder: Path, site: Hosted):
    done = subprocess.run(
        [*BADGES, "verify", "-", "--offline", "site", "--at", NOW.isoformat()],
        input=site.files[BASE + GOOD],
        cwd=folder,
        env=environment(),
        capture_output=True,
        timeout=60,
        check=False,
    )
    lines = done.stdout.decode().splitlines()
    assert (done.returncode, done.stderr, lines[0], lines[3]) == (
        0,
        b"",
        "Valid",
        "  standard input",
    )


@pytest.mark.usefixtures("folder")
def test_a_learner_record_lists_its_parts():
    ran = verify("site/backpacks/ada-okafor.json", "--offline", "site")
    assert ran.code == 0
    assert ran.out.splitlines()[-3] == "Part 1 of 1: Valid (Setting team norms)"


@pytest.mark.usefixtures("folder")
def test_a_folder_gets_a_line_for_each_badge_and_a_sum():
    ran = verify("site/awards", "--offline", "site")
    lines = ran.out.splitlines()
    assert ran.code == 1
    assert [line.split("  ")[0] for line in lines if WITHDRAWN in line] == [
        "Could not be fully checked: No longer published",
        "Not valid: Taken back or set aside by its issuer",
    ]
    assert lines[0] == (
        "Valid                                             Ada Okafor     site/" + GOOD
    )
    counted = "10 badges: 4 valid, 5 not valid, 1 could not be fully checked."
    assert lines[-1].startswith(f"{counted} {SAID} ")


@pytest.mark.usefixtures("folder")
def test_a_folder_passes_over_what_is_no_badge_and_says_how_much():
    ran = verify("site", "--offline", "site")
    assert " 12 badges: " in f" {ran.out.splitlines()[-1]}"
    assert " 9 other files were passed over: no badges. " in ran.out.splitlines()[-1]


def test_a_badge_with_something_wrong_is_not_passed_over(folder: Path, site: Hosted):
    inbox = folder / "inbox"
    inbox.mkdir()
    (inbox / "1.json").write_bytes(text(drop(site.json(GOOD), ("type",))))
    (inbox / "2.json").write_bytes(site.files[BASE + GOOD][:99])
    (inbox / "3.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (inbox / "4.JSON").write_bytes(text(drop(site.json(GOOD), ("proof",))))
    ran = verify("inbox", "--offline", "site")
    assert ran.code == 1
    assert [" ".join(line.split()) for line in ran.out.splitlines()[:-1]] == [
        "Not valid: No badge that can be read (no name) inbox/1.json",
        "Not valid: No badge that can be read (no name) inbox/2.json",
        "Not valid: No badge that can be read (no name) inbox/3.png",
        "Not valid: Not signed Ada Okafor inbox/4.JSON",
    ]


def test_an_empty_folder_says_that_there_are_no_badges(folder: Path):
    (folder / "empty").mkdir()
    ran = verify("empty")
    assert ran.code == 6
    assert ran.out.startswith("No badges. Nobody was asked over the network; --online does that. ")


def test_the_table_holds_no_formula(folder: Path, site: Hosted):
    forms = ["=HYPERLINK(1)", "+1", "-1", "@x", " =1"]
    for number, name in enumerate(forms):
        body = put(site.json(GOOD), ("credentialSubject", "identifier", 0, "identityHash"), name)
        (folder / f"{number}.json").write_bytes(text(body))
    ran = verify(
        *(f"{number}.json" for number in range(len(forms))), "--offline", "site", "--csv", "-"
    )
    rows = list(csv.DictReader(io.StringIO(ran.out, newline="")))
    assert [row["issued to"] for row in rows] == [f"'{name}" for name in forms]
    assert ran.err.startswith("5 badges: 5 not valid. ")


def test_the_table_says_all_of_each_badge(folder: Path):
    ran = verify(
        f"site/{GOOD}", f"site/awards/{REVOKED}.json", "--offline", "site", "--csv", "out.csv"
    )
    assert ran.code == 1
    data = (folder / "out.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    good, revoked = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert good == {
        "file": f"site/{GOOD}",
        "verdict": "valid",
        "headline": "Valid",
        "why": "",
        "issued to": "Ada Okafor",
        "title": "Setting team norms",
        "issuer": "Small Works",
        "issuer id": "did:web:badges.example.org",
        "issued": "2016-03-14T00:00:00Z",
        "until": "2019-03-14T23:59:59Z",
        "kind": "Open Badges 3.0",
        "id": BASE + GOOD,
        "check: Readable": "passed",
        "check: Signature": "passed",
        "check: Issuer's key": "passed",
        "check: Key still trusted": "passed",
        "check: Issuer's address": "passed",
        "check: Dates": "passed",
        "check: Still stands": "passed",
        "check: Form": "passed",
        "check: Issued to": "for you to check",
    }
    assert (revoked["verdict"], revoked["why"]) == (
        "not valid",
        "The issuer has taken it back or set it aside.",
    )


@pytest.mark.usefixtures("folder")
def test_json_is_the_report_with_where_it_came_from():
    body = json.loads(verify(f"site/{GOOD}", "--offline", "site", "--json").out)
    assert (body["target"], body["overall"], body["asked"]) == (f"site/{GOOD}", "valid", SAID)
    assert len(body["checks"]) == 9


@pytest.mark.usefixtures("folder")
def test_json_of_many_holds_their_reports_and_their_sum():
    body = json.loads(verify("site", "--offline", "site", "--json").out)
    assert list(body) == ["asked", "summary", "signatures by form", "reports"]
    assert body["summary"] == {
        "valid": 6,
        "not valid": 5,
        "could not be fully checked": 1,
        "passed over": 9,
    }
    assert len(body["reports"]) == 12


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere.json"], "badges: there is no file or folder 'nowhere.json'; an address begins with https://.\n"),
        (["site", "--online", "--offline", "site"], "badges: --online and --offline exclude each other.\n"),
        (["site", "--json", "--csv", "-"], "badges: --json and --csv - both write here; give the table a file.\n"),
        (
            ["site", "--offline", "site/awards"],
            "badges: site/awards is no built site: neither did.json nor issuer/ob2.json there says for which address it stands.\n",
        ),
    ],
)  # fmt: skip
def test_wrong_use_ends_with_2(words: list[str], said: str):
    ran = verify(*words)
    assert (ran.code, ran.out, ran.err) == (2, "", said)


# Folders with many badges.

ALL_BY_FORM = re.compile(
    r" ([0-9,]+) signatures were checked over a form learned from the library, ([0-9,]+) more over "
    r"both to compare them, all others over the library's own bytes; --thorough does that for all\. "
)


@pytest.fixture
def many(folder: Path, site: Hosted) -> Path:
    """600 badges, some of them not valid, some files that are no badges, in two folders."""
    bare = drop(drop(site.json(GOOD), ("proof",)), ("evidence",))
    made = Templates()
    for number in range(600):
        body = bare | {"id": f"{BASE}awards/{number}.json"}
        one = sign(
            body, KEY, method=METHOD, created="2016-03-14T00:00:00Z", canonicalise=made.canonical
        )
        if number % 100 == 7:
            one = put(one, ("credentialSubject", "identifier", 0, "identityHash"), "Eve")
        place = folder / "many" / ("b" if number % 2 else "a.x") / f"{number:04}.json"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(json.dumps(one, separators=(",", ":")).encode())
    (folder / "many" / "keys.json").write_bytes(site.files[f"{BASE}did.json"])
    (folder / "many" / "notes.txt").write_text("not looked at", "utf-8")
    return folder / "many"


@pytest.mark.usefixtures("many")
def test_many_badges_get_the_same_table_by_forms_and_by_the_library_alone():
    ran = verify("many", "--offline", "site", "--csv", "by_forms.csv")
    other = verify("many", "--offline", "site", "--csv", "by_library.csv", "--thorough")
    counted = "600 badges: 594 valid, 6 not valid. 1 other file was passed over: no badges. "
    assert (ran.code, other.code) == (1, 1)
    assert ran.out.startswith(counted)
    assert other.out.startswith(counted + SAID)
    said = ALL_BY_FORM.search(ran.out)
    assert said is not None
    # Two workers learn from two badges each, then judge all but those that do not hold.
    by_form, compared = (int(one) for one in said.groups())
    assert 580 <= by_form + compared <= 592
    assert Path("by_forms.csv").read_bytes() == Path("by_library.csv").read_bytes()


def test_many_badges_are_told_in_the_order_of_their_paths(many: Path):
    reports = json.loads(verify("many", "--offline", "site", "--json").out)["reports"]
    paths = sorted(path for path in many.rglob("*.json") if path.name != "keys.json")
    assert [one["target"] for one in reports] == [
        path.relative_to(many.parent).as_posix() for path in paths
    ]


@pytest.mark.usefixtures("many")
def test_json_of_many_is_that_of_each_and_says_how_they_were_checked():
    out = verify("many", "--offline", "site", "--json").out
    body = json.loads(out)
    how = body.pop("signatures by form")
    assert 580 <= sum(how.values()) <= 592
    assert json.dumps(json.loads(out), indent=2) + "\n" == out
    alone = json.loads(verify("many/b/0001.json", "--offline", "site", "--json").out)
    assert alone.pop("asked") == SAID
    assert next(one for one in body["reports"] if one["target"] == "many/b/0001.json") == alone


def test_of_more_than_a_thousand_badges_the_screen_lists_those_that_are_not_valid(many: Path):
    shutil.copytree(many, many.parent / "more" / "again")
    shutil.copytree(many, many.parent / "more" / "and again")
    lines = verify("more", "--offline", "site").out.splitlines()
    assert [line.rpartition("/")[2] for line in lines[:-2]] == [
        f"0{number}07.json" for number in range(6)
    ] * 2
    assert lines[-2] == (
        "Of more than 1,000 badges the valid ones are not listed here; --csv FILE or --json lists all."
    )
    assert lines[-1].startswith("1,200 badges: 1,188 valid, 12 not valid. 2 other files were ")


def test_a_folder_one_may_not_look_into_ends_with_3(many: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "many/b")

    monkeypatch.setattr("os.scandir", refuse)  # root may look everywhere
    del many
    ran = verify("many", "--offline", "site")
    assert (ran.code, ran.err) == (3, "badges: cannot read 'many/b': Permission denied.\n")


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="asks Linux for the workers")
def test_a_worker_that_is_killed_ends_all_with_3_and_no_verdict(many: Path):
    process = subprocess.Popen(
        [*BADGES, "verify", many, "--offline", "site", "--thorough", "--at", NOW.isoformat()],
        cwd=many.parent,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    until = time.monotonic() + 60
    while process.poll() is None and not children.read_text().split() and time.monotonic() < until:
        time.sleep(0.01)
    os.kill(int(children.read_text().split()[0]), signal.SIGKILL)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out.decode(), err.decode()) == (
        3,
        "",
        (
            "badges: a process that checked badges was ended from outside, so nothing is said "
            "about any of them. Was there too little memory?\n"
        ),
    )


# The folder that answers.


def test_a_site_folder_gives_nothing_outside_itself(folder: Path):
    (folder / "secret.json").write_text("{}", "utf-8")
    (folder / "site/link.json").symlink_to(folder / "secret.json")
    site = SiteFolder(folder / "site")
    assert site.base == BASE
    for path in ("../secret.json", "%2e%2e/secret.json", "link.json", "awards", "x\0y", "x" * 5000):
        with pytest.raises(Unreachable):
            site.fetch(BASE + path)


def test_a_site_without_signatures_is_known_by_its_issuer(folder: Path):
    for name in ("did.json", ".well-known/did.json"):
        (folder / "site" / name).unlink()
    assert SiteFolder(folder / "site").base == BASE


# The network, on this computer.


@dataclass
class Web:
    """A host on this computer: answers by path, and what it was sent."""

    base: str
    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)


@pytest.fixture
def web() -> Iterator[Web]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append((self.path, dict(self.headers)))
            code, headers, body = found.answers.get(self.path, (404, {}, b""))
            self.send_response(code)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        found = Web(f"http://127.0.0.1:{server.server_address[1]}/")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield found
        server.shutdown()


def local_badge(web: Web, site: Hosted) -> Json:
    """A badge of an issuer on this computer, whose key document the host gives."""
    did = "did:web:" + web.base.removeprefix("http://").rstrip("/").replace(":", "%3A")
    words = site.files[f"{BASE}did.json"].decode().replace("did:web:badges.example.org", did)
    web.answers["/.well-known/did.json"] = (200, {}, words.encode())
    bare = drop(put(site.json(GOOD), ("issuer", "id"), did), ("credentialStatus",))
    return signed_again(bare | {"id": f"{web.base}1.json"}, method=f"{did}#key-1")


@pytest.mark.usefixtures("folder")
def test_an_address_is_read_with_the_keys_it_names(web: Web, site: Hosted):
    badge = text(local_badge(web, site))
    web.answers |= {"/old.json": (302, {"Location": "/1.json"}, b""), "/1.json": (200, {}, badge)}
    ran = verify(f"{web.base}old.json")
    assert (ran.code, ran.out.splitlines()[0]) == (0, "Valid")
    assert ran.out.splitlines()[-1] == (
        "Checked 2017-01-01 00:00 UTC. Keys and lists were asked for over the network."
    )
    assert [path for path, _ in web.asked] == [
        "/old.json",
        "/1.json",
        "/.well-known/did.json",
        "/keys/index.json",
    ]
    for _, headers in web.asked:
        assert sorted(headers) == ["Accept", "Accept-Encoding", "Connection", "Host", "User-Agent"]


def test_a_file_cannot_make_us_ask_this_computer(folder: Path, web: Web, site: Hosted):
    (folder / "badge.json").write_bytes(text(local_badge(web, site)))
    ran = verify("badge.json", "--online")
    assert ran.code == 6
    assert ran.out.splitlines()[7] == (
        f"Issuer's key: not checked. The issuer's list of keys at {web.base}.well-known/did.json "
        "could not be loaded: it is on a private network (127.0.0.1), which is not asked."
    )
    assert web.asked == []


def refused(network: Network, url: str, *, far: bool = False) -> str:
    """Why a URL is not read; `far` says that it may lead on to another host."""
    with pytest.raises(Unreachable) as trouble:
        network.read(url, only_host=not far)
    return str(trouble.value)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://badges.example.org/x", "only https is asked, and http on this computer"),
        ("ftp://badges.example.org/x", "only https is asked, and http on this computer"),
        ("file:///etc/passwd", "it is no address of a host"),
        ("https://user@badges.example.org/", "it is no address of a host"),
        ("https://badges.example.org:port/", "it is no address"),
        ("https://badges.example.org/a b", "it is no address of a host"),
        ("https://10.0.0.1/", "it is on a private network (10.0.0.1), which is not asked"),
        ("https://169.254.169.254/x", "it is on a private network (169.254.169.254), which is not asked"),
        ("https://[::1]/", "it is on a private network (::1), which is not asked"),
        ("https://[fe80::1]/", "it is on a private network (fe80::1), which is not asked"),
        ("https://[::ffff:127.0.0.1]/", "it is on a private network (::ffff:127.0.0.1), which is not asked"),
        ("https://0x7f000001/", "it is on a private network (127.0.0.1), which is not asked"),
        ("https://localhost/", None),
    ],
)  # fmt: skip
def test_an_address_on_the_inside_is_refused(url: str, why: str | None):
    said = refused(Network("https://badges.example.org/"), url)
    assert said == why or (why is None and said.startswith("it is on a private network ("))


def test_a_host_cannot_lead_to_another_scheme_or_round_in_circles(web: Web):
    web.answers |= {
        "/file": (302, {"Location": "file:///etc/passwd"}, b""),
        "/http": (301, {"Location": "http://badges.example.org/"}, b""),
        "/inside": (307, {"Location": "https://10.0.0.1/"}, b""),
        "/round": (302, {"Location": "/round"}, b""),
        "/500": (500, {}, b"x"),
        "/nowhere": (302, {}, b"x"),
    }
    said = {path: refused(Network(web.base), web.base + path[1:], far=True) for path in web.answers}
    assert said == {
        "/file": "it is no address of a host",
        "/http": "only https is asked, and http on this computer",
        "/inside": "it is on a private network (10.0.0.1), which is not asked",
        "/round": "it leads on more than 3 times",
        "/500": "the host answered with 500",
        "/nowhere": "the host answered with 302",
    }
    assert len([path for path, _ in web.asked if path == "/round"]) == 4


def test_what_is_not_there_is_told_from_what_is_refused(web: Web):
    with pytest.raises(Missing):
        Network(web.base).fetch(f"{web.base}none")


def test_a_host_cannot_send_without_end(web: Web):
    web.answers["/big"] = (200, {}, b"x" * ((5 << 20) + 1))
    assert refused(Network(web.base), f"{web.base}big") == "it is larger than 5,242,880 bytes"


def test_one_badge_cannot_make_us_ask_without_end(web: Web):
    network = Network(web.base)
    web.answers["/"] = (200, {}, b"{}")
    for _ in range(200):
        network.fetch(web.base)
    assert refused(network, web.base) == "more than 200 addresses were asked for already"
