// SPDX-License-Identifier: Apache-2.0
// Whether a badge holds: the verifier of the pages, twin of site_builder/verify. Nothing is thrown
// for anything a file may hold: everything is in the Report. Opens no connection by itself; who calls
// says how a URL is read. `words` are those of words.json, by which a page labels what it shows.

import { Vendored } from "./contexts.js";
import { isSupported } from "./keys.js";
import { Memory, Run } from "./memory.js";
import { unbake as badgesIn } from "./picture.js";
import { finding, report, words } from "./report.js";
import { Verdict } from "./verdict.js";

export { isSupported, Memory, words };

const files = new WeakMap(); // one set of vendored files for each `asset` a page hands in

/**
 * The verdict on a credential: JSON, a token (JWT), or a picture that holds one.
 *
 * bytes      the file as it is, a Uint8Array
 * now        a Date that counts as now
 * fetch      async url => Uint8Array; throws an Error whose message says why it could not
 * asset      async name => Uint8Array of a file of this site, such as "contexts/did-v1.json"
 * readFrom   the URL it was read from, after redirects; null for a file
 * recipient  name or e-mail address of who it should be about; null for nobody
 * memory     a Memory kept between calls of one run, so that an issuer is asked once
 */
export async function verify(
  bytes,
  { now = new Date(), fetch, asset, readFrom = null, recipient = null, memory = new Memory() },
) {
  if (!files.has(asset)) files.set(asset, new Vendored(asset));
  const run = new Run({ now, fetch, memory, vendored: files.get(asset) });
  return new Verdict(run, readFrom, recipient).of(bytes);
}

/** The verdict on a URL that could not be loaded. */
export function unreachable(url, why, now = new Date()) {
  return report({ checks: [finding("file.unreachable", { url, why })], now, readFrom: url });
}

const PAGE =
  /^(https?:\/\/[^/?#]+\/(?:[^?#]*?\/)??)(?:([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\/)?((?:awards|backpacks)\/[^/?#]+)\.html$/;

/** Where the badge of an award's or backpack's page lies, best first; the URL itself for others. */
export function addressesOfPage(url) {
  const found = PAGE.exec(url.replace(/[?#].*$/s, ""));
  if (found === null) return [url];
  const [, base, language, path] = found;
  const folders = language ? [`${base}${language}/`, base] : [base];
  return folders.flatMap((one) => [`${one}${path}.json`, `${one}${path}.ob2.json`]);
}

/** The badge in a picture that counts, as {kind, text}; null where it has none. Throws an Error. */
export function unbake(bytes) {
  const found = badgesIn(bytes);
  const byKind = (kind) => found.find((one) => one.kind === kind);
  return byKind("ob3") || byKind("clr") || byKind("ob2") || null;
}
