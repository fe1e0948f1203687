// SPDX-License-Identifier: Apache-2.0
// Verdicts of the browser's verifier, in Node and without a network.
//
//     node run.mjs BUNDLE BUILDER
//
// BUNDLE is verify.js, BUILDER the folder site_builder with contexts and schemas. Reads one JSON object:
//   now      date-time that counts as now
//   web      {url: base64} what the web holds
//   cases    [{data (base64), web, from, recipient}]; `web` comes before the other, and null is a 404
//   files    {name: base64 or null}: files of the site that are others, or are missing
//   without  name of an algorithm WebCrypto shall not know
// Writes {verdicts, times}: a Report for each case, and milliseconds.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { webcrypto } from "node:crypto";

globalThis.crypto ??= webcrypto; // not a global yet in Node.js 18

const [bundle, builder] = process.argv.slice(2);
// As data, since Node.js 18 takes a file named .js for something else than a module.
const source = readFileSync(bundle).toString("base64");
const { verify, Memory } = await import(`data:text/javascript;base64,${source}`);
const asked = JSON.parse(readFileSync(0, "utf8"));
const now = new Date(asked.now);
const bytes = (text) => new Uint8Array(Buffer.from(text, "base64"));
const shared = new Memory();

if (asked.without !== undefined) {
  const importKey = crypto.subtle.importKey.bind(crypto.subtle);
  crypto.subtle.importKey = async (format, key, how, ...more) => {
    if (how.name === asked.without) throw new DOMException("unknown", "NotSupportedError");
    return importKey(format, key, how, ...more);
  };
}

const asset = async (name) => {
  const other = (asked.files || {})[name];
  if (other === null) throw new Error("there is no such file");
  if (other !== undefined) return bytes(other);
  const path = name.startsWith("schemas/") ? `verify/${name}` : name;
  return new Uint8Array(readFileSync(join(builder, path)));
};

function fetcher(web) {
  return async (url) => {
    const found = Object.hasOwn(web, url) ? web[url] : asked.web[url];
    if (found === undefined || found === null) throw new Error("there is nothing at that address");
    return bytes(found);
  };
}

async function judged(one) {
  return verify(bytes(one.data), {
    now,
    fetch: fetcher(one.web || {}),
    asset,
    readFrom: one.from,
    recipient: one.recipient,
    memory: one.web ? new Memory() : shared,
  });
}

const verdicts = [];
const times = [];
for (const one of asked.cases) {
  const start = performance.now();
  verdicts.push(await judged(one));
  times.push(performance.now() - start);
}
process.stdout.write(JSON.stringify({ verdicts, times }));
