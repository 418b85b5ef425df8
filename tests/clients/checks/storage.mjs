// Reading state: one value, many, a map by pages, the past, proofs.
import { blake2AsHex } from '@polkadot/util-crypto';
import { ASY } from '../lib/client.mjs';
import { assert, check, refused, same } from '../lib/suite.mjs';

check('blocks are found by number and by hash', async (client) => {
  const { api } = client;
  await client.blocks(2);
  const hash = await api.rpc.chain.getFinalizedHead();
  const header = await api.rpc.chain.getHeader(hash);
  same((await api.rpc.chain.getBlockHash(header.number.toNumber())).toHex(), hash.toHex(), 'the hash at the height');
  same((await api.rpc.chain.getBlockHash(0)).toHex(), api.genesisHash.toHex(), 'the genesis');
  const { block } = await api.rpc.chain.getBlock(hash);
  same(block.header.hash.toHex(), hash.toHex(), 'the header of the block');
  const [first] = block.extrinsics;
  same(`${first.method.section}.${first.method.method}`, 'timestamp.set', 'the first extrinsic');
  const signed = await api.rpc.chain.getBlock(hash);
  same(signed.block.extrinsics.length, block.extrinsics.length, 'the block');
});

check('one value, several values and a whole map agree', async ({ api, funder }) => {
  const at = await api.at(await api.rpc.chain.getFinalizedHead());
  const one = await at.query.system.account(funder.address);
  const [first, second] = await at.query.system.account.multi([funder.address, funder.address]);
  same([first.toHex(), second.toHex()], [one.toHex(), one.toHex()], 'asked twice');
  const all = await at.query.system.account.entries();
  const found = all.find(([key]) => key.args[0].toString() === funder.address);
  same(found[1].toHex(), one.toHex(), 'in the map');
});

check('a map comes in pages of its keys', async ({ api }) => {
  const at = await api.rpc.chain.getFinalizedHead();
  const prefix = api.query.system.account.keyPrefix();
  const all = await api.rpc.state.getKeysPaged(prefix, 1000, undefined, at);
  assert(all.length >= 10, 'few accounts');
  const paged = [];
  for (let last; ; last = paged.at(-1)) {
    const page = await api.rpc.state.getKeysPaged(prefix, 4, last, at);
    paged.push(...page);
    if (page.length < 4) break;
  }
  same(paged.map(String), all.map(String), 'the pages');
});

check('size and hash of a value are those of the value', async ({ api, funder }) => {
  const at = await api.rpc.chain.getFinalizedHead();
  const key = api.query.system.account.key(funder.address);
  const value = (await api.rpc.state.getStorage(key, at)).unwrap().toU8a(true);
  same((await api.rpc.state.getStorageSize(key, at)).toString(), String(value.length), 'the size');
  same((await api.rpc.state.getStorageHash(key, at)).toHex(), blake2AsHex(value), 'the hash');
});

check('the past is kept: an old block shows the old balance', async (client) => {
  const { api } = client;
  const reader = client.account('past');
  const before = await api.rpc.chain.getBlockHash(await client.height());
  const { block } = await client.send(api.tx.balances.transferKeepAlive(reader.address, 3n * ASY), client.funder);
  same((await (await api.at(before)).query.system.account(reader.address)).data.free.toString(), '0', 'before');
  same((await (await api.at(block)).query.system.account(reader.address)).data.free.toBigInt().toString(), (3n * ASY).toString(), 'after');
});

check('changes of a key are told block by block', async (client) => {
  const { api } = client;
  await client.blocks(3);
  const height = await client.height();
  const [first, last] = await Promise.all([height - 2, height].map((number) => api.rpc.chain.getBlockHash(number)));
  const history = await api.rpc.state.queryStorage([api.query.system.number.key()], first, last);
  same(history.map(([, [value]]) => value.unwrap().toString()).length, 3, 'changes in three blocks');
});

check('a proof of a value contains the root of its block', async ({ api, funder }) => {
  const at = await api.rpc.chain.getFinalizedHead();
  const header = await api.rpc.chain.getHeader(at);
  const { at: of, proof } = await api.rpc.state.getReadProof([api.query.system.account.key(funder.address)], at);
  same(of.toHex(), at.toHex(), 'the block of the proof');
  const hashes = proof.map((node) => blake2AsHex(node.toU8a(true)));
  assert(hashes.includes(header.stateRoot.toHex()), 'no node hashes to the state root');
});

check('an unknown block is refused by the code that the client knows', async ({ provider }) => {
  const error = await refused(provider.send('state_getStorage', ['0x3a636f6465', `0x${'00'.repeat(32)}`]), /UnknownBlock/i);
  same(error.code, 4003, 'the code');
});
