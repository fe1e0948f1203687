# SPDX-License-Identifier: Apache-2.0
"""Badges in pictures: what is baked comes out again, and no picture does harm."""

from __future__ import annotations

import base64
import io
import json
import shutil
import struct
import tracemalloc
import zlib
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from site_builder.baking import BadPicture, Found, bake_png, bake_svg, is_picture, unbake
from tests.interop.witnesses import answer_of, missing
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

VECTORS = ROOT / "tests/vectors"
BADGE = (ROOT / "tests/cases/art/a2.svg").read_bytes()
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>'
SIGNATURE = b"\x89PNG\r\n\x1a\n"
OB3 = "https://purl.imsglobal.org/ob/v3p0"
OB2 = "http://openbadges.org"


def chunk(kind: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


HEADER = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
PIXELS = chunk(b"IDAT", zlib.compress(b"\0\x80"))
END = chunk(b"IEND")


def png_with(*chunks: bytes) -> bytes:
    return b"".join([SIGNATURE, HEADER, *chunks, PIXELS, END])


PNG = png_with()


def reason(call: Callable[[], object]) -> str:
    with pytest.raises(BadPicture) as caught:
        call()
    return str(caught.value)


# What XML can hold and a credential's JSON may: no NUL, no lone surrogates, no bare controls.
texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\n"), min_size=1
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
records = st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), values, min_size=1)
pictures = st.lists(
    st.sampled_from([b"gAMA", b"pHYs", b"IDAT", b"tIME"]).flatmap(
        lambda kind: st.binary(max_size=40).map(lambda body: chunk(kind, body))
    )
).map(lambda chunks: png_with(*chunks))


# Baking.


def test_a_baked_png_is_the_picture_with_two_text_chunks_behind_its_header():
    assert bake_png(PNG, ob2="{}", ob3='{"é":1}', clr="a.b.c") == png_with(
        chunk(b"iTXt", b"openbadges\0\0\0\0\0{}"),
        chunk(b"iTXt", b'openbadgecredential\0\0\0\0\0{"\xc3\xa9":1}'),
        chunk(b"iTXt", b"clrcredential\0\0\0\0\0a.b.c"),
    )


def test_a_baked_svg_has_the_credential_as_its_first_child():
    assert bake_svg(SVG, ob3='{"a":"]]>"}') == (
        b'<svg xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0" '
        b'xmlns="http://www.w3.org/2000/svg">'
        b'<openbadges:credential><![CDATA[{"a":"]]\\u003e"}]]></openbadges:credential>'
        b'<path d="M0 0"/></svg>'
    )


@settings(deadline=None)
@given(pictures, texts | st.none(), texts | st.none(), texts | st.none())
def test_what_is_baked_into_a_png_comes_out_again(
    png: bytes, ob2: str | None, ob3: str | None, clr: str | None
):
    baked = bake_png(png, ob2=ob2, ob3=ob3, clr=clr)

    asked = [("ob2", ob2), ("ob3", ob3), ("clr", clr)]
    assert unbake(baked) == [Found(kind, text) for kind, text in asked if text is not None]
    assert bake_png(baked, ob2=ob2, ob3=ob3, clr=clr) == baked
    assert bake_png(baked) == png


@settings(deadline=None)
@given(records)
@example({"a": "]]>", "b": "]]></openbadges:credential>", "c": "\ufffe\uffff\x7f\x85"})
def test_what_is_baked_into_an_svg_comes_out_again(record: dict[str, object]):
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    baked = bake_svg(BADGE, ob3=text)

    [found] = unbake(baked)
    assert (found.kind, json.loads(found.text)) == ("ob3", record)
    assert bake_svg(baked, ob3=text) == baked
    assert bake_svg(bake_svg(baked, ob3="{}"), ob3=text) == baked


def test_a_second_bake_replaces_badges_of_every_form_and_no_other_text():
    other = [chunk(b"tEXt", b"Title\0Norms"), chunk(b"iTXt", b"openbadges2\0\0\0\0\0{}")]
    old = [
        chunk(b"tEXt", b"openbadges\0https://example.org/a"),
        chunk(b"zTXt", b"openbadgecredential\0\0" + zlib.compress(b"{}")),
        chunk(b"iTXt", b"clrcredential\0\1\0en\0\0" + zlib.compress(b"{}")),
    ]

    assert bake_png(png_with(old[0], other[0], *old[1:], other[1])) == png_with(*other)


def test_a_second_bake_replaces_a_name_for_the_namespace_already_there():
    declared = SVG.replace(b"<svg ", b"<svg  xmlns:openbadges = 'urn:x' ")

    assert bake_svg(declared, ob3="{}") == bake_svg(SVG, ob3="{}")


def test_a_drawing_with_a_prefix_is_baked_too():
    svg = b'<?xml version="1.0"?><s:svg xmlns:s="http://www.w3.org/2000/svg"><s:g/></s:svg>'

    assert unbake(bake_svg(svg, ob3="{}")) == [Found("ob3", "{}")]


def test_another_reader_finds_both_texts_and_the_same_pixels():
    plain = Image.linear_gradient("L").resize((9, 7))
    made = io.BytesIO()
    plain.save(made, "PNG")
    read = Image.open(io.BytesIO(bake_png(made.getvalue(), ob2='{"a":"é"}', ob3="{}")))

    read.load()
    assert read.text == {"openbadges": '{"a":"é"}', "openbadgecredential": "{}"}
    assert read.tobytes() == plain.tobytes()


def test_another_reader_finds_the_credential_and_the_same_drawing():
    baked = ET.fromstring(bake_svg(BADGE, ob3='{"a":"é<&"}'))  # noqa: S314 - our own

    assert (baked[0].tag, baked[0].text) == (f"{{{OB3}}}credential", '{"a":"é<&"}')
    baked.remove(baked[0])
    assert ET.tostring(baked) == ET.tostring(ET.fromstring(BADGE))  # noqa: S314 - our own


@pytest.mark.parametrize(
    ("png", "said"),
    [
        (b"", "is not a PNG, or was changed on its way as if it were text"),
        (b"GIF89a", "is not a PNG, or was changed on its way as if it were text"),
        (SIGNATURE, "is cut short"),
        (PNG[:40], "is cut short"),
        (SIGNATURE + PIXELS + END, "does not begin as a PNG must"),
    ],
)
def test_no_badge_is_baked_into_what_is_no_png(png: bytes, said: str):
    assert reason(lambda: bake_png(png, ob2="{}")) == said


@pytest.mark.parametrize(
    ("svg", "said"),
    [
        (b"", "is not an SVG drawing"),
        (b"<html><p>svg</p></html>", "is not an SVG drawing"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "is not an SVG drawing"),
        (b"\xff\xfe<\0s\0v\0g\0>\0", "is not UTF-8 text"),
    ],
)
def test_no_badge_is_baked_into_what_is_no_drawing(svg: bytes, said: str):
    assert reason(lambda: bake_svg(svg, ob3="{}")) == said


# Reading.


def test_the_pictures_of_others_are_read():
    credential = json.loads((VECTORS / "eddsa-rdfc-2022/1edtech/ob30-simple.json").read_bytes())
    assertion = (VECTORS / "openbadges2/1edtech/basic-assertion.json").read_text("utf-8")

    for name in ("simple-json.png", "simple-json.svg"):
        [found] = unbake((VECTORS / "baked/1edtech" / name).read_bytes())
        assert (found.kind, json.loads(found.text)["id"]) == ("ob3", credential["id"])
    for name in ("assertion.png", "assertion.svg"):
        found = unbake((VECTORS / "baked/openbadges-bakery" / name).read_bytes())
        assert found == [Found("ob2", assertion.strip())]


def test_a_plain_picture_holds_none():
    plain = VECTORS / "openbadges2/1edtech/assets/robotics-badge.png"

    assert unbake(plain.read_bytes()) == []
    assert unbake(PNG) == []
    assert unbake(BADGE) == []


@settings(deadline=None)
@given(texts)
def test_every_form_of_text_chunk_is_read(text: str):
    expected = [Found("ob2", text)]
    utf8 = text.encode()
    forms = [
        chunk(b"tEXt", b"openbadges\0" + utf8),
        chunk(b"zTXt", b"openbadges\0\0" + zlib.compress(utf8)),
        chunk(b"iTXt", b"openbadges\0\0\0en\0Abzeichen\0" + utf8),
        chunk(b"iTXt", b"openbadges\0\1\0\0\0" + zlib.compress(utf8)),
    ]

    assert [unbake(png_with(one)) for one in forms] == [expected] * 4


def test_chunks_written_by_another_library_are_read():
    info = PngImagePlugin.PngInfo()
    info.add_itxt("openbadgecredential", '{"name":"Zoë"}', lang="nl", zip=True)
    info.add_text("openbadges", "https://example.org/años", zip=True)  # Latin-1, as PNG says
    made = io.BytesIO()
    Image.new("RGB", (2, 2)).save(made, "PNG", pnginfo=info)

    assert unbake(made.getvalue()) == [
        Found("ob3", '{"name":"Zoë"}'),
        Found("ob2", "https://example.org/años"),
    ]


def svg_with(inner: str, before: str = "") -> bytes:
    names = f'xmlns="http://www.w3.org/2000/svg" xmlns:a="{OB3}" xmlns:b="{OB2}"'
    return f"{before}<svg {names}>{inner}<g/></svg>".encode()


@pytest.mark.parametrize(
    ("inner", "found"),
    [
        ("<a:credential>{&quot;a&quot;:1}</a:credential>", Found("ob3", '{"a":1}')),
        ("<a:credential><![CDATA[ {} ]]>\n</a:credential>", Found("ob3", "{}")),
        ("<a:credential>[<![CDATA[]]]]><![CDATA[>]]></a:credential>", Found("ob3", "[]]>")),
        ('<a:credential verify="aa.bb.cc"/>', Found("ob3", "aa.bb.cc")),
        ("<g><g><a:credential>{}</a:credential></g></g>", Found("ob3", "{}")),
        ('<b:assertion verify="https://e.org/1"/>', Found("ob2", "https://e.org/1")),
        ('<b:assertion verify="https://e.org/1"> {} </b:assertion>', Found("ob2", "{}")),
        (f'<assertion xmlns="{OB2}">{{}}</assertion>', Found("ob2", "{}")),
        ("<script>alert(1)</script><a:credential>{}</a:credential>", Found("ob3", "{}")),
    ],
)
def test_every_form_of_badge_in_a_drawing_is_read(inner: str, found: Found):
    assert unbake(svg_with(inner)) == [found]


@pytest.mark.parametrize(
    "inner", ["<credential>{}</credential>", "<b:credential>{}</b:credential>"]
)
def test_an_element_of_another_namespace_is_no_badge(inner: str):
    assert unbake(svg_with(inner)) == []


def test_a_drawing_may_name_a_document_type_and_wear_a_comment_and_a_mark():
    before = (
        '\ufeff<?xml version="1.0" encoding="iso-8859-1"?>\n<!-- Drawn by hand -->\n'
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "https://e.org/svg11.dtd">\n'
    )

    assert unbake(svg_with("<a:credential>é</a:credential>", before)) == [Found("ob3", "é")]


def test_both_kinds_in_one_drawing_come_in_their_order():
    inner = "<b:assertion>2</b:assertion><a:credential>3</a:credential>"

    assert unbake(svg_with(inner)) == [Found("ob2", "2"), Found("ob3", "3")]


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        (PNG, True),
        (SIGNATURE[:5], True),
        (SVG, True),
        (BADGE, True),
        (b"\xef\xbb\xbf \n" + SVG, True),
        (b"<!DOCTYPE svg><!-- a --><svg>", True),
        (b"<!doctype html><html><body><svg></svg></body></html>", False),
        (b'{"a":"<svg>"}', False),
        (b"<svgs>", False),
        (b"aa.bb.cc", False),
        (b"\xff\xd8\xff\xe0JFIF", False),
        (b"", False),
    ],
)
def test_a_picture_is_told_from_its_first_bytes(data: bytes, answer: bool):  # noqa: FBT001
    assert is_picture(data) is answer


# Bad pictures.

PACKED = zlib.compress(b"a" * 100)
NO_PNG = "is not a PNG, or was changed on its way as if it were text"
TWICE = "holds more than one badge of the same kind, so none can be relied on"
NOT_LAID_OUT = "holds a badge whose text is not laid out as PNG says"
PACKED_SOMEHOW = "holds a badge whose text is packed in an unknown way"
PACKED_BADLY = "holds a badge whose packed text is damaged"
DAMAGED = {
    "cut_in_a_chunk": (PNG[:50], "is cut short"),
    "cut_between_chunks": (PNG[: -len(END)], "is cut short"),
    "cut_in_the_signature": (PNG[:5], NO_PNG),
    "line_ends_changed": (PNG.replace(b"\r\n", b"\n"), NO_PNG),
    "length_of_four_gigabytes": (
        png_with(b"\xff\xff\xff\xffiTXtopenbadges\0"),
        "is cut short",
    ),
    "header_missing": (SIGNATURE + PIXELS + END, "does not begin as a PNG must"),
    "checksum_wrong": (
        png_with(chunk(b"iTXt", b"openbadges\0\0\0\0\0{}")[:-1] + b"?"),
        "is damaged: a checksum in it is wrong",
    ),
    "two_of_a_kind": (
        png_with(chunk(b"tEXt", b"openbadges\0{}"), chunk(b"iTXt", b"openbadges\0\0\0\0\0{}")),
        TWICE,
    ),
    "no_text_separator": (png_with(chunk(b"iTXt", b"openbadges\0\0\0{}")), NOT_LAID_OUT),
    "unknown_flag": (png_with(chunk(b"iTXt", b"openbadges\0\2\0\0\0{}")), NOT_LAID_OUT),
    "nothing_behind_the_keyword": (png_with(chunk(b"iTXt", b"openbadges\0")), NOT_LAID_OUT),
    "unknown_method": (png_with(chunk(b"iTXt", b"openbadges\0\1\1\0\0" + PACKED)), PACKED_SOMEHOW),
    "unknown_method_in_ztxt": (
        png_with(chunk(b"zTXt", b"openbadges\0\7" + PACKED)),
        PACKED_SOMEHOW,
    ),
    "nothing_in_ztxt": (png_with(chunk(b"zTXt", b"openbadges\0")), PACKED_SOMEHOW),
    "packed_text_cut_short": (
        png_with(chunk(b"zTXt", b"openbadges\0\0" + PACKED[:-1])),
        PACKED_BADLY,
    ),
    "packed_text_is_none": (png_with(chunk(b"zTXt", b"openbadges\0\0{}")), PACKED_BADLY),
    "latin_1_where_utf_8_belongs": (
        png_with(chunk(b"iTXt", b"openbadges\0\0\0\0\0\xe9")),
        "holds a badge whose text is not UTF-8",
    ),
    "jpeg": (b"\xff\xd8\xff\xe0", "is neither PNG nor SVG"),
    "web_page": (b"<html><svg/></html>", "is neither PNG nor SVG"),
    "nothing": (b"", "is neither PNG nor SVG"),
    "drawing_cut_short": (
        SVG[:-3],
        "is not well-formed XML (line 1: unclosed token)",
    ),
    "drawing_in_latin_1": (svg_with("é").decode().encode("latin-1"), "is not UTF-8 text"),
    "drawing_in_another_namespace": (
        b'<svg xmlns="urn:x"/>',
        "is not an SVG drawing",
    ),
    "elements_in_a_badge": (
        svg_with("<a:credential>{}<g/></a:credential>"),
        "holds a badge with other elements in its text",
    ),
    "two_of_a_kind_in_a_drawing": (
        svg_with("<a:credential>{}</a:credential><a:credential>{}</a:credential>"),
        TWICE,
    ),
    "entities_that_grow": (
        svg_with("&c;", '<!DOCTYPE svg [<!ENTITY a "aa"><!ENTITY c "&a;&a;">]>'),
        "defines entities, which may stand for anything",
    ),
    "entity_that_reads_a_file": (
        svg_with("&c;", '<!DOCTYPE svg [<!ENTITY c SYSTEM "file:///etc/passwd">]>'),
        "defines entities, which may stand for anything",
    ),
    "entity_of_a_document_type_elsewhere": (
        svg_with("<a:credential>&c;</a:credential>", '<!DOCTYPE svg SYSTEM "https://e.org/a.dtd">'),
        "uses an entity it does not define",
    ),
    "entity_of_nowhere": (
        svg_with("&c;"),
        "is not well-formed XML (line 1: undefined entity)",
    ),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_picture_that_cannot_be_relied_on_is_refused_with_the_reason(name: str):
    data, said = DAMAGED[name]

    assert reason(lambda: unbake(data)) == said


LONG = "a" * 1001
LARGE = [
    png_with(chunk(b"tEXt", b"openbadges\0" + LONG.encode())),
    png_with(chunk(b"zTXt", b"openbadges\0\0" + zlib.compress(LONG.encode()))),
    png_with(chunk(b"iTXt", b"openbadges\0\1\0\0\0" + zlib.compress(LONG.encode()))),
    svg_with(f"<a:credential>{LONG}</a:credential>"),
    svg_with(f'<a:credential verify="{LONG}"/>'),
]


@pytest.mark.parametrize("data", LARGE, ids=["tEXt", "zTXt", "iTXt", "text", "verify"])
def test_a_text_is_read_up_to_its_limit(data: bytes):
    assert len(unbake(data, most=1001)) == 1
    said = "holds a badge whose text has more than 1,000 bytes"
    assert reason(lambda: unbake(data, most=1000)) == said


def test_a_keyword_without_its_end_is_none():
    assert unbake(png_with(chunk(b"tEXt", b"openbadges"))) == []


def test_a_zip_bomb_is_not_unpacked():
    """200 MB in 194 kB."""
    packer = zlib.compressobj(9)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(200)) + packer.flush()
    data = png_with(chunk(b"zTXt", b"openbadges\0\0" + bomb))

    tracemalloc.start()
    said = reason(lambda: unbake(data))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert said == "holds a badge whose text has more than 1,048,576 bytes"
    assert peak < 4 << 20


def test_a_picture_is_read_up_to_five_mebibytes():
    most = 5 << 20
    filler = chunk(b"tEXt", bytes(most - len(PNG) - 12))

    assert unbake(png_with(filler)) == []
    assert reason(lambda: unbake(png_with(filler) + b"?")) == (
        "has 5,242,881 bytes; at most 5,242,880 are read"
    )


def test_what_lies_behind_the_end_of_a_png_is_not_read():
    assert unbake(PNG + chunk(b"iTXt", b"openbadges\0\0\0\0\0{}") + END) == []


def test_a_deep_drawing_is_read_without_harm():
    deep = "<g>" * 200_000 + "</g>" * 200_000

    assert unbake(svg_with(deep)) == []


def unbaked(data: bytes) -> list[Found] | str:
    try:
        return unbake(data, most=1000)
    except BadPicture as error:
        return str(error)


@given(
    st.binary(max_size=300)
    | st.binary(max_size=300).map(lambda data: SIGNATURE + data)
    | st.binary(max_size=300).map(lambda data: png_with(chunk(b"iTXt", b"openbadges\0" + data)))
    | st.binary(max_size=300).map(lambda data: png_with(chunk(b"zTXt", b"openbadges\0" + data)))
    | st.text(st.sampled_from("<>/&;![]\"'= asvg:CDATA#x0\n")).map(svg_with)
    | st.binary(max_size=300).map(lambda data: b"<svg>" + data)
)
@settings(max_examples=1000, deadline=None)
def test_any_bytes_give_badges_or_a_reason_and_never_more_than_the_limit(data: bytes):
    found = unbaked(data)

    assert isinstance(found, str) or all(len(one.text.encode()) <= 1000 for one in found)


@settings(deadline=None)
@given(st.data())
def test_every_changed_byte_of_a_png_is_noticed(data: st.DataObject):
    baked = bake_png(PNG, ob2='{"a":1}', ob3='{"b":2}')
    at = data.draw(st.integers(0, len(baked) - 1))
    changed = bytearray(baked)
    changed[at] ^= data.draw(st.integers(1, 255))

    assert isinstance(unbaked(bytes(changed)), str)


# In the browser.

BAKE_JS = ROOT / "site_builder/assets/bake.js"
RUNNER = """
import {readFileSync} from 'node:fs';
const {bakePng, bakeSvg} = await import(process.argv[1]);
const text = async run => {
  try { return Buffer.from(await run()).toString('base64'); } catch(error) { return error.message; }
};
const said = [];
for(const {picture, given} of JSON.parse(readFileSync(0, 'utf8'))) {
  const bytes = Buffer.from(picture, 'base64');
  const png = new Uint8Array(bytes);  // a copy: Node's own buffers lie in a shared pool
  said.push([
    await text(() => bakePng(png, given)),
    await text(() => bakeSvg(bytes.toString('utf8'), given.ob3))
  ]);
}
process.stdout.write(JSON.stringify(said));
"""


def baked_by_node(cases: list[dict[str, object]]) -> list[list[str]]:
    node = shutil.which("node")
    if node is None:
        missing("no Node.js to run bake.js with.")
    # As data: Node.js 18 takes a file ending in .js for a module of the older kind.
    source = f"data:text/javascript;base64,{base64.b64encode(BAKE_JS.read_bytes()).decode()}"
    command = [node, "--input-type=module", "--eval", RUNNER, "--", source]
    return answer_of(command, cases)


def outcome(bake: Callable[[], bytes]) -> str:
    try:
        return base64.b64encode(bake()).decode()
    except BadPicture as error:
        return str(error)


def test_the_browser_bakes_the_same_bytes():
    json_text = '{"name":"Nguyễn 佐藤 👩‍🏫","a":"]]>","b":"\uffff"}'
    given: list[dict[str, str]] = [
        {"ob2": "{}", "ob3": json_text},
        {"ob3": json_text * 1000, "clr": "{}"},
        {"ob3": ""},
    ]
    drawings = [SVG, BADGE, SVG.replace(b"<svg", b"<svg xmlns:openbadges='urn:x'"), b"<svg/>"]
    cut = [PNG[:20], PNG[:40], b"", SIGNATURE + PIXELS + END, PNG + b"more"]
    foreign = [path.read_bytes() for path in (VECTORS / "baked").rglob("*.?ng")]
    plain = [PNG, *cut, *foreign, *drawings]
    baked = [bake_png(PNG, ob2="old", ob3="old", clr="old"), bake_svg(BADGE, ob3="old")]
    cases = [(picture, one) for picture in [*plain, *baked] for one in given]

    asked = [{"picture": base64.b64encode(one).decode(), "given": kinds} for one, kinds in cases]
    assert len(foreign) == 2
    # What is not UTF-8 a page never holds as text: only drawings are asked of bakeSvg.
    assert [
        (png, svg if is_picture(picture) and not picture.startswith(b"\x89") else "")
        for (picture, _), (png, svg) in zip(cases, baked_by_node(asked), strict=True)
    ] == [
        (
            outcome(lambda: bake_png(picture, **kinds)),  # noqa: B023 - called at once
            outcome(lambda: bake_svg(picture, ob3=kinds["ob3"]))  # noqa: B023 - called at once
            if is_picture(picture) and not picture.startswith(b"\x89")
            else "",
        )
        for picture, kinds in cases
    ]


def test_the_browsers_part_is_small():
    assert BAKE_JS.stat().st_size < 4096
