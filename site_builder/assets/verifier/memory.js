// SPDX-License-Identifier: Apache-2.0
// What other people's hosts said, asked once per run. Twin of site_builder/verify/memory.py.

import { LARGEST, readJson } from "./reading.js";

const MOST_WORK = 150_000; // values; a badge has some two hundred, a second goes through 40,000

/** A URL whose content could not be had; the message is a clause without a full stop. */
export class Unreachable extends Error {}

/** Keeps documents and judged lists; made for one run, as all of it may change any minute. */
export class Memory {
  constructor() {
    this.documents = new Map();
    this.lists = new Map();
  }
}

/** What every check may ask for: the moment that counts as now, the network, our own files. */
export class Run {
  constructor({ now, fetch, memory, vendored }) {
    Object.assign(this, { now, fetch, memory, vendored, spent: 0 });
  }

  /**
   * Whether another signature over so many values may be checked; the first one always. Credentials
   * inside credentials, each with several signatures, would take minutes.
   */
  affords(values) {
    const isFine = this.spent === 0 || this.spent + values <= MOST_WORK;
    if (isFine) this.spent += values;
    return isFine;
  }

  /** The bytes at a URL; throws `Unreachable`. */
  async bytes(url) {
    try {
      return await this.fetch(url);
    } catch (error) {
      throw new Unreachable(error.message);
    }
  }

  /** The JSON object at a URL; throws `Unreachable` or `Unreadable`. Do not change it. */
  document(url, most = LARGEST) {
    const key = `${most} ${url}`;
    const { documents } = this.memory;
    if (!documents.has(key)) {
      const asked = this.bytes(url).then((bytes) => readJson(bytes, most));
      asked.catch(() => {}); // whoever waits for it gets the error
      documents.set(key, asked);
    }
    return documents.get(key);
  }
}
