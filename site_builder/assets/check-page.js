// SPDX-License-Identifier: Apache-2.0
// The page for checking: links, texts, files, pictures, one or up to 500. Never leads elsewhere;
// reads another host only after a click that names it.

import { handOver, LIMIT, loaded, reader, surely } from "./check.js";
import { about, chip, counted, every, finding, icon, lines, made, now, said, told } from "./report.js";

const SITE = new URL("../../", import.meta.url);
const MOST = 500; // links or files at once
const AT_ONCE = 4;
const AWARD_ID = /^[0-9a-hjkmnp-tv-z]{26}$/; // as ids.py mints them

const allowed = new Set(); // hosts somebody clicked on, until the page is left

/** One thing to check for each link or id; null where a text is none of these. */
function linked(text) {
  if (AWARD_ID.test(text)) { return { name: text, url: new URL(`awards/${text}.html`, SITE).href }; }
  if (!/^https?:\/\/[^\s]+$/i.test(text)) { return null; }
  try {
    return { name: text, url: new URL(text).href };
  } catch {
    return null;
  }
}

/** What to check in a text: links one to a line, else the text itself as a file. */
function givenIn(text) {
  const rows = text.split(/\s+/).filter(Boolean);
  const links = rows.map(linked);
  if (rows.length && links.every(Boolean)) { return links; }
  return [{ name: "Pasted text", bytes: async () => new TextEncoder().encode(text) }];
}

function fileGiven(file) {
  return { name: file.name, bytes: async () => new Uint8Array(await file.slice(0, LIMIT + 1).arrayBuffer()) };
}

function hostsOf(givens) {
  const hosts = givens.filter((one) => one.url && new URL(one.url).origin !== location.origin).map((one) => new URL(one.url).host);
  return [...new Set(hosts)].filter((one) => !allowed.has(one));
}

class CheckPage {
  constructor(form) {
    this.form = form;
    this.result = document.querySelector("#result"); // told politely, so it holds the verdict alone
    this.more = document.querySelector("#more");
    this.status = form.querySelector("[role=status]");
    this.run = 0; // a newer check silences an older one
  }

  start() {
    document.querySelectorAll("[data-without]").forEach((one) => { one.hidden = true; });
    this.form.hidden = false;
    const [text, file] = [this.form.querySelector("textarea"), this.form.querySelector("input[type=file]")];
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (text.value.trim()) { this.check(givenIn(text.value.trim())); } else { this.say("Paste a link or a text first, or choose a file."); text.focus(); }
    });
    text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && linked(text.value.trim())) {
        event.preventDefault();
        this.form.requestSubmit();
      }
    });
    file.addEventListener("change", () => {
      this.check([...file.files].map(fileGiven));
      file.value = ""; // the same file can be chosen again
    });
    this.takeDrops();
    window.addEventListener("hashchange", () => this.fromAddress());
    this.fromAddress();
  }

  /** A file let fall anywhere is checked, never opened in place of the page. */
  takeDrops() {
    const zone = this.form.querySelector(".drop");
    document.addEventListener("dragover", (event) => {
      event.preventDefault();
      zone.classList.add("over-it");
    });
    document.addEventListener("dragleave", () => zone.classList.remove("over-it"));
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      zone.classList.remove("over-it");
      const { files } = event.dataTransfer;
      const text = event.dataTransfer.getData("text/plain").trim();
      if (files.length) { this.check([...files].map(fileGiven)); } else if (text) { this.check(givenIn(text)); }
    });
  }

  /** What stands after # in the address: a link or an award's id. */
  fromAddress() {
    const anchor = location.hash.slice(1);
    if (!anchor || document.getElementById(anchor)) { return; }
    let text = anchor;
    try {
      text = decodeURIComponent(anchor);
    } catch {
      // not encoded: as it stands
    }
    const one = linked(text.trim());
    if (!one) {
      this.say("What stands after # in the address is neither a link nor the id of an award.");
      return;
    }
    this.form.querySelector("textarea").value = text.trim();
    this.check([one]);
  }

  say(words) {
    this.status.textContent = words;
  }

  async check(givens) {
    this.run += 1;
    const mine = this.run;
    this.result.replaceChildren();
    this.more.replaceChildren();
    if (!givens.length) { return; }
    if (givens.length > MOST) {
      this.say(`That is ${givens.length}. Up to ${MOST} can be checked at once; nothing was checked.`);
      return;
    }
    const hosts = hostsOf(givens);
    if (hosts.length) {
      this.say("");
      this.ask(hosts, givens, "Nothing has been read yet.");
      return;
    }
    try {
      await loaded();
    } catch (error) {
      this.say("");
      this.result.replaceChildren(this.panel("unchecked", "Not checked", [error.message, " Other ways to check stand below."]));
      return;
    }
    if (givens.length === 1) { await this.one(givens[0], mine); } else { await this.many(givens, mine); }
  }

  async one(given, mine) {
    this.say("Checking.");
    const wanted = new Set();
    const report = await surely(given, reader(allowed, wanted), undefined);
    if (mine !== this.run) { return; }
    this.say("");
    const shown = this.panel(report.look, report.headline,
      [...about(report), ...finding(report), `Checked on this device on ${now()}.`]);
    shown.append(made("ul", { class: "checks" }, ...lines(report)), made("p", { class: "tally" }, counted(report)));
    this.result.replaceChildren(shown);
    if (wanted.size) { this.ask([...wanted], [given], "The check is not finished."); }
    this.more.append(every(report, true));
    this.title = this.title || document.title;
    document.title = `${shown.querySelector("h2").textContent}: ${this.title}`;
  }

  panel(look, word, sentence) {
    return made("section", { class: `verdict s-${look}`, "aria-labelledby": "vd" }, made("div", { class: "band" }, icon(look),
      made("div", {}, made("h2", { id: "vd" }, ...told(word)), made("p", {}, ...sentence))));
  }

  /** Names other hosts; only the click reads from them. */
  ask(hosts, givens, before) {
    const one = hosts.length === 1;
    const button = made("button", { type: "button", class: "btn" }, one ? `Read from ${hosts[0]}` : `Read from these ${hosts.length} hosts`);
    button.addEventListener("click", () => {
      hosts.forEach((host) => allowed.add(host));
      this.check(givens);
    });
    const named = made("ul", {}, ...hosts.map((host) => made("li", { class: "mono", dir: "ltr" }, host)));
    this.more.append(made("div", { class: "panel ask" }, made("h2", {}, one ? `Read from ${hosts[0]}?` : `Read from ${hosts.length} hosts?`),
      made("p", {}, `${before} What is needed stands at ${one ? "another host than this page" : "other hosts than this page"}. Reading it tells that host the address of your device, and that somebody asked.`),
      one ? null : named, button));
    if (before.startsWith("Nothing")) { button.focus(); }
  }

  async many(givens, mine) {
    const wanted = new Set();
    const fetcher = reader(allowed, wanted);
    const { Memory, words } = await loaded();
    const memory = new Memory(); // an issuer is asked once for all of them
    const rows = givens.map((one) => this.row(one));
    const table = made("table", { class: "many" },
      made("caption", {}, "What was found, in the order given"),
      made("thead", {}, made("tr", {}, ...["Given", "Verdict", "Credential", "Issued to", "What was found"].map((one) => made("th", { scope: "col" }, one)))),
      made("tbody", {}, ...rows));
    const save = made("button", { type: "button", class: "btn btn--quiet", hidden: "" }, icon("down"), "Save as a table (CSV)");
    this.more.replaceChildren(made("div", { class: "btns first" }, save),
      made("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Verdicts" }, table));
    const reports = [];
    const waiting = givens.map((one, place) => [one, place]);
    let done = 0;
    const work = async () => {
      for (let next = waiting.shift(); next && mine === this.run; next = waiting.shift()) {
        const [one, place] = next;
        reports[place] = await surely(one, fetcher, memory);
        this.fillRow(rows[place], reports[place]);
        done += 1;
        if (mine === this.run && (done % 10 === 0 || givens.length <= 10)) { this.say(done < givens.length ? `Checked ${done} of ${givens.length}.` : ""); }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    if (mine !== this.run) { return; }
    this.say(tally(words, reports));
    save.hidden = false;
    save.addEventListener("click", () => handOver(csv(words, givens, reports), "verdicts.csv", "text/csv;charset=utf-8"));
    if (wanted.size) { this.ask([...wanted], givens, "Some checks are not finished."); }
  }

  row(given) {
    return made("tr", {}, made("th", { scope: "row", class: "mono", dir: "ltr" }, given.name), made("td", {}, chip("unchecked", "Not checked yet")),
      made("td"), made("td"), made("td"));
  }

  fillRow(row, report) {
    const first = report.checks.find((one) => one.state === "failed") || report.checks.find((one) => one.state === "not checked");
    const [, verdict, title, holder, found] = row.children;
    verdict.replaceChildren(chip(report.look, report.headline));
    title.replaceChildren(made("bdi", {}, report.title || report.kind || ""));
    holder.replaceChildren(report.holder ? made("bdi", {}, report.holder) : "Not named");
    found.replaceChildren(...told(first ? first.why : counted(report)));
  }
}

function tally(words, reports) {
  const parts = Object.keys(words.overall).map((overall) => [overall, reports.filter((one) => one.overall === overall).length]);
  return `${reports.length} checked: ${parts.filter((one) => one[1]).map((one) => `${one[1]} ${one[0]}`).join(", ")}.`;
}

/** The verdicts as a table for spreadsheets, as `badges verify --csv` writes it; no cell starts a formula. */
function csv(words, givens, reports) {
  const cell = (value) => {
    const text = String(value || "").replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").replace(/[\u202a-\u202e\u2066-\u2069]/g, "");
    return `"${(/^\s*[=+\-@]/.test(text) ? `'${text}` : text).replace(/"/g, '""')}"`;
  };
  const names = Object.keys(words.checks);
  const head = ["file", "verdict", "headline", "why", "issued to", "title", "issuer", "issuer id", "issued", "until", "kind", "id",
    ...names.map((one) => `check: ${words.checks[one]}`)];
  const rows = reports.map((one, place) => {
    const bad = one.checks.filter((check) => ["failed", "not checked"].includes(check.state));
    const states = names.map((name) => one.checks.find((check) => check.check === name)).map((check) => (check ? said(check) : ""));
    return [givens[place].name, one.overall, one.headline, bad.map((check) => check.why).join(" "), one.holder, one.title,
      one.issuer, one.issuer_id, one.issued, one.until, one.kind, one.id, ...states];
  });
  return `\ufeff${[head, ...rows].map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

const form = document.querySelector("form[data-checks]");
if (form) { new CheckPage(form).start(); }
