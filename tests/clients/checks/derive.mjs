// What polkadot.js apps show on their pages is derived from several queries at once.
import { ASY } from '../lib/client.mjs';
import { assert, check, same, within } from '../lib/suite.mjs';

const once = (client, subscribe, count = 1) => within(client.deadlineMs, new Promise((resolve, reject) => {
  const seen = [];
  const asked = subscribe((value) => {
    seen.push(value);
    if (seen.length === count) asked.then((stop) => stop()).then(() => resolve(seen));
  });
  asked.catch(reject);
}), 'a derived value');

check('best and finalized heights are derived, and the lag between them', async (client) => {
  const { chain } = client.api.derive;
  await client.blocks(1);
  const finalized = await chain.bestNumberFinalized();
  const [best, lag] = await Promise.all([chain.bestNumber(), chain.bestNumberLag()]);
  assert(best.toNumber() >= finalized.toNumber() && finalized.toNumber() > 0, `best ${best}, finalized ${finalized}`);
  assert(lag.toNumber() >= 0 && lag.toNumber() < 20, `lag ${lag}`);
});

check('each new head is shown with its author', async (client) => {
  const heads = await once(client, (tell) => client.api.derive.chain.subscribeNewHeads(tell), 3);
  const validators = (await client.api.query.session.validators()).map(String);
  for (const header of heads.slice(1)) assert(validators.includes(header.author?.toString()), `author ${header.author} of block ${header.number}`);
});

check('a block is shown with its author, events and fees', async (client) => {
  const { api } = client;
  const receiver = client.account('derived');
  const { block } = await client.send(api.tx.balances.transferKeepAlive(receiver.address, ASY), client.funder);
  const shown = await api.derive.chain.getBlock(block);
  assert(shown.author, 'no author');
  const found = shown.extrinsics.find(({ extrinsic }) => extrinsic.signer.toString() === client.funder.address);
  assert(found.events.some(({ method }) => method === 'Transfer'), 'no transfer among its events');
  same(found.dispatchError === undefined, true, 'it succeeded');
  const { events } = await api.derive.tx.events(block);
  assert(events.length >= found.events.length, 'fewer events than of one transaction');
  const byNumber = await api.derive.chain.getBlockByNumber(shown.block.header.number.unwrap());
  same(byNumber.block.hash.toHex(), shown.block.hash.toHex(), 'by number');
});

check('finalized heads and blocks are derived', async (client) => {
  const [[head], [block]] = await Promise.all([
    once(client, (tell) => client.api.derive.chain.subscribeFinalizedHeads(tell)),
    once(client, (tell) => client.api.derive.chain.subscribeFinalizedBlocks(tell)),
  ]);
  assert(head.number.toNumber() > 0 && block.block.header.number.toNumber() > 0, 'no number');
});

check('all balances of an account are shown: free, locked, vesting, on hold', async (client) => {
  const { api } = client;
  const vested = client.account('vested');
  await client.fund([vested]);
  const start = (await client.height()) + 1_000_000;
  await client.send(api.tx.vesting.vestedTransfer(vested.address, { locked: 300n * ASY, perBlock: ASY, startingBlock: start }), client.funder);
  await client.send(api.tx.models.register('Held', { Spdx: 'MIT' }, [[vested.address, 1_000_000]], 0), vested);
  const all = await api.derive.balances.all(vested.address);
  same(all.vestingLocked.toBigInt().toString(), String(300n * ASY), 'vesting');
  same(all.lockedBalance.toBigInt().toString(), String(300n * ASY), 'locked');
  const free = (await api.query.system.account(vested.address)).data;
  same(all.freeBalance.toBigInt().toString(), free.free.toBigInt().toString(), 'free');
  same(all.reservedBalance.toBigInt().toString(), free.reserved.toBigInt().toString(), 'reserved');
  assert(all.reservedBalance.toBigInt() > 0n, 'the deposit is not shown');
  assert(all.availableBalance.toBigInt() < all.freeBalance.toBigInt(), 'all is transferable');
});

check('votes and accounts are derived by address', async ({ api, funder }) => {
  const voting = await api.derive.balances.votingBalance(funder.address);
  assert(voting.votingBalance.toBigInt() > 0n, 'no voting balance');
  const info = await api.derive.accounts.info(funder.address);
  same(info.accountId.toString(), funder.address, 'the account');
  const flags = await api.derive.accounts.flags(funder.address);
  same(flags.isCouncil, false, 'flags');
});

check('what a signer needs is derived in one go', async ({ api, funder }) => {
  const { header, mortalLength, nonce } = await api.derive.tx.signingInfo(funder.address, -1);
  assert(header.number.toNumber() >= 0 && mortalLength >= 4 && nonce.toNumber() >= 0, `${mortalLength}`);
});

check('sessions and the treasury are derived', async ({ api }) => {
  const session = await api.derive.session.info();
  assert(session.validatorCount.toNumber() >= 0, 'no session');
  const treasury = await api.derive.treasury.proposals();
  assert(treasury.proposalCount.toNumber() >= 0, 'no treasury');
});
