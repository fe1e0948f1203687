// SPDX-License-Identifier: Apache-2.0
// Texts as words that a search compares, in every script; site_builder/directory/folding.py does
// the same, and a test runs both over the same texts.

export const WORD_LENGTH = 12; // characters of a word that the index keeps
const DROPPED = /[\u0300-\u036f\u0591-\u05c7\u0640\u064b-\u065f\u0670'\u2019\u02bc\u02bb`]/g;
const SPELLED = { "ß": "ss", "ς": "σ", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ى": "ي", "ة": "ه" };
const UNSPACED = /[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\u{20000}-\u{3ffff}]/u;

/** Words in small letters without accents. */
export function words(text) {
  const apart = text.toLowerCase().normalize("NFKD").toLowerCase().replace(DROPPED, "");
  const spelled = apart.normalize("NFKC").replace(/[ßςłøđðıæœþىة]/g, (one) => SPELLED[one]);
  return spelled.split(/[^\p{L}\p{M}\p{N}]+/u).filter(Boolean);
}

/** True for a word with letters of a script that puts no spaces between words. */
export function isUnspaced(word) {
  return UNSPACED.test(word);
}

/** True when a word begins with what is typed; in an unspaced script wherever it stands. */
export function begins(word, typed) {
  return isUnspaced(typed) ? word.includes(typed) : word.startsWith(typed);
}
