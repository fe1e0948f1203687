// SPDX-License-Identifier: Apache-2.0
// Digital Bazaar's verdicts on credentials of a built site, without a network.
//
// Reads one JSON object from standard input:
//   base      the site's base URL
//   site      the folder that holds what is served there
//   contexts  {address: file} of the JSON-LD contexts
//   cases     [{credential, hosted}]; `hosted` ({address: document}) comes before the folder
// Writes a list of {verified, listed, why}, one for each case.
import {readFileSync} from 'node:fs';
import {join, normalize} from 'node:path';
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';

const asked = JSON.parse(readFileSync(0, 'utf8'));
const MULTIKEY = 'https://w3id.org/security/multikey/v1';
const kept = new Map();

function read(file) {
  if(!kept.has(file)) {
    kept.set(file, JSON.parse(readFileSync(file, 'utf8')));
  }
  return structuredClone(kept.get(file));
}

function served(url, hosted) {
  const address = url.split('#')[0];
  if(address in hosted) {
    return structuredClone(hosted[address]);
  }
  if(address in asked.contexts) {
    return read(asked.contexts[address]);
  }
  if(!address.startsWith(`${asked.base}/`)) {
    throw new Error(`${address} cannot be reached`);
  }
  return read(join(asked.site, normalize(`/${address.slice(asked.base.length)}`)));
}

// did:web Method Specification, "Read (Resolve)".
function didAddress(did) {
  const [host, ...path] = did.slice('did:web:'.length).split(':').map(decodeURIComponent);
  return `https://${[host, ...(path.length ? path : ['.well-known'])].join('/')}/did.json`;
}

// did:key Method Specification; only what a proof needs.
function keyDocument(did) {
  const id = `${did}#${did.slice('did:key:'.length)}`;
  const key = {id, type: 'Multikey', controller: did, publicKeyMultibase: id.split('#')[1]};
  const context = ['https://www.w3.org/ns/did/v1', MULTIKEY];
  return {'@context': context, id: did, verificationMethod: [key], assertionMethod: [id]};
}

function loader(hosted) {
  return async url => {
    let document;
    if(url.startsWith('did:')) {
      const [did, fragment] = url.split('#');
      document = did.startsWith('did:key:') ?
        keyDocument(did) : served(didAddress(did), hosted);
      if(fragment) {
        const method = document.verificationMethod.find(({id}) => id === url);
        if(!method) {
          throw new Error(`${url} is not in the DID document`);
        }
        document = {'@context': MULTIKEY, ...method};
      }
    } else {
      document = served(url, hosted);
    }
    return {contextUrl: null, documentUrl: url, document};
  };
}

function reason(error) {
  const inner = error?.errors?.[0] ?? error;
  return String(inner?.cause?.message ?? inner?.message ?? inner ?? '');
}

async function verdict({credential, hosted = {}}) {
  const result = await vc.verifyCredential({
    credential,
    suite: new DataIntegrityProof({cryptosuite}),
    documentLoader: loader(hosted),
    checkStatus
  });
  const {statusResult} = result;
  return {
    verified: result.verified,
    // The library says "verified" of a revoked credential too: whoever asks must look at the bit.
    listed: statusResult?.results?.some(({status}) => status) ?? null,
    why: result.verified ? '' : reason(result.error ?? statusResult?.error)
  };
}

const verdicts = [];
for(const one of asked.cases) {
  verdicts.push(await verdict(one));
}
process.stdout.write(JSON.stringify(verdicts));
