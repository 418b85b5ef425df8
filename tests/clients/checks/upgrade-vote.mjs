// A runtime upgrade by the clicks of polkadot.js: authorize by referendum on the root track, then hand in the code.
import { readFileSync } from 'node:fs';
import { u8aToHex } from '@polkadot/util';
import { blake2AsHex } from '@polkadot/util-crypto';
import { ASY } from '../lib/client.mjs';
import { cast, enacted, referendum } from '../lib/referendum.mjs';
import { assert, check, refused, same } from '../lib/suite.mjs';

check('an upgrade nobody authorized is refused', async (client) => {
  const { api } = client;
  client.note('code', u8aToHex(readFileSync(client.wasm)));
  await client.fund([client.account('upgrader')], 100_000n * ASY);
  const error = await refused(client.send(api.tx.system.applyAuthorizedUpgrade(client.noted('code')), client.account('upgrader')), /./);
  assert(/NothingAuthorized|Custom error|Invalid Transaction/.test(error.message), error.message);
});

check('the root track authorizes the upgrade by the hash of its code', async (client) => {
  const { api } = client;
  const hash = blake2AsHex(client.noted('code'));
  const proposer = client.account('upgrader');
  const index = await referendum(client, { system: 'Root' }, api.tx.system.authorizeUpgrade(hash), proposer);
  await cast(client, [index]);
  await client.send(api.tx.referenda.placeDecisionDeposit(index), proposer);
  const over = await client.until(async () => {
    const info = (await api.query.referenda.referendumInfoFor(index)).unwrap();
    return info.isOngoing ? null : info;
  }, 'the decision');
  assert(over.isApproved, `it is ${over.type}`);
  assert((await enacted(client, index, over.asApproved[0].toNumber())).isOk, 'the authorization failed');
  same((await api.query.system.authorizedUpgrade()).unwrap().codeHash.toHex(), hash, 'what is authorized');
});

check('other code than the authorized is refused', async (client) => {
  const { api } = client;
  const error = await refused(client.send(api.tx.system.applyAuthorizedUpgrade('0x2a'), client.account('upgrader')), /./);
  assert(/Unauthorized|Custom error|Invalid Transaction/.test(error.message), error.message);
});

check('anybody hands in the authorized code, and the next block runs it', async (client) => {
  const { api } = client;
  const before = api.runtimeVersion.specVersion.toNumber();
  await client.send(api.tx.system.applyAuthorizedUpgrade(client.noted('code')), client.account('upgrader'));
  await client.until(async () => (await api.rpc.state.getRuntimeVersion()).specVersion.toNumber() === before + 1, 'the new version');
});
