// What the client learns when it connects: versions, metadata, types, constants, runtime APIs, the node itself.
import { assert, check, same } from '../lib/suite.mjs';

const OURS = ['datasets', 'models', 'evaluation'];
const FRAME = [
  'system', 'timestamp', 'balances', 'transactionPayment', 'session', 'grandpa', 'utility', 'multisig', 'proxy', 'preimage',
  'scheduler', 'referenda', 'convictionVoting', 'treasury', 'parameters', 'vesting', 'txPause',
];

check('client connects and knows the runtime', async ({ api }) => {
  same(api.runtimeVersion.specName.toString(), 'assay', 'the runtime');
  assert(api.runtimeVersion.specVersion.toNumber() >= 1, 'the spec version is none');
  same(api.extrinsicVersion, 4, 'the extrinsic version');
  assert(api.isConnected && api.hasSubscriptions, 'no subscriptions');
});

check('every pallet of the chain is decorated with its queries, calls and errors', async ({ api }) => {
  for (const pallet of FRAME) assert(api.tx[pallet] || api.query[pallet], `nothing of ${pallet}`);
  for (const pallet of OURS) {
    assert(Object.keys(api.query[pallet]).length > 5, `no queries of ${pallet}`);
    assert(Object.keys(api.tx[pallet]).length > 5, `no calls of ${pallet}`);
    assert(Object.keys(api.errors[pallet]).length > 5, `no errors of ${pallet}`);
    assert(Object.keys(api.events[pallet]).length > 5, `no events of ${pallet}`);
  }
});

check('every call of every pallet says what it does and names its arguments', async ({ api }) => {
  let calls = 0;
  for (const [pallet, methods] of Object.entries(api.tx)) {
    for (const [name, call] of Object.entries(methods)) {
      calls += 1;
      assert(call.meta.docs.join('').trim(), `${pallet}.${name} has no documentation`);
      for (const argument of call.meta.args) assert(argument.typeName.isSome, `${pallet}.${name}: unnamed type`);
    }
  }
  return { calls };
});

check('every type of the metadata can be made by the client', async ({ api }) => {
  const { lookup } = api.registry;
  let made = 0;
  for (const { id, type } of lookup.types) {
    // A variant type without variants (Void) has no value to make.
    if (type.def.isVariant && type.def.asVariant.variants.length === 0) continue;
    const raw = api.registry.createLookupType(id);
    api.registry.createType(raw);
    made += 1;
  }
  return { types: made };
});

check('every storage item decodes what stands in it', async ({ api }) => {
  let items = 0;
  for (const [pallet, queries] of Object.entries(api.query)) {
    if (pallet === 'substrate') continue;
    for (const query of Object.values(queries)) {
      if (!query.creator) continue;
      if (query.creator.meta.type.isPlain) (await query()).toHuman();
      else (await query.entriesPaged({ args: [], pageSize: 20 })).map(([key, value]) => [key.toHuman(), value.toHuman()]);
      items += 1;
    }
  }
  return { items };
});

check('metadata of version 15 carries the runtime APIs of ours', async ({ api }) => {
  const versions = (await api.call.metadata.metadataVersions()).map((one) => one.toNumber());
  assert(versions.includes(14) && versions.includes(15), `versions ${versions}`);
  const opaque = await api.call.metadata.metadataAtVersion(15);
  const { Metadata, TypeRegistry } = await import('@polkadot/types');
  const metadata = new Metadata(new TypeRegistry(), opaque.unwrap().toHex());
  same(metadata.version, 15, 'the version');
  const names = metadata.asV15.apis.map(({ name }) => name.toString());
  assert(names.includes('EvaluationApi'), `runtime APIs: ${names}`);
});

check('constants are those of the chain', async ({ api }) => {
  same(api.consts.balances.existentialDeposit.toString(), '1000000000', 'the existential deposit');
  assert(api.consts.convictionVoting.voteLockingPeriod.toNumber() > 0, 'votes are never locked');
  const pace = (await api.query.evaluation.currentPace()).type;
  const blocks = { Dev: 10, Local: 100, Live: 201_600 }[pace];
  same(api.consts.convictionVoting.voteLockingPeriod.toNumber(), blocks, `the lock period at pace ${pace}`);
});

check('tracks of referenda carry names, deposits, periods and curves', async ({ api }) => {
  const tracks = api.consts.referenda.tracks.map(([id, info]) => [
    id.toNumber(),
    info.name.toString().replace(/\0+$/, ''),
    (BigInt(info.decisionDeposit.toString()) / 10n ** 12n).toString(),
  ]);
  same(tracks, [
    [0, 'root', '1000'], [10, 'parameters', '200'], [20, 'treasury', '200'], [30, 'benchmarks', '100'],
    [40, 'emergency', '500'],
  ]);
  for (const [, info] of api.consts.referenda.tracks) {
    assert(info.minApproval.isLinearDecreasing && info.minSupport.isLinearDecreasing, 'a curve of another kind');
    assert(info.decisionPeriod.toNumber() > info.confirmPeriod.toNumber(), 'no time to confirm');
  }
});

check('node describes itself over system_*', async ({ api }) => {
  const { system } = api.rpc;
  assert((await system.name()).length > 0 && (await system.version()).length > 0, 'no name or version');
  assert((await system.chain()).toString().startsWith('Assay'), 'the chain has another name');
  assert(['Development', 'Local'].includes((await system.chainType()).type), 'the type of chain');
  const properties = await system.properties();
  same(properties.ss58Format.unwrap().toNumber(), 42, 'the SS58 prefix');
  same(properties.tokenSymbol.unwrap().map(String), ['ASY'], 'the token');
  same(properties.tokenDecimals.unwrap().map((one) => one.toNumber()), [12], 'the decimals');
});

check('node tells of its health, peers and place', async ({ api }) => {
  const { system } = api.rpc;
  const health = await system.health();
  same(health.isSyncing.isTrue, false, 'syncing');
  const peers = await system.peers();
  same(peers.length > 0, health.peers.toNumber() > 0, 'peers are listed');
  assert((await system.nodeRoles()).length === 1, 'the roles');
  const sync = await system.syncState();
  assert(sync.currentBlock.toNumber() <= Number(sync.highestBlock), 'the head is past the highest block');
  assert(Array.isArray((await system.localListenAddresses()).map(String)), 'addresses');
  await system.localPeerId();
});

check('every method that the node lists is one that it serves', async ({ api, provider }) => {
  const { methods } = await api.rpc.rpc.methods();
  const listed = methods.map(String);
  for (const method of [
    'author_submitAndWatchExtrinsic', 'chain_subscribeAllHeads', 'chain_subscribeFinalizedHeads', 'state_getReadProof',
    'state_queryStorageAt', 'state_subscribeRuntimeVersion', 'state_subscribeStorage', 'system_dryRun',
    'payment_queryInfo', 'payment_queryFeeDetails', 'rpc_methods',
  ]) assert(listed.includes(method), `${method} is not listed`);
  let unknown = null;
  await provider.send('no_such', []).catch((error) => { unknown = error.code; });
  same(unknown, -32601, 'the code of an unknown method');
});

check('runtime APIs of ours and of FRAME answer typed values', async ({ api, funder }) => {
  same((await api.call.evaluationApi.leaderboard(4_000_000, 0, 10)).toHuman(), [], 'a leaderboard without benchmark');
  assert((await api.call.evaluationApi.why(4_000_000)).isNone, 'an unknown round waits for something');
  assert((await api.call.auraApi.authorities()).length >= 1, 'no authorities');
  assert((await api.call.grandpaApi.grandpaAuthorities()).length >= 1, 'nobody finalizes');
  const nonce = await api.call.accountNonceApi.accountNonce(funder.address);
  assert(nonce.toNumber() >= 0, 'no nonce');
});
