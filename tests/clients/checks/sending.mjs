// Signing and sending: what the pool says, what the block holds, what is refused and how.
import { u8aToHex } from '@polkadot/util';
import { ASY, eventOf } from '../lib/client.mjs';
import { assert, check, refused, same, within } from '../lib/suite.mjs';

check('a transfer goes from ready to in a block to finalized', async (client) => {
  const { api } = client;
  await client.fund([client.account('sender'), client.account('batcher')]);
  const receiver = client.account('receiver');
  const { seen, block, events, hash } = await client.send(
    api.tx.balances.transferKeepAlive(receiver.address, ASY), client.account('sender'), { until: 'finalized' },
  );
  same([seen[0], seen.at(-1)], ['Ready', 'Finalized'], `the states ${seen}`);
  const transfer = eventOf(events, 'balances', 'Transfer');
  same(transfer.data.amount.toBigInt().toString(), ASY.toString(), 'the amount');
  const { block: { extrinsics } } = await api.rpc.chain.getBlock(block);
  assert(extrinsics.some((one) => one.hash.toHex() === hash), 'the block does not hold it');
});

check('each state of a watched transaction is told in order', async (client) => {
  const { api } = client;
  const tx = await api.tx.system.remark('0x2a').signAsync(client.account('sender'), { nonce: -1 });
  const seen = [];
  await within(client.deadlineMs, new Promise((resolve, reject) => {
    api.rpc.author.submitAndWatchExtrinsic(tx, (status) => {
      if (!status.isBroadcast) seen.push(status.type);
      if (status.isFinalized) resolve();
    }).catch(reject);
  }), 'finality');
  same(seen, ['Ready', 'InBlock', 'Finalized'], 'the states');
});

check('the fee paid is the fee foretold', async (client) => {
  const { api } = client;
  const sender = client.account('sender');
  const tx = api.tx.balances.transferKeepAlive(client.account('receiver').address, ASY);
  const info = await tx.paymentInfo(sender);
  const before = (await api.query.system.account(sender.address)).data.free.toBigInt();
  const { events } = await client.send(tx, sender);
  const paid = eventOf(events, 'transactionPayment', 'TransactionFeePaid').data.actualFee.toBigInt();
  const after = (await api.query.system.account(sender.address)).data.free.toBigInt();
  same(String(before - after), String(ASY + paid), 'what the sender lost');
  const [told, most] = [info.partialFee.toBigInt(), info.partialFee.toBigInt() / 50n];
  assert(paid <= told + most && paid + most >= told, `told ${told}, paid ${paid}`);
});

check('fee details add up to the fee', async (client) => {
  const { api } = client;
  const tx = await api.tx.system.remark('0x2a').signAsync(client.account('sender'), { nonce: -1 });
  // At one block: the next one may have another fee multiplier.
  const block = await api.rpc.chain.getFinalizedHead();
  const info = await (await api.at(block)).call.transactionPaymentApi.queryInfo(tx.toU8a(), tx.encodedLength);
  const fee = (await api.rpc.payment.queryFeeDetails(tx.toHex(), block)).inclusionFee.unwrap();
  const sum = fee.baseFee.toBigInt() + fee.lenFee.toBigInt() + fee.adjustedWeightFee.toBigInt();
  same(sum.toString(), info.partialFee.toBigInt().toString(), 'the sum');
});

check('a dry run says what would happen and changes nothing', async (client) => {
  const { api } = client;
  const sender = client.account('sender');
  const before = await api.query.system.account(sender.address);
  const tx = await api.tx.balances.transferKeepAlive(client.account('receiver').address, ASY).signAsync(sender, { nonce: before.nonce });
  let result = await api.rpc.system.dryRun(tx.toHex());
  while (result.isErr && result.asErr.isInvalid && result.asErr.asInvalid.isExhaustsResources) {
    await client.blocks(1); // the first block of a session takes no transactions
    result = await api.rpc.system.dryRun(tx.toHex());
  }
  assert(result.isOk && result.asOk.isOk, `it would fail: ${result}`);
  same((await api.query.system.account(sender.address)).toHex(), before.toHex(), 'the account');
});

check('a tip and an immortal era are paid and kept', async (client) => {
  const { api } = client;
  const { events, block, hash } = await client.send(
    api.tx.system.remark('0x2a'), client.account('sender'), { era: 0, tip: ASY },
  );
  same(eventOf(events, 'transactionPayment', 'TransactionFeePaid').data.tip.toBigInt().toString(), ASY.toString(), 'the tip');
  const { block: { extrinsics } } = await api.rpc.chain.getBlock(block);
  assert(extrinsics.find((one) => one.hash.toHex() === hash).era.isImmortalEra, 'the era is mortal');
});

check('a mortal transaction is refused once its era is over', async (client) => {
  const { api } = client;
  const signing = await api.derive.tx.signingInfo(client.account('sender').address, -1, 4);
  const header = signing.header;
  const tx = await api.tx.system.remark('0x2a').signAsync(client.account('sender'), {
    blockHash: header.hash, era: api.registry.createType('ExtrinsicEra', { current: header.number, period: 4 }), nonce: signing.nonce,
  });
  const birth = header.number.toNumber();
  await client.until(async (height) => height >= birth + 6);
  const error = await refused(api.rpc.author.submitExtrinsic(tx), /Invalid Transaction|outdated|bad signature/i);
  same(error.code, 1010, 'the code');
});

check('nonces follow each other without waiting for blocks', async (client) => {
  const { api } = client;
  const sender = client.account('sender');
  const first = (await api.rpc.system.accountNextIndex(sender.address)).toNumber();
  const outcomes = await Promise.all(
    [0, 1, 2, 3].map((ahead) => client.send(api.tx.system.remark([ahead]), sender, { nonce: first + ahead })),
  );
  same(outcomes.length, 4, 'sent');
  same((await api.rpc.system.accountNextIndex(sender.address)).toNumber(), first + 4, 'the next nonce');
});

check('a transaction of a later nonce waits for the one before', async (client) => {
  const { api } = client;
  const sender = client.account('sender');
  const nonce = (await api.rpc.system.accountNextIndex(sender.address)).toNumber();
  const late = client.send(api.tx.system.remark('0x02'), sender, { nonce: nonce + 1 });
  await client.blocks(1);
  await client.send(api.tx.system.remark('0x01'), sender, { nonce });
  const { seen } = await late;
  assert(seen[0] === 'Future' && seen.includes('Ready'), `the states ${seen}`);
});

check('a transaction with a used nonce is refused', async (client) => {
  const error = await refused(
    client.send(client.api.tx.system.remark('0x2a'), client.account('sender'), { nonce: 0 }), /outdated/i,
  );
  same(error.code, 1010, 'the code');
});

check('a transaction is refused when its signature is not its own', async (client) => {
  const { api } = client;
  const tx = await api.tx.system.remark('0x2a').signAsync(client.account('sender'), { nonce: -1 });
  const bytes = tx.toU8a();
  bytes[60] ^= 1;
  const error = await refused(client.provider.send('author_submitExtrinsic', [u8aToHex(bytes)]), /bad signature|Verification Error/i);
  same(error.code, 1010, 'the code');
});

check('a transaction is refused when its sender cannot pay', async (client) => {
  const error = await refused(
    client.send(client.api.tx.system.remark('0x2a'), client.account('penniless')), /Inability to pay/i,
  );
  same(error.code, 1010, 'the code');
});

check('a transaction with a larger tip takes the place of the first', async (client) => {
  const { api } = client;
  const sender = client.account('sender');
  const nonce = (await api.rpc.system.accountNextIndex(sender.address)).toNumber();
  // Both wait for the nonce before theirs, so that no block can come between them.
  const first = refused(client.send(api.tx.system.remark('0x01'), sender, { nonce: nonce + 1 }), /Usurped/);
  await client.blocks(1);
  const second = client.send(api.tx.system.remark('0x02'), sender, { nonce: nonce + 1, tip: ASY });
  await client.send(api.tx.system.remark('0x00'), sender, { nonce });
  await Promise.all([first, second]);
});

check('pending transactions are listed until they are in a block', async (client) => {
  const { api } = client;
  const sender = client.account('sender');
  const nonce = (await api.rpc.system.accountNextIndex(sender.address)).toNumber();
  const tx = await api.tx.system.remark('0x2a').signAsync(sender, { nonce });
  await api.rpc.author.submitExtrinsic(tx);
  const { hash } = tx;
  await client.until(async () => (await api.query.system.account(sender.address)).nonce.toNumber() > nonce);
  const pending = await api.rpc.author.pendingExtrinsics();
  assert(!pending.some((one) => one.hash.eq(hash)), 'it is listed still');
});

check('a batch does all its calls, and goes on to the first that fails', async (client) => {
  const { api } = client;
  const [batcher, receiver] = [client.account('batcher'), client.account('batched')];
  const pay = (amount) => api.tx.balances.transferKeepAlive(receiver.address, amount);
  const { events } = await client.send(api.tx.utility.batch([pay(ASY), pay(2n * ASY)]), batcher);
  eventOf(events, 'utility', 'BatchCompleted');
  const interrupted = await client.send(api.tx.utility.batch([pay(ASY), pay(10n ** 17n), pay(ASY)]), batcher);
  const event = eventOf(interrupted.events, 'utility', 'BatchInterrupted');
  same([event.data.index.toNumber(), event.data.error.type], [1, 'Token'], 'what interrupted it');
  same((await api.query.system.account(receiver.address)).data.free.toBigInt().toString(), String(4n * ASY), 'received');
});

check('a batch of all or nothing does nothing when one call fails', async (client) => {
  const { api } = client;
  const receiver = client.account('nothing');
  const pay = (amount) => api.tx.balances.transferKeepAlive(receiver.address, amount);
  const failed = await refused(client.send(api.tx.utility.batchAll([pay(ASY), pay(10n ** 17n)]), client.account('batcher')), /./);
  same(failed.dispatch, 'Token.FundsUnavailable', 'the error');
  same((await api.query.system.account(receiver.address)).data.free.toString(), '0', 'received');
});

check('a forced batch leaves out the calls that fail', async (client) => {
  const { api } = client;
  const receiver = client.account('forced');
  const pay = (amount) => api.tx.balances.transferKeepAlive(receiver.address, amount);
  const { events } = await client.send(api.tx.utility.forceBatch([pay(ASY), pay(10n ** 17n), pay(ASY)]), client.account('batcher'));
  eventOf(events, 'utility', 'ItemFailed');
  eventOf(events, 'utility', 'BatchCompletedWithErrors');
  same((await api.query.system.account(receiver.address)).data.free.toBigInt().toString(), String(2n * ASY), 'received');
});

check('ed25519 and ecdsa accounts sign too', async (client) => {
  const { api } = client;
  const others = [client.account('edwards', 'ed25519'), client.account('ethereum-curve', 'ecdsa')];
  await client.fund(others);
  for (const signer of others) {
    const { events } = await client.send(api.tx.system.remarkWithEvent('0x2a'), signer);
    same(eventOf(events, 'system', 'Remarked').data.sender.toString(), signer.address, 'the sender');
  }
});
