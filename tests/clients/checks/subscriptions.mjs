// What the client is told without asking.
import { ASY } from '../lib/client.mjs';
import { assert, check, same, within } from '../lib/suite.mjs';

/** The first `count` values that `subscribe(callback)` tells. */
async function first(client, count, subscribe) {
  const seen = [];
  await within(
    client.deadlineMs,
    new Promise((resolve, reject) => {
      const asked = subscribe((value) => {
        seen.push(value);
        if (seen.length === count) asked.then((unsubscribe) => unsubscribe()).then(resolve);
      });
      asked.catch(reject);
    }),
    `${count} values`,
  );
  return seen;
}

const consecutive = (numbers) => numbers.every((number, at) => at === 0 || number === numbers[at - 1] + 1);

check('new heads come one after the other', async (client) => {
  const heads = await first(client, 4, (tell) => client.api.rpc.chain.subscribeNewHeads(tell));
  const numbers = heads.map((header) => header.number.toNumber());
  // A node tells only the best of heads it imports together, so a number may be left out, never repeated.
  assert(numbers.every((number, at) => at === 0 || number > numbers[at - 1]), `heads ${numbers}`);
});

check('finalized heads come without a gap, each the parent of the next', async (client) => {
  const heads = await first(client, 4, (tell) => client.api.rpc.chain.subscribeFinalizedHeads(tell));
  assert(consecutive(heads.map((header) => header.number.toNumber())), `heads ${heads.map((one) => one.number)}`);
  heads.slice(1).forEach((header, at) => same(header.parentHash.toHex(), heads[at].hash.toHex(), 'the parent'));
});

check('all heads are told, forks too', async (client) => {
  const heads = await first(client, 3, (tell) => client.api.rpc.chain.subscribeAllHeads(tell));
  same(new Set(heads.map((header) => header.hash.toHex())).size, 3, 'different heads');
});

check('a balance is told when it changes, and only then', async (client) => {
  const { api } = client;
  const watched = client.account('watched');
  const told = [];
  const stop = await api.query.system.account(watched.address, (account) => told.push(account.data.free.toBigInt()));
  await client.send(api.tx.balances.transferKeepAlive(watched.address, 2n * ASY), client.funder);
  await client.send(api.tx.balances.transferKeepAlive(watched.address, 3n * ASY), client.funder);
  await client.blocks(2);
  stop();
  same(told.map(String), ['0', String(2n * ASY), String(5n * ASY)], 'balances');
});

check('several values of several pallets come as one subscription', async (client) => {
  const { api } = client;
  const told = [];
  const stop = await api.queryMulti(
    [api.query.timestamp.now, [api.query.system.account, client.funder.address], api.query.system.number],
    (values) => told.push(values),
  );
  await client.until(() => told.length >= 3);
  stop();
  const moments = told.map(([now]) => now.toNumber());
  assert(moments.every((moment, at) => at === 0 || moment >= moments[at - 1]), 'time goes back');
  assert(told.every(([, account]) => account.data.free.toBigInt() > 0n), 'the funder has nothing');
});

check('events of each block are told and decode', async (client) => {
  const { api } = client;
  const names = new Set();
  const stop = await api.query.system.events((records) => {
    for (const { event } of records) names.add(`${event.section}.${event.method}`);
  });
  await client.send(api.tx.system.remarkWithEvent('0x2a'), client.funder);
  await client.until(() => names.has('system.Remarked'));
  stop();
  assert(names.has('system.ExtrinsicSuccess') && names.has('transactionPayment.TransactionFeePaid'), [...names].join());
});

check('the runtime version is told at once', async (client) => {
  const [version] = await first(client, 1, (tell) => client.api.rpc.state.subscribeRuntimeVersion(tell));
  same(version.specVersion.toNumber(), client.api.runtimeVersion.specVersion.toNumber(), 'the version');
});

check('nothing is told after unsubscribing', async (client) => {
  let told = 0;
  const stop = await client.api.rpc.chain.subscribeNewHeads(() => { told += 1; });
  await client.blocks(2);
  stop();
  await client.blocks(1);
  const before = told;
  await client.blocks(3);
  same(told, before, 'heads after unsubscribing');
});
