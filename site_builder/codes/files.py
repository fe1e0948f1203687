# SPDX-License-Identifier: Apache-2.0
"""Codes of reading: files, folders and YAML text."""

from __future__ import annotations

from site_builder.codes.rule import Rule

YAML = (
    Rule(
        "YM001",
        "Not UTF-8",
        "Every file is UTF-8 text. Save the file again with the encoding UTF-8.",
    ),
    Rule(
        "YM002",
        "File too large",
        "A YAML file may have at most 1 MB (1,048,576 bytes); ours have a few kilobytes.",
    ),
    Rule("YM003", "Empty file", "A file has at least one `key: value`; delete it if unwanted."),
    Rule(
        "YM004",
        "Several documents",
        "One file holds one record. A second `---` starts another document.",
        "title: One\n---\ntitle: Two",
    ),
    Rule(
        "YM005",
        "Not a mapping",
        "The top of a file is a list of `key: value` lines, not a list and not a single text.",
        "- title: One",
    ),
    Rule(
        "YM006",
        "Tab character",
        "YAML programs disagree about tabs, so only spaces are accepted. "
        'A tab inside a text is written as \\t in double quotes: "a\\tb".',
    ),
    Rule(
        "YM007",
        "Not valid YAML",
        "The text cannot be read as YAML from this place on. Often a quote or a bracket is not "
        "closed, a line is indented by a different number of spaces, or a text that contains "
        "`: ` or starts with a sign needs quotes.",
        "title: Reading: a first look",
    ),
    Rule(
        "YM008",
        "Anchor",
        "`&name` marks a value for reuse elsewhere. Write the value out where it is needed, so "
        "that a reviewer sees the whole record in one place. A text that starts with & needs "
        "quotes.",
        "title: &t Reading",
    ),
    Rule(
        "YM009",
        "Alias",
        "`*name` repeats a marked value. Write the value out. A text that starts with * needs "
        "quotes.",
        "title: *t",
    ),
    Rule(
        "YM010",
        "Tag",
        "`!name` asks for a special type. Types are decided by the field. A text that starts "
        "with ! needs quotes.",
        "title: !!str 2016",
    ),
    Rule(
        "YM011",
        "Merge key",
        "`<<` copies another mapping in. Write the fields out.",
        "<<: {title: Reading}",
    ),
    Rule(
        "YM012",
        "Directive",
        "A line such as `%YAML 1.2` before the record is not needed. Delete it.",
        "%YAML 1.2\n---\ntitle: Reading",
    ),
    Rule(
        "YM013",
        "Key is not text",
        "A key that YAML reads as a number, as true or null, as a list or as a mapping is put in "
        "quotes, so that all programs see the same key.",
        "answers: {2015: 3}",
    ),
    Rule(
        "YM014",
        "Duplicate key",
        "The same key stands twice in one mapping. Most programs silently keep the last one.",
        "title: One\ntitle: Two",
    ),
    Rule("YM015", "Nested too deeply", "Values may be nested 32 levels deep; ours need about 8."),
    Rule(
        "YM016",
        "Forbidden character",
        "Control characters, line separators, direction overrides and tag characters are "
        "invisible or change how a line is shown, so a reviewer could not see what is there.",
    ),
    Rule(
        "YM017",
        "Spelling of true, false or null",
        "Only `true`, `false` and `null` in small letters are these values. A text that looks "
        "like one of them is put in quotes.",
        "multiple: True",
    ),
    Rule(
        "YM018",
        "Missing value",
        "Nothing stands after the colon or dash. Write the value, write null where nothing is "
        "meant, or delete the line.",
        "title:",
    ),
    Rule(
        "YM019",
        "Number in an unusual form",
        "Programs read this form in different ways. Write a plain whole number of at most 15 "
        "digits, or put it in quotes when it is a text such as an identifier.",
        "id: 0x1F",
    ),
)

SOURCES = (
    Rule(
        "SR001",
        "Link or special file",
        "Only ordinary files and folders are read; links could lead out of the repository.",
    ),
    Rule("SR002", "File name ends in .yaml", "All records end in `.yml`. Rename the file."),
    Rule(
        "SR003",
        "File in an unexpected place",
        "Only the files of the layout are read; this one would be silently left out.",
    ),
    Rule(
        "SR004",
        "File that is not read",
        "A file of another type lies among the records. It is left out.",
        severity="warning",
    ),
    Rule(
        "SR005",
        "File name is not a valid id",
        "The file name is the id. Catalog ids are small letters, digits and hyphens; teacher and "
        "award ids are 26 characters, drawn at random, never made from a name.",
        "catalog/credentials/Team Norms.yml",
    ),
    Rule(
        "SR006",
        "Names differ only in case",
        "Two names that differ only in capitals or in how accents are stored are one file on "
        "many computers.",
    ),
    Rule("SR007", "File too large", "A record or picture may have at most 1 MB."),
    Rule(
        "SR008",
        "Reserved name",
        "Some computers and web servers give this name a meaning of its own.",
        "catalog/credentials/con.yml",
    ),
    Rule(
        "SR009",
        "Folder in an unexpected place",
        "Only the folders of the layout are read; what is in this one would be left out.",
    ),
)
