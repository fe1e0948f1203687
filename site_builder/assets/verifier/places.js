// SPDX-License-Identifier: Apache-2.0
// Addresses: which host stands behind an issuer, and whether a credential lies there. Twin of
// site_builder/verify/places.py. Source: did:web Method Specification, "Read (Resolve)".

import { cut, didKey } from "./keys.js";
import { finding } from "./report.js";

const LOCAL = ["localhost", "127.0.0.1", "[::1]"];
const HOST = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[::1\])$/;
const PORT = /^[1-9][0-9]{0,4}$/;
const SEGMENT = /^(?!\.{1,2}$)[A-Za-z0-9._~-]+$/;
// Readers of URLs follow these upwards, out of the folder an address seems to lie in.
const UPWARDS = /(?:\/|\\|%2f|%5c)(?:\.|%2e){1,2}(?:\/|\\|%2f|%5c|\?|$)/i;

/** The parts of an https URL (http on this computer only); null for any other value. */
export function web(url) {
  const parts = partsOf(url);
  return parts === null || (parts.scheme === "http" && !parts.isLocal) ? null : parts;
}

/**
 * Host of an https or http URL, port included, small letters; null for any other value. Only hosts
 * that everybody reads and types alike: none with other letters than those of ASCII, percent signs,
 * a dot at the end or a user before them.
 */
export function host(url) {
  const parts = partsOf(url);
  return parts === null ? null : parts.netloc;
}

function partsOf(url) {
  if (typeof url !== "string" || !/^[\x21-\x7e]+$/.test(url)) return null;
  const match = /^(https?):\/\/([^/?#]*)/i.exec(url);
  if (match === null) return null;
  const scheme = match[1].toLowerCase();
  const [name, port] = splitPort(match[2].toLowerCase());
  if (!HOST.test(name) || (port && !PORT.test(port))) return null; // user names too
  return { scheme, netloc: port ? `${name}:${port}` : name, isLocal: LOCAL.includes(name) };
}

function splitPort(host) {
  const at = host.lastIndexOf(":");
  return host.endsWith("]") || at < 0 ? [host, ""] : [host.slice(0, at), host.slice(at + 1)];
}

/** Scheme and host of a URL that `web` reads, the usual port left out. */
export function origin(url) {
  const parts = web(url);
  if (parts === null) return null;
  const usual = parts.scheme === "https" ? /:443$/ : /:80$/;
  return `${parts.scheme}://${parts.netloc.replace(usual, "")}`;
}

/** The folder of a did:web's document, with a slash at the end; null for no lawful did:web. */
export function didWeb(did) {
  if (!did.startsWith("did:web:")) return null;
  const [host, ...path] = did.slice("did:web:".length).split(":");
  const plain = host.replace(/%3a/g, "%3A");
  const [name, port] = cut(plain, "%3A");
  const isLawful = HOST.test(name.toLowerCase()) && (!plain.includes("%3A") || PORT.test(port));
  if (!isLawful || !path.every((one) => SEGMENT.test(one))) return null;
  const scheme = LOCAL.includes(name.toLowerCase()) ? "http" : "https";
  const netloc = name.toLowerCase() + (port ? `:${port}` : "");
  return [`${scheme}://${netloc}`, ...path, ""].join("/");
}

/** Where a did:web's document lies; null for a DID that is no lawful did:web. */
export function didDocument(did) {
  const folder = didWeb(did);
  if (folder === null) return null;
  const hasPath = did.slice("did:web:".length).includes(":");
  return folder + (hasPath ? "did.json" : ".well-known/did.json");
}

/** The host a did:web or https issuer stands for, port included; null for any other. */
export function hostOf(issuer) {
  if (issuer === null) return null;
  const parts = web(issuer.startsWith("did:") ? didWeb(issuer) : issuer);
  return parts === null ? null : parts.netloc;
}

/** Whether a signed credential's own address is one of its issuer's. */
export function judge(own, issuer, readFrom) {
  if (issuer !== null && didKey(issuer) !== null) return finding("address.bare");
  const url = typeof own === "string" ? cut(own, "#")[0] : "";
  if (web(url) === null) return finding("address.none");
  const root = didWeb(issuer || "") || `${origin(issuer)}/`;
  const path = (one) => cut(cut(one, "://")[1], "/")[1];
  const isBelow = path(url).startsWith(path(root)) && !UPWARDS.test(url);
  if (origin(url) !== origin(root) || !isBelow) {
    return finding("address.elsewhere", { id: own, host: hostOf(issuer) || issuer });
  }
  if (readFrom !== null && cut(readFrom, "#")[0] !== url) {
    return finding("address.copy", { from: readFrom, id: own });
  }
  return finding("address.ok", { host: hostOf(issuer) });
}
