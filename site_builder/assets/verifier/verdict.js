// SPDX-License-Identifier: Apache-2.0
// From bytes to a Report: what they are, and who judges it. Twin of site_builder/verify/__init__.py.

import { utf8 } from "./bytes.js";
import * as credential from "./credential.js";
import * as hosted from "./hosted.js";
import { Unreachable } from "./memory.js";
import { BadPicture, isPicture, LARGEST as LARGEST_PICTURE, unbake } from "./picture.js";
import { isObject, LARGEST, listed, member, readJson, readToken, textOf } from "./reading.js";
import { bytesShown, finding, report } from "./report.js";
import { Unreadable } from "./strict-json.js";
import { stripped } from "./svg.js";

const DEEPEST = 4; // credentials inside credentials; each is canonicalised once more for each level
const PREFERRED = ["ob3", "clr", "ob2"];

/** One credential, or one inside another. */
export class Verdict {
  constructor(run, readFrom, asked, depth = 0) {
    Object.assign(this, { run, readFrom, asked, depth, isPicture: false });
  }

  async of(bytes) {
    if (isPicture(bytes)) return this.picture(bytes);
    if (bytes.length > LARGEST) return this.stop("file.too_big", { limit: bytesShown(LARGEST) });
    return this.text(bytes, bytesShown(bytes.length));
  }

  stop(code, values = {}, about = {}) {
    const { run, readFrom } = this;
    return report({ about, checks: [finding(code, values)], now: run.now, readFrom });
  }

  async picture(bytes) {
    this.isPicture = true;
    if (bytes.length > LARGEST_PICTURE) {
      return this.stop("file.too_big", { limit: bytesShown(LARGEST_PICTURE) });
    }
    let found;
    try {
      found = unbake(bytes, LARGEST);
    } catch (trouble) {
      if (!(trouble instanceof BadPicture)) throw trouble;
      return this.stop("file.bad_picture", { why: `it ${trouble.message}` });
    }
    const kind = PREFERRED.find((one) => found.some((badge) => badge.kind === one));
    if (kind === undefined) return this.stop("file.no_badge_in_picture");
    const { text } = found.find((badge) => badge.kind === kind);
    const size = bytesShown(bytes.length);
    const url = stripped(text);
    const isUrl = /^https?:\/\//.test(url) && [...url].length <= 2000; // Baking 2.0, "verify"
    if (!isUrl) return this.text(utf8(text), size);
    try {
      const inner = await this.run.bytes(url);
      return await new Verdict(this.run, url, this.asked).text(inner, size);
    } catch (trouble) {
      if (!(trouble instanceof Unreachable)) throw trouble;
      return this.stop("file.unreachable", { url, why: trouble });
    }
  }

  async text(bytes, size) {
    let document;
    let token;
    try {
      token = readToken(bytes);
      document = token === null ? readJson(bytes) : token.credential;
    } catch (trouble) {
      if (!(trouble instanceof Unreadable)) throw trouble;
      return this.stop("file.unreadable", { why: trouble });
    }
    return this.document(document, size, token);
  }

  async document(document, size, token = null) {
    const about = { id: textOf(member(document, "id")) };
    if (member(document, "status") === "withdrawn" && !Object.hasOwn(document, "type")) {
      return this.stop("file.withdrawn", {}, about);
    }
    const isAssertion = hosted.isAssertion(document);
    const other =
      token !== null && isAssertion
        ? `Signed ${hosted.KIND}`
        : credential.notRead(document) || hosted.notRead(document);
    if (other !== null) return this.stop("file.kind_not_read", { kind: other }, about);
    const kind = credential.kindOf(document);
    if (kind !== null) return this.credential(document, kind, size, token);
    if (isAssertion) {
      const place = this.isPicture ? null : this.readFrom; // a picture's URL is not the badge's
      return this.report(size, ...(await hosted.judge(document, this.run, place, this.asked)));
    }
    const types = listed(member(document, "type")).map(String).join(", ") || "nothing";
    return this.stop("file.not_a_badge", { why: `it calls itself ${types}` });
  }

  async credential(document, kind, size, token) {
    const { readFrom, asked } = this;
    const checks = await credential.judge(document, kind, this.run, { token, readFrom, asked });
    const parts = [];
    // One after the other: what may be spent on signatures is spent in this order.
    for (const one of credential.parts(document)) parts.push(await this.part(one, kind));
    return this.report(size, credential.about(document, kind), checks, parts);
  }

  report(size, about, checks, parts = []) {
    const file = finding("file.ok", { kind: about.kind, size });
    const { run, readFrom } = this;
    return report({ about, checks: [file, ...checks], now: run.now, readFrom, parts });
  }

  /** The verdict on an embedded credential; who was asked for holds it in a learner record. */
  async part(one, outer) {
    const isEndorsement = isObject(one) && credential.kindOf(one) === credential.ENDORSEMENT;
    const asked = outer === credential.RECORD && !isEndorsement ? this.asked : null;
    const part = new Verdict(this.run, null, asked, this.depth + 1);
    if (this.depth >= DEEPEST) {
      return part.stop("file.kind_not_read", { kind: "A credential so deep inside" });
    }
    if (typeof one === "string") return part.text(utf8(one), "inside this file");
    if (!isObject(one)) return part.stop("file.not_a_badge", { why: "it is no object" });
    if (hosted.isAssertion(one)) return part.stop("file.kind_not_read", { kind: hosted.KIND });
    return part.document(one, "inside this file");
  }
}
