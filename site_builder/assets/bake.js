// SPDX-License-Identifier: Apache-2.0
// A badge put into its picture, in the browser; byte for byte what site_builder/baking.py makes.

const BADGES = {ob2: 'openbadges', ob3: 'openbadgecredential', clr: 'clrcredential'};
const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
const NAMESPACE = 'https://purl.imsglobal.org/ob/v3p0';
const ROOT = /<((?:[\w.-]+:)?svg)((?:[^<>"']|"[^"]*"|'[^']*')*)>/;
const DECLARED = /\s+xmlns:openbadges\s*=\s*(?:"[^"]*"|'[^']*')/g;
const OPEN = '<openbadges:credential><![CDATA[';
const CLOSE = ']]></openbadges:credential>';

const TABLE = Uint32Array.from({length: 256}, (_, byte) => {
  let sum = byte;
  for(let bit = 0; bit < 8; bit++) {
    sum = sum & 1 ? 0xedb88320 ^ (sum >>> 1) : sum >>> 1;
  }
  return sum;
});

function crc32(bytes) {
  let sum = 0xffffffff;
  for(const byte of bytes) {
    sum = TABLE[(sum ^ byte) & 255] ^ (sum >>> 8);
  }
  return ~sum >>> 0;
}

// An uncompressed iTXt chunk without language: readers in use take no other.
function textChunk(keyword, text) {
  const body = new TextEncoder().encode(`iTXt${keyword}\0\0\0\0\0${text}`);
  const chunk = new Uint8Array(body.length + 8);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, body.length - 4);
  chunk.set(body, 4);
  view.setUint32(body.length + 4, crc32(body));
  return chunk;
}

function holdsBadge(kind, body) {
  const end = body.indexOf(0);
  const keyword = String.fromCharCode(...body.subarray(0, Math.max(end, 0)));
  return ['iTXt', 'tEXt', 'zTXt'].includes(kind) && Object.values(BADGES).includes(keyword);
}

// A picture of our own, as bytes, with these badges in it and no others.
export async function bakePng(png, given) {
  const kept = [];
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  if(!SIGNATURE.every((byte, index) => png[index] === byte)) {
    throw new Error('is not a PNG, or was changed on its way as if it were text');
  }
  let at = SIGNATURE.length;
  for(let kind = ''; kind !== 'IEND';) {
    const end = at + 12 <= png.length ? at + 12 + view.getUint32(at) : Infinity;
    if(end > png.length) {
      throw new Error('is cut short');
    }
    kind = String.fromCharCode(...png.subarray(at + 4, at + 8));
    if(kept.length === 0 && (kind !== 'IHDR' || end !== 33)) {
      throw new Error('does not begin as a PNG must');
    }
    if(!holdsBadge(kind, png.subarray(at + 8, Math.min(at + 88, end - 4)))) {
      kept.push(png.subarray(at, end));
    }
    at = end;
  }
  const baked = Object.entries(BADGES)
    .filter(([name]) => given[name] !== undefined)
    .map(([name, keyword]) => textChunk(keyword, given[name]));
  const [header, ...rest] = kept;
  const parts = [Uint8Array.from(SIGNATURE), header, ...baked, ...rest, png.subarray(at)];
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

// A drawing of our own, as text, with the credential as its first child, any earlier one replaced.
export function bakeSvg(svg, ob3) {
  const root = ROOT.exec(svg);
  if(!root || root[2].endsWith('/')) {
    throw new Error('is not an SVG drawing');
  }
  let rest = svg.slice(root.index + root[0].length);
  if(rest.startsWith(OPEN)) {
    rest = rest.slice(rest.indexOf(CLOSE) + CLOSE.length);
  }
  const held = ob3.replaceAll(']]>', ']]\\u003e')
    .replaceAll('\ufffe', '\\ufffe').replaceAll('\uffff', '\\uffff');
  const tag = `<${root[1]} xmlns:openbadges="${NAMESPACE}"${root[2].replace(DECLARED, '')}>`;
  return `${svg.slice(0, root.index)}${tag}${OPEN}${held}${CLOSE}${rest}`;
}
