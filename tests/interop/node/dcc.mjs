// SPDX-License-Identifier: Apache-2.0
// The Digital Credentials Consortium's verdicts on credentials of a built site, without a network.
//
// Reads what verify.mjs reads, and also
//   schemas   {address: file} of JSON Schemas
// Writes a list of {log, errors, schemas, asked}, one for each case: the verifier's own steps by
// name (true, false, or the name of what went wrong in them), the names of what ended its work, the
// answers of the schemas, and the addresses asked for in vain.
//
// The library takes no document loader: what it reaches with `fetch` is all it reaches.
import {readFileSync} from 'node:fs';
import {join, normalize} from 'node:path';

const asked = JSON.parse(readFileSync(0, 'utf8'));
const files = {...asked.contexts, ...asked.schemas};
let hosted = {};
let missed = new Set();

function served(address) {
  if(address in hosted) {
    return JSON.stringify(hosted[address]);
  }
  if(address in files) {
    return readFileSync(files[address], 'utf8');
  }
  if(!address.startsWith(`${asked.base}/`)) {
    return null;
  }
  try {
    return readFileSync(join(asked.site, normalize(`/${address.slice(asked.base.length)}`)), 'utf8');
  } catch(error) {
    return null;
  }
}

globalThis.fetch = async request => {
  const address = String(request.url ?? request).split('#')[0];
  const body = served(address);
  if(body === null) {
    missed.add(address);
    return new Response('Not found', {status: 404});
  }
  return new Response(body, {headers: {'content-type': 'application/json'}});
};
console.log = console.error;  // it writes to standard output, where our answer goes

const {verifyCredential} = await import('@digitalcredentials/verifier-core');

async function verdict(one) {
  [hosted, missed] = [one.hosted ?? {}, new Set()];
  const said = await verifyCredential({credential: one.credential, knownDIDRegistries: []});
  const schemas = (said.additionalInformation ?? []).flatMap(({results}) => results);
  return {
    log: Object.fromEntries((said.log ?? []).map(({id, valid, error}) => [id, error?.name ?? valid])),
    errors: (said.errors ?? []).map(({name}) => name),
    schemas: schemas.map(({result}) => result?.valid ?? null),
    asked: [...missed].sort()
  };
}

const verdicts = [];
for(const one of asked.cases) {
  verdicts.push(await verdict(one));
}
process.stdout.write(JSON.stringify(verdicts));
