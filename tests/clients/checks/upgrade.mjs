// A client that stays connected while the runtime is replaced. Somebody else drives the upgrade: the group
// `upgrade-vote` by clicks, or the network's test.
import { ASY, Client, eventOf } from '../lib/client.mjs';
import { checking, metadataHash } from '../lib/metadata-hash.mjs';
import { assert, check, refused, same } from '../lib/suite.mjs';

check('client signs and checks metadata at the version it found', async (client) => {
  const { api } = client;
  const signer = client.account('upgraded');
  await client.fund([signer], 10_000n * ASY);
  client.note('version', api.runtimeVersion.specVersion.toNumber());
  client.note('pallets', Object.keys(api.query).length + Object.keys(api.tx).length);
  const old = client.note('hash', await metadataHash(api));
  const { block } = await client.send(api.tx.system.remarkWithEvent('0x01'), signer, checking(old));
  client.note('block', block);
  // Signed now for a nonce that comes after the upgrade, and for ever: only the version can make it stale.
  client.note('signed', await api.tx.system.remark('0x02').signAsync(signer, { era: 0, nonce: 1 }));
  const told = client.note('told', []);
  await api.rpc.state.subscribeRuntimeVersion((version) => told.push(version.specVersion.toNumber()));
});

check('client is told of the new version and takes it up by itself', async (client) => {
  const { api } = client;
  const [version, told] = [client.noted('version'), client.noted('told')];
  await client.until(() => api.runtimeVersion.specVersion.toNumber() > version, 'the upgrade');
  same(told, [version, api.runtimeVersion.specVersion.toNumber()], 'versions told');
  return { from: version, to: api.runtimeVersion.specVersion.toNumber(), block: await client.height() };
});

check('client has the new metadata, as the chain has it', async (client) => {
  const { api } = client;
  const served = await api.rpc.state.getMetadata();
  same(api.runtimeMetadata.toHex() === served.toHex(), true, 'the metadata is that of the chain');
  const pallets = Object.keys(api.query).length + Object.keys(api.tx).length;
  assert(pallets > client.noted('pallets'), `${pallets} decorated sections, ${client.noted('pallets')} before`);
  assert(api.query.multiBlockMigrations, 'the pallet of the new runtime is not decorated');
});

check('migrations over several blocks come to their end', async (client) => {
  const { api } = client;
  await client.until(async () => (await api.query.multiBlockMigrations.cursor()).isNone, 'the migration');
});

check('a transaction signed for the old version is refused by its type', async (client) => {
  const { api } = client;
  const signed = client.noted('signed');
  const error = await refused(api.rpc.author.submitExtrinsic(signed), /bad signature/i);
  same(error.code, 1010, 'the code');
});

check('the same call signed again is included and final', async (client) => {
  const { api } = client;
  const { events } = await client.send(api.tx.system.remarkWithEvent('0x02'), client.account('upgraded'), { until: 'finalized' });
  eventOf(events, 'system', 'Remarked');
});

check('the digest of the new metadata is accepted, that of the old is not', async (client) => {
  const { api } = client;
  const hash = await metadataHash(api);
  assert(hash !== client.noted('hash'), 'the digest has not changed');
  await client.send(api.tx.system.remarkWithEvent('0x03'), client.account('upgraded'), checking(hash));
  await refused(client.send(api.tx.system.remark('0x04'), client.account('upgraded'), checking(client.noted('hash'))), /bad signature/i);
});

check('blocks before the upgrade are still read by the metadata of their time', async (client) => {
  // Over a new connection: one that lived through the upgrade may take a block it read before for one of the new types.
  const { url, run, blockMs } = client;
  const reader = await Client.connect({ url, funder: '//Eve', run, blockMs });
  try {
    const at = await reader.api.at(client.noted('block'));
    same(at.runtimeVersion.specVersion.toNumber(), client.noted('version'), 'the version of the old block');
    const events = await at.query.system.events();
    assert(events.some(({ event }) => event.section === 'system' && event.method === 'Remarked'), 'its events do not decode');
    assert(!at.query.multiBlockMigrations, 'the old block has the new pallet');
  } finally {
    await reader.disconnect();
  }
});
