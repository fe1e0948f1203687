// SPDX-License-Identifier: Apache-2.0
// What a hosted Open Badges 2.0 assertion, its badge class and its issuer must give. Twin of `_form`
// in site_builder/verify/hosted.py.

import { isObject, listed, member, textOf } from "./reading.js";

/** A clause about the first thing wrong; "" for nothing. `host` is that of the assertion's id. */
export function missing(given, badge, issuer, host) {
  const why = ofAssertion(given, host);
  if (why) return why;
  if (Object.keys(badge).length) {
    const lacks = misses(badge, "badge class", ["name", "description", "image", "criteria"]);
    if (lacks) return lacks;
    if (!isGiven(member(badge, "issuer"))) return "its badge class has no 'issuer'";
  }
  return Object.keys(issuer).length ? misses(issuer, "issuer", ["name"]) : "";
}

function isGiven(value) {
  return typeof value === "string" || isObject(value);
}

function misses(body, name, members) {
  const isSomething = (value) => isGiven(value) && Object.keys(value).length > 0; // of a text too
  const lacking = members.find((one) => !isSomething(member(body, one)));
  return lacking === undefined ? "" : `its ${name} has no '${lacking}'`;
}

function ofAssertion(given, host) {
  if (host === null) return "its 'id' is no address on the web";
  const revoked = member(given, "revoked");
  if (revoked !== null && typeof revoked !== "boolean") {
    return "its 'revoked' is neither true nor false";
  }
  if (revoked) return ""; // what was taken back may be a stub
  const holder = member(given, "recipient");
  const identity = textOf(member(holder, "identity"));
  if (identity === null || textOf(member(holder, "type")) === null) {
    return "it has no 'recipient' with type and identity";
  }
  const isHashed = member(holder, "hashed");
  if (isHashed !== null && typeof isHashed !== "boolean") {
    return "its recipient's 'hashed' is neither true nor false";
  }
  if (isHashed && !/^(?:sha256|md5)\$/.test(identity)) {
    return "its recipient's identity is not hashed, as it says";
  }
  if (!isGiven(member(given, "badge"))) return "it has no 'badge'";
  const kinds = listed(member(given, "verification", "type"));
  if (!["HostedBadge", "hosted"].some((one) => kinds.includes(one))) {
    return "it has no 'verification' of a kind that is known";
  }
  if (typeof member(given, "issuedOn") !== "string") return "it has no 'issuedOn'";
  const image = member(given, "image");
  const picture = textOf(image) || textOf(member(image, "id")) || "";
  return picture.startsWith("data:") ? "its 'image' is a picture and not an address" : "";
}
