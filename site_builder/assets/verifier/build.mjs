// SPDX-License-Identifier: Apache-2.0
// Makes site_builder/assets/verify.js, the same bytes everywhere; see build.sh, which runs it.
//
//     node build.mjs PACKAGES OUT
//
// PACKAGES is a folder with the packages package.json names in its node_modules.

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const [packages, out] = process.argv.slice(2).map((one) => resolve(one));
const modules = join(packages, "node_modules");
const esbuild = createRequire(join(packages, "package.json"))("esbuild");
const builder = resolve(here, "../..");

// What a browser has no use for, or what a page without `eval` must not hold.
const STAND_INS = {
  "lru-cache":
    "module.exports = class extends Map { constructor({max}) { super(); this.most = max; }" +
    " set(key, value) { super.set(key, value);" +
    " if(this.size > this.most) this.delete(this.keys().next().value); return this; } };",
  canonicalize: 'module.exports = () => { throw new Error("JSON values are not read here"); };',
  "rdf-canonize":
    'exports.NQuads = require("rdf-canonize/lib/NQuads.js");' +
    'exports.IdentifierIssuer = require("rdf-canonize/lib/IdentifierIssuer.js");',
  "./MessageDigest": "module.exports = class {};",
  "./platform": "exports.setImmediate = null;",
};

function hashes(folder) {
  const path = join(builder, "verify/schemas");
  const names = existsSync(path) ? readdirSync(path).filter((name) => name.endsWith(".json")) : [];
  return Object.fromEntries(
    names.sort().map((name) => {
      const data = readFileSync(join(path, name));
      return [name, createHash("sha256").update(data).digest("hex")];
    }),
  );
}

function vendored() {
  const index = JSON.parse(readFileSync(join(builder, "contexts/index.json"), "utf8"));
  const files = Object.entries(index).map(([url, one]) => [url, [one.file, one.sha256]]);
  return (
    `export const contextFiles = ${JSON.stringify(Object.fromEntries(files))};` +
    `export const schemaFiles = ${JSON.stringify(hashes())};`
  );
}

const plugin = {
  name: "badges",
  setup(build) {
    build.onResolve({ filter: /^badges:vendored$/ }, () => ({ path: "x", namespace: "vendored" }));
    build.onLoad({ filter: /.*/, namespace: "vendored" }, () => ({ contents: vendored() }));
    build.onResolve({ filter: /.*/ }, ({ path, importer, namespace }) => {
      const isOurs = namespace === "file" && importer.startsWith(here);
      if (!isOurs && Object.hasOwn(STAND_INS, path)) return { path, namespace: "stand-in" };
      return undefined;
    });
    build.onLoad({ filter: /.*/, namespace: "stand-in" }, ({ path }) => ({
      contents: STAND_INS[path],
      loader: "js",
      resolveDir: modules,
    }));
  },
};

function licence(name) {
  const folder = join(modules, name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, "LICENSE"), "utf8")}`;
}

function comment(input) {
  const names = new Set();
  for (const path of Object.keys(input)) {
    const match = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);
    if (match !== null) names.add(match[1]);
  }
  const text = [...names].sort().map(licence).join("\n\n");
  if (text.includes("*/")) throw new Error("a licence would end its comment");
  return (
    "\n/*!\nSPDX-License-Identifier: Apache-2.0 AND BSD-3-Clause\n" +
    "badges-static verifier; sources and build in site_builder/assets/verifier. It contains:\n\n" +
    `${text.trim()}\n*/\n`
  );
}

const { outputFiles, metafile } = await esbuild.build({
  entryPoints: [join(here, "index.js")],
  bundle: true,
  minify: true,
  format: "esm",
  platform: "browser",
  target: "es2020",
  charset: "utf8",
  legalComments: "none", // the licences stand whole at the end
  nodePaths: [modules],
  absWorkingDir: here,
  plugins: [plugin],
  metafile: true,
  write: false,
});
writeFileSync(out, outputFiles[0].text + comment(metafile.inputs));
