// SPDX-License-Identifier: Apache-2.0
// Checks credentials on this device. Loaded when somebody asks for a check; loads the verifier
// beside it at the first one. Says nothing itself about a credential: every word of a verdict comes
// from the verifier's Report. Reads other hosts only where a click named them; keeps nothing, sends
// nothing, leads nowhere.

import { counted, every, finding, icon, lines, made, now, speak, told } from "./report.js";

export const LIMIT = 5 * 1024 * 1024; // bytes; more is no badge
const HERE = new URL("./", import.meta.url);
const PATIENCE = 15000; // ms for one answer
// A page for people: its site, the folder of its language, its path without the extension.
const PAGE = /^(https?:\/\/[^/?#]+\/(?:[^?#]*?\/)??)(?:([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\/)?((?:awards|backpacks)\/[^/?#]+)\.html$/;
const LOCAL = ["localhost", "127.0.0.1", "[::1]"];

// ---- the verifier --------------------------------------------------------------------------

let verifier = null;

/** The verifier's module; an Error with a sentence where it cannot be had. */
export async function loaded() {
  if (!globalThis.crypto || !crypto.subtle) {
    throw new Error("This browser lets a page check signatures only over https, and this page came another way.");
  }
  verifier = verifier || import("./verify.js");
  try {
    const module = await verifier;
    speak(module.words);
    return module;
  } catch {
    verifier = null; // the next click tries again
    throw new Error("The verifier of this site could not be loaded. Without it no signature can be checked here.");
  }
}

/** A file of the verifier's own, such as `contexts/credentials-v2.json`. */
function asset(name) {
  return fetched(new URL(name, HERE), "default");
}

/** The bytes at an address; an Error that says why not, with `status` where a host answered. */
async function fetched(url, cache = "no-store") {
  let answer;
  try {
    answer = await fetch(url, {
      cache, credentials: "omit", referrerPolicy: "no-referrer", redirect: "error",
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch (error) {
    const isLate = error.name === "TimeoutError";
    throw new Error(isLate ? "no answer within 15 seconds" : "no answer that this page may read");
  }
  if (!answer.ok) {
    throw Object.assign(new Error(`${url.host} answered ${answer.status}`), { status: answer.status });
  }
  return limited(answer);
}

/** The body of an answer, read no further than a badge can be long. */
async function limited(answer) {
  const reader = answer.body.getReader();
  const parts = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) { break; }
    parts.push(value);
    size += value.length;
    if (size > LIMIT) {
      await reader.cancel();
      break; // the verifier says that it is too big
    }
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** A fetcher that reads the hosts of `allowed` alone, and notes in `wanted` which others it was asked for. */
export function reader(allowed, wanted) {
  return async (address) => {
    let url;
    try {
      url = new URL(address);
    } catch {
      throw new Error("it is no address");
    }
    url.hash = "";
    const isOwn = url.origin === location.origin;
    if (url.protocol !== "https:" && !isOwn) { throw new Error("only https addresses are read"); }
    if (!isOwn && !allowed.has(url.host)) {
      wanted.add(url.host);
      throw new Error(`nothing was read from ${url.host}, as nobody has asked for it yet`);
    }
    return fetched(url);
  };
}

/**
 * Where the badge of an award's or backpack's page lies, best first; the address itself for others.
 * Pages stand once for each language below its name, badges once for all. As the Python twin reads it.
 */
function filesOf(address) {
  const bare = address.split("#")[0];
  const found = PAGE.exec(bare.split("?")[0]);
  if (!found) { return [bare]; }
  const [, base, language, path] = found;
  const folders = language ? [`${base}${language}/`, base] : [base];
  return folders.flatMap((one) => [".json", ".ob2.json"].map((end) => one + path + end));
}

/** A Report in place of one that a fault of ours kept from being made. */
function stopped(given) {
  return {
    overall: "could not be fully checked", headline: "Not checked", look: "unchecked", kind: "", id: null, title: null,
    issuer: null, issuer_id: null, host: null, holder: null, issued: null, until: null, read_from: given.url || null,
    checked: new Date().toISOString(), parts: [],
    checks: [{ check: "file", label: "Readable", code: "", state: "not checked", why: "The check stopped at a fault of this page, so nothing was found." }],
  };
}

/** What was found; a fault of ours is shown as such and stays in the console. */
export async function surely(given, fetcher, memory) {
  try {
    return await judged(given, fetcher, memory);
  } catch (error) {
    console.error(error);
    return stopped(given);
  }
}

/** What was found about one thing given, {name, url} or {name, bytes}. */
async function judged(given, fetcher, memory) {
  const { verify, unreachable } = await loaded();
  let bytes = given.bytes && (await given.bytes());
  let readFrom = null;
  let missing = null;
  for (const address of given.url ? filesOf(given.url) : []) {
    readFrom = address;
    try {
      bytes = await fetcher(address);
      break;
    } catch (error) {
      missing = error;
      if (error.status !== 404) { break; }
    }
  }
  if (!bytes) { return unreachable(readFrom, missing.message); }
  return verify(bytes, { now: new Date(), fetch: fetcher, asset, readFrom, memory });
}

// ---- the award page ------------------------------------------------------------------------

/** Checks the signed file beside an award page and shows what was found in its panel. */
export async function checkAward(panel) {
  const title = panel.dataset.title || (panel.dataset.title = document.title);
  panel.dataset.asked = ""; // the quick look at the hosted record no longer writes here
  const own = new URL(panel.dataset.signed, location.href);
  const home = new URL(panel.dataset.signedUrl);
  try {
    await loaded();
  } catch (error) {
    fill(panel, "unchecked", "Not checked", [error.message, " Use the steps below, or another verifier."]);
    return;
  }
  const report = await surely({ url: own.href }, reader(new Set(), new Set()), undefined);
  const isCopy = home.host !== location.host;
  const sentence = [...finding(report), `Checked in your browser on ${now()}.`];
  if (isCopy) { // a copy can say anything: what it says is not put as the issuer's word
    const word = LOCAL.includes(location.hostname) ? "Preview on this computer" : "Issuer not known here";
    fill(panel, "notice", word, [`This page is served from ${location.host || "a file"}, but the credential names ${home.host}. `,
      made("a", { href: home.href.replace(/\.json$/, ".html") }, "Open it there"), " to check it."]);
  } else {
    fill(panel, report.look, report.headline, sentence);
  }
  panel.querySelector(".checks").replaceChildren(...lines(report));
  panel.querySelectorAll(".every, .tally").forEach((one) => one.remove());
  panel.append(made("p", { class: "tally" }, counted(report)), every(report, false));
  document.title = `${panel.querySelector(".band h2").textContent}: ${title}`;
}

function fill(panel, look, word, sentence) {
  panel.className = `verdict s-${look}`;
  panel.querySelector(".band .icon").replaceWith(icon(look));
  panel.querySelector(".band h2").replaceChildren(...told(word));
  panel.querySelector(".band p").replaceChildren(...sentence);
}

// ---- pictures made on click ----------------------------------------------------------------

/** Puts an award's files into its badge and hands the picture over. */
export async function bake(button) {
  const { bakePng, bakeSvg } = await import("./bake.js");
  const read = (path) => fetched(new URL(path, location.href), "default");
  const text = async (path) => (path ? new TextDecoder().decode(await read(path)).trim() : undefined);
  const { bake: kind, plain, ob3, ob2, name } = button.dataset;
  const picture = kind === "svg"
    ? bakeSvg(new TextDecoder().decode(await read(plain)), await text(ob3))
    : await bakePng(await read(plain), { ob2: await text(ob2), ob3: await text(ob3) });
  handOver(picture, name, kind === "svg" ? "image/svg+xml" : "image/png");
}

export function handOver(body, name, type) {
  const address = URL.createObjectURL(new Blob([body], { type }));
  made("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}
