# SPDX-License-Identifier: Apache-2.0
"""Problem codes of the records themselves: fields, references, dates, people, figures."""

from __future__ import annotations

from site_builder.codes.rule import Rule

CONTENT = (
    Rule(
        "FD001",
        "Unknown key",
        "Every key is known to the schema; a mistyped one would be silently ignored otherwise.",
        "titel: Reading student work",
    ),
    Rule("FD002", "Missing key", "A key without which the record makes no sense is not there."),
    Rule(
        "FD003",
        "Value of the wrong kind",
        "The value is not what this key takes: a date is YYYY-MM-DD, a version MAJOR.MINOR.PATCH, "
        "a number has no quotes.",
        "issued: 14.3.2016",
    ),
    Rule(
        "FD004",
        "Key that is not written in the file",
        "The file name is the id and the folder says the kind, so that the two can never disagree.",
        "id: looking-at-student-work",
    ),
    Rule(
        "IS001",
        "Default language not offered",
        "`language` must be one of `languages`.",
        "language: fr\nlanguages: [en, es]",
    ),
    Rule(
        "IS002",
        "Base URL with an ending",
        "Every published address is `base_url` plus a path, for ever, so it holds no slash at the "
        "end and no query.",
        "base_url: https://badges.example.org/",
    ),
    Rule("IS003", "Organisation twice", "Each organisation in issuer.yml has an id of its own."),
    Rule(
        "IS004",
        "No issuer",
        "A catalog needs `catalog/issuer.yml`: who issues, and the address every published URL "
        "starts with.",
    ),
    Rule(
        "FW001",
        "Area without competencies",
        "An area that holds nothing cannot be browsed or earned.",
    ),
    Rule(
        "FW002",
        "Area or competency id twice",
        "Area and competency ids are unique over all frameworks: they are addresses.",
    ),
    Rule(
        "FW003",
        "Competency that nothing proves",
        "A published competency that no credential proves raises a hope nobody can meet.",
        severity="warning",
    ),
    Rule(
        "CR001",
        "Unknown competency",
        "The competency is in no framework.",
        "competencies: [loking-at-student-work]",
    ),
    Rule(
        "CR002",
        "Not exactly one competency",
        "A micro-credential is one specific skill; several make a stack.",
    ),
    Rule(
        "CR003",
        "Incomplete micro-credential",
        "What is offered must say its rubric, its evidence and the hours it takes; what is "
        "retired, since when.",
    ),
    Rule(
        "CR004",
        "Rubric that does not fit itself",
        "Levels, criteria, descriptors and evidence items must refer to each other without gaps "
        "or doubles.",
    ),
    Rule("CR005", "Unknown prerequisite", "A prerequisite leads nowhere."),
    Rule(
        "CR006",
        "Version and file name disagree",
        "`<slug>.yml` is the current version; `<slug>@<version>.yml` are earlier ones.",
    ),
    Rule(
        "CR007",
        "Awarded version changed",
        "A version that has been awarded never changes what it asks: people hold it. Translations "
        "may be added.",
    ),
    Rule("CR008", "Unknown organisation", "The organisation is not in issuer.yml."),
    Rule("CR009", "Unknown image", "The image is not in catalog/images."),
    Rule(
        "CR010",
        "Unknown pathway of a completion",
        "A completion credential names a pathway that does not exist.",
    ),
    Rule(
        "CR011",
        "Old name in use",
        "An alias keeps an old address alive; it may lead to one thing only.",
    ),
    Rule(
        "CR012",
        "Image that is more than a picture",
        "An image is shown to everybody and can be opened directly: a drawing holds shapes and "
        "text only, without styles, comments and anything from outside; a picture no metadata.",
    ),
    Rule(
        "PW001",
        "Unknown name in a rule",
        "A pathway's rule names something that does not exist.",
        "requires: {all_of: [{credential: team-norm}]}",
    ),
    Rule("PW002", "Pathway in a circle", "A pathway that requires itself can never be met."),
    Rule(
        "PW003",
        "Rule nobody can meet",
        "The rule asks for more than there is.",
        "requires: {at_least: 5, of: {tag: engage}}",
    ),
    Rule(
        "PW004",
        "Not a completion credential",
        "`completion_credential` names a credential of `class: completion`.",
    ),
    Rule("PW005", "Unknown role", "The pathway leads to a role that has no file."),
    Rule(
        "PW006",
        "List changed without a new version",
        "People started on this version of the pathway; what it asks may change in a new version "
        "only.",
    ),
    Rule(
        "PW007",
        "Hours do not fit the window",
        "The typical hours need more than three hours a school week (36 weeks a year). Eighteen "
        "micro-credentials in one year was called daunting, and two of ten finished. `accept:` "
        "with a reason turns the warning into a note.",
        severity="warning",
    ),
    Rule(
        "PW008",
        "List not kept",
        "A pathway that a programme pins keeps in `members:` what its areas and tags stood for.",
    ),
    Rule(
        "PW009",
        "Pathway version and file name disagree",
        "`<slug>@<version>.yml` holds that version.",
    ),
    Rule(
        "RL001",
        "Unknown name in a way to qualify",
        "A role's way refers to something that does not exist.",
    ),
    Rule(
        "RL002",
        "Role implies itself or an unknown role",
        "`implies` names other roles one also qualifies for.",
    ),
    Rule("RL003", "Way that says nothing", "A way to qualify has a rule, a text, or both."),
    Rule("PR001", "Unknown pathway version", "A programme pins `pathway@version`."),
    Rule(
        "PR002",
        "Programme ends before it starts",
        "Figures are counted as of the last day, so the dates must be right.",
    ),
    Rule("PR003", "Cohort twice", "Each cohort of a programme has an id of its own."),
    Rule("PR004", "Unknown next programme", "`next.program` has no file."),
    Rule("PR005", "Unknown partner organisation", "The organisation is not in issuer.yml."),
    Rule(
        "PR006",
        "Unknown school",
        "A cohort counts participants of a school the partner does not list.",
    ),
    Rule(
        "TE001",
        "Handle taken",
        "A handle is the address of one person's backpack; it is unique, also in other capitals "
        "or forms, and not the name of another page.",
    ),
    Rule(
        "TE002",
        "Shown more widely than agreed",
        "Nothing about a person is published without a recorded consent that covers it.",
    ),
    Rule(
        "TE003",
        "Collection of what is not theirs",
        "A collection lists issued awards of the same person.",
    ),
    Rule("TE004", "Public without a handle", "A public backpack needs a handle for its address."),
    Rule(
        "TE005",
        "E-mail address in what a teacher shows",
        "A name, its sort form, a handle and titles of collections are published. The address "
        "itself is not told here, for logs are public.",
    ),
    Rule(
        "TE006",
        "Registration ends before it begins",
        "The registration period is counted from `from` to `until`.",
    ),
    Rule(
        "TE007",
        "Consent with a date that cannot be",
        "A consent is given on a day from 1990-01-01 to 2100-01-01, and withdrawn later, if ever.",
    ),
    Rule(
        "SP001",
        "Private matter in a public repository",
        "File names and history of a public repository can be read by anybody. Feedback, notes, "
        "private evidence, identity hashes and people who are not public belong in a private one.",
    ),
    Rule("AW001", "Unknown teacher", "The award names a teacher who has no file."),
    Rule(
        "AW002",
        "Unknown programme or cohort",
        "The award names a programme or cohort that does not exist.",
    ),
    Rule(
        "AW003",
        "Unknown credential",
        "The award names a credential that has no file.",
        "credential: anlysing-results@1.0.0",
    ),
    Rule("AW004", "Unknown credential version", "The award pins a version that has no file."),
    Rule(
        "AW005",
        "Issued out of time",
        "An award is issued while its credential version is in force.",
    ),
    Rule(
        "AW006",
        "Wrong expiry",
        "An award expires exactly the credential's validity after its issue, or not at all.",
    ),
    Rule(
        "AW007",
        "Dates of rounds out of order",
        "A round is submitted, then decided; the next one follows a decision that returned the "
        "work, and the award comes last.",
    ),
    Rule(
        "AW008",
        "Award without a met round",
        "The last review round of an award has the outcome `met`.",
    ),
    Rule(
        "AW009",
        "Criterion below the pass rule",
        "In the last round every criterion reaches the pass level in every score.",
    ),
    Rule(
        "AW010",
        "Returned without feedback",
        "Work that is returned says for each criterion not met what would meet it.",
    ),
    Rule("AW011", "Unknown level", "The rubric of the pinned version has no such level."),
    Rule(
        "AW012", "Prerequisite not met", "A required prerequisite was not held on the day of issue."
    ),
    Rule(
        "AW013",
        "State that does not fit its date or reason",
        "A state other than active says when, and for suspended and revoked awards why. The "
        "reason is public. Keys of another state are refused, for one of the two is a mistake.",
    ),
    Rule(
        "AW014",
        "Award shown more widely than its teacher",
        "An award may be narrower than its teacher's choice, never wider.",
    ),
    Rule(
        "AW015",
        "Evidence shown without consent",
        "Evidence is published only with a consent that covers evidence.",
    ),
    Rule(
        "AW016",
        "Same credential twice",
        "One person holds one active award of a credential; a renewal says which award it renews.",
    ),
    Rule(
        "AW017",
        "Status index taken",
        "Each award has a place of its own in a status list; two awards in one place could not be "
        "told apart.",
    ),
    Rule("AW018", "File in the wrong folder", "Awards lie in awards/<school-year>/<program>/."),
    Rule(
        "AW019",
        "Unknown other award",
        "`renews` and `status.by` name another issued award of the same person and credential; a "
        "renewed one was issued on an earlier day.",
    ),
    Rule(
        "AW020",
        "Award without its marks",
        "An issued award carries the hash of its criteria, a salt and its place in a status list.",
    ),
    Rule("AW022", "Unknown criterion", "The rubric of the pinned version has no such criterion."),
    Rule(
        "AW023",
        "Evidence nobody asked for",
        "Evidence belongs to an evidence item of the credential.",
    ),
    Rule("AW024", "Status index out of range", "A status list has 131,072 places."),
    Rule(
        "AW025",
        "Level that the scores do not bear",
        "The level of an award is the pass level or a higher one, and in the last round every "
        "criterion has it, or a higher one, in at least one score.",
        "level: leading",
    ),
    Rule(
        "FG001",
        "Published figure no longer holds",
        "A figure that is public elsewhere is recounted in every check; a record was added or "
        "lost, or the figure is wrong.",
    ),
    Rule("FG002", "Figure that is not counted", "No figure of this name is counted here."),
    Rule(
        "FG003",
        "Typed and counted figures contradict",
        "What was typed cannot be true together with what is counted.",
    ),
    Rule(
        "SG001",
        "Text that cannot be signed",
        "A signature covers addresses that are whole and texts without control characters. Found "
        "while signing; nothing is published then.",
    ),
    Rule(
        "TX001",
        "Text with markup that would be removed",
        "Texts are plain Markdown: paragraphs, lists, quotations, emphasis, code and links. HTML, "
        "headings, pictures, rules, blocks of code and links to anything but web addresses are "
        "refused rather than silently removed.",
    ),
    Rule(
        "NM001",
        "Person named in a text",
        "Names and e-mail addresses belong in the person's own file only, where they can be "
        "changed or removed. In reasons and in evidence also parts of the earner's name count, "
        "from four letters on.",
        severity="warning",
    ),
    Rule(
        "I18001",
        "Texts without a translation",
        "They are shown in the default language, marked as such.",
        severity="note",
    ),
)
