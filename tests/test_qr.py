# SPDX-License-Identifier: Apache-2.0
"""QR codes made by XOR are those the library draws, module for module and byte for byte."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby, product

import pytest
import qrcode
from hypothesis import given, settings
from hypothesis import strategies as st
from qrcode import util

from site_builder.art import qr, qr_matrix, qr_svg
from site_builder.art.qr_table import SymbolDiffers, Symbols
from tests.support import ROOT

SITE = "https://badges.example.org/"
AWARD = f"{SITE}awards/4kq7x2m5v3n8c6t9w2z7y4r3pa.html"
IDS = "0123456789abcdefghjkmnpqrstvwxyz"
PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))
LONGEST = {3: 42, 4: 62, 5: 84, 6: 106, 7: 122, 8: 152, 9: 180, 10: 213}  # version: characters


@pytest.fixture(autouse=True)
def nothing_learned():
    qr._tables.clear()


def table(url):
    """The table of the addresses as long as this one, as it is now."""
    return qr._symbols(len(url))


def library(url, mask=qr.MASK):
    """The modules `qrcode` draws, asked in its ordinary way."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=0, mask_pattern=mask)
    code.add_data(util.QRData(url.encode(), mode=util.MODE_8BIT_BYTE, check_data=False), optimize=0)
    code.make(fit=True)
    return tuple(tuple(map(bool, row)) for row in code.modules)


def plain_svg(url, label):
    """The drawing as it was made before there was a table."""
    rows, data = library(url), []
    for y, row in enumerate(rows, 4):
        pen, x = 0, 4
        for is_dark, modules in groupby(row):
            length = len(list(modules))
            if is_dark:
                data.append(f"m{x - pen} 0h{length}" if pen else f"M{x} {y}.5h{length}")
                pen = x + length
            x += length
    side = len(rows) + 8
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img" '
        f'shape-rendering="crispEdges"><title>{label}</title>'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path stroke="#000" d="{"".join(data)}"/></svg>'
    )


def names(count, alphabet=IDS, length=26):
    """Ids that look like chance and are the same each time."""
    for number in range(count):
        bits = int.from_bytes(hashlib.sha512(f"{number}".encode()).digest() * 4, "big")
        made = []
        for _ in range(length):
            bits, place = divmod(bits, len(alphabet))
            made.append(alphabet[place])
        yield "".join(made)


# The same symbol


@pytest.mark.parametrize(
    ("alphabet", "bits"), [(IDS, 6), ("0123456789", 4), ("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 5), ("z", 0)]
)
def test_award_addresses_get_the_librarys_symbol_whatever_their_ids_look_like(alphabet, bits):
    urls = [AWARD.replace(AWARD[34:60], name) for name in names(26 * bits + 60, alphabet)]
    assert [qr_matrix(url) for url in urls] == [library(url) for url in urls]
    assert table(urls[0]).drawn == 26 * bits + 1
    assert table(urls[0]).combined == 59


@pytest.mark.parametrize("version", LONGEST)
def test_the_longest_and_shortest_addresses_of_each_version_get_the_librarys_symbol(version):
    for length in (LONGEST[version], LONGEST.get(version - 1, 26) + 1):
        tail = f"{'p/' * 99}"[: length - 27]
        urls = [f"{SITE}{tail}"[: length - 10] + name for name in names(60, "07qz", 10)]
        assert {len(library(url)) for url in urls[:1]} == {17 + 4 * version}
        assert [qr_matrix(url) for url in urls] == [library(url) for url in urls]
        assert table(urls[0]).combined > 20


@st.composite
def families(draw):
    """Eight addresses that differ in three places, in two characters each."""
    base = draw(st.text(PRINTABLE, min_size=3, max_size=213))
    places = draw(st.lists(st.integers(0, len(base) - 1), min_size=3, max_size=3, unique=True))
    pairs = draw(
        st.lists(
            st.lists(st.sampled_from(PRINTABLE), min_size=2, max_size=2, unique=True).map(tuple),
            min_size=3,
            max_size=3,
        )
    )
    made = []
    for filled in product(*pairs):
        text = list(base)
        for place, character in zip(places, filled, strict=True):
            text[place] = character
        made.append("".join(text))
    return made


@given(families())
@settings(max_examples=60, deadline=None)
def test_any_printable_text_of_any_length_gets_the_librarys_symbol(urls):
    qr._tables.clear()
    assert [qr_matrix(url) for url in urls] == [library(url) for url in urls]
    assert (table(urls[0]).drawn, table(urls[0]).combined) == (4, 4)


@pytest.mark.parametrize("mask", range(8))
def test_symbols_add_up_under_each_of_the_eight_masks(mask):
    def drawn(payload: bytes) -> bytes:
        rows = library(payload.decode(), mask)
        return b"".join(bytes(row) for row in rows)

    symbols = Symbols(drawn, 29 * 29)
    payloads = [f"{SITE}{name}".encode() for name in names(40, "01", 10)]
    assert [symbols.symbol(one) for one in payloads] == [drawn(one) for one in payloads]
    assert symbols.combined > 25


# The same drawing


def test_the_golden_drawing_comes_out_of_a_table_that_never_saw_its_address():
    for name in names(200):
        qr_svg(f"{SITE}awards/{name}.html", label="")
    drawn = table(AWARD).drawn
    golden = (ROOT / "tests/cases/art/qr.svg").read_text("utf-8")
    assert qr_svg(AWARD, label="QR code of this award's address") == golden.rstrip("\n")
    assert table(AWARD).drawn == drawn


def test_addresses_of_the_demo_get_the_drawing_they_had_before():
    ids = sorted(path.stem for path in (ROOT / "awards").glob("*/*/*.yml"))
    assert len(ids) > 250
    for ending in ("html", "json"):
        urls = [f"{SITE}awards/{one}.{ending}" for one in ids]
        for url in urls[:-50]:
            qr_svg(url, label="")
        before = table(urls[0]).combined
        assert [qr_svg(url, label="Code") for url in urls[-50:]] == [
            plain_svg(url, "Code") for url in urls[-50:]
        ]
        assert table(urls[0]).combined == before + 50


@pytest.mark.parametrize("length", [1, 14, 15, *LONGEST.values(), 214, 700, 2331])
def test_a_code_of_any_size_gets_the_drawing_it_had_before(length):
    url = (SITE + "a1-" * 800)[:length]
    assert qr_svg(url, label="Code") == plain_svg(url, "Code")


def test_a_row_without_a_dark_module_draws_nothing():
    assert qr._strokes(b"\0\0\0" + b"\0\1\x80" + b"\xff\xff\xf8", 3) == "M19 5.5h2M4 6.5h21"


# When the library is asked


@pytest.mark.parametrize("strange", ["\0", "\x1f", "\x7f", "\n"])
def test_text_that_is_not_printable_is_drawn_by_the_library_and_teaches_nothing(strange):
    for name in names(12, "01", 6):
        url = f"{SITE}{name}{strange}"
        assert qr_matrix(url) == library(url)
    assert (table(url).drawn, table(url).combined, table(url)._equations) == (12, 0, {})


def test_an_address_that_is_not_ascii_is_refused_before_any_table_is_asked():
    with pytest.raises(
        ValueError, match=r"^a QR code needs an ASCII URL; encode other characters first$"
    ):
        qr_svg(f"{SITE}é", label="Code")
    assert len(qr._tables) == 0


def test_an_address_beyond_version_ten_is_drawn_by_the_library():
    url = "a" * 214
    assert qr_matrix(url) == library(url)
    assert len(qr._tables) == 0


def test_few_addresses_are_drawn_as_often_as_they_were_before():
    for name in names(3):
        qr_svg(f"{SITE}awards/{name}.html", label="Code")
    assert (table(AWARD).drawn, table(AWARD).combined) == (3, 0)


def test_an_address_asked_for_twice_is_drawn_once_and_compared_once():
    assert qr_matrix(AWARD) == qr_matrix(AWARD) == qr_matrix(AWARD)
    assert (table(AWARD).drawn, table(AWARD).combined, table(AWARD).compared) == (1, 2, 1)


# Self-check


def hashed(payload):
    return hashlib.sha256(payload).digest()


def test_the_first_combined_symbol_of_a_length_is_compared_with_the_library():
    symbols = Symbols(hashed, 32)
    for payload in (b"aa", b"ab", b"ba"):
        assert symbols.symbol(payload) == hashed(payload)
    with pytest.raises(SymbolDiffers, match=r"^of an address of 2 characters$"):
        symbols.symbol(b"bb")


def test_every_thousandth_combined_symbol_is_compared_with_the_library():
    asked = []

    def drawn(payload: bytes) -> bytes:
        asked.append(payload)
        return payload if len(asked) < 4 else hashed(payload)[:2]

    symbols = Symbols(drawn, 2)
    assert [symbols.symbol(b"aa") for _ in range(1000)] == [b"aa"] * 1000
    assert (len(asked), symbols.compared) == (2, 1)
    assert [symbols.symbol(b"ab"), symbols.symbol(b"ab")] == [b"ab", b"ab"]
    assert (len(asked), symbols.combined) == (3, 1000)
    with pytest.raises(SymbolDiffers, match=r"^of an address of 2 characters$"):
        symbols.symbol(b"ab")


def test_threads_that_learn_at_once_give_the_same_symbols():
    urls = [f"{SITE}awards/{name}.html" for name in names(400)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda url: qr_svg(url, label="Code"), urls))
    assert found == [plain_svg(url, "Code") for url in urls]


def test_what_one_process_learned_serves_another():
    def payload(nth: int) -> bytes:
        return f"{SITE}awards/{nth:026d}.html".encode()

    drawn: list[bytes] = []

    def draw(one: bytes) -> bytes:
        drawn.append(one)
        return qr._drawn(one)

    size = len(qr._symbol(payload(0)))
    first = Symbols(draw, size)
    expected = [first.symbol(payload(nth)) for nth in range(0, 4000, 7)]
    second = Symbols(draw, size)
    second.remember(json.loads(json.dumps(first.learned)))
    drawn.clear()

    assert [second.symbol(payload(nth)) for nth in range(0, 4000, 7)] == expected
    assert len(drawn) == second.compared == 1


def test_an_equation_that_was_changed_is_found_by_the_first_comparison():
    size = len(qr._symbol(f"{SITE}awards/{0:026d}.html".encode()))
    first = Symbols(qr._drawn, size)
    for nth in range(300):
        first.symbol(f"{SITE}awards/{nth:026d}.html".encode())
    second = Symbols(qr._drawn, size)
    second.remember(f"{int(one, 16) ^ 1 << 20:x}" for one in first.learned)

    with pytest.raises(SymbolDiffers):
        b"".join(second.symbol(f"{SITE}awards/{nth:026d}.html".encode()) for nth in range(300))
