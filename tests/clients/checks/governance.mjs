// A referendum from preimage to unlocked votes, with the clicks of polkadot.js in their order.
// Everybody votes before the decision deposit is placed: at the pace of a development chain a decision takes seconds.
import { ASY, eventOf } from '../lib/client.mjs';
import { WHALES, cast, enacted, referendum, standard } from '../lib/referendum.mjs';
import { assert, check, refused, same } from '../lib/suite.mjs';

const TRACK = 10;
const VOTE = 100n * ASY;
const DIRECT = ['winner', 'free', 'loser', 'splitter', 'abstainer'];

check('a preimage is noted, read back and decoded as a call', async (client) => {
  const { api } = client;
  await client.fund([...DIRECT, 'delegator', 'freely', 'proposer', 'noter'].map((name) => client.account(name)), 2_000n * ASY);
  // With a remark of this run, so that two runs on one chain note two preimages.
  const call = api.tx.utility.batchAll([
    api.tx.parameters.setParameter({ Economics: { WorkDonePpm: [null, 250_000] } }), api.tx.system.remark(client.run),
  ]);
  const proposer = client.account('proposer');
  const { events } = await client.send(api.tx.preimage.notePreimage(call.method.toHex()), proposer);
  same(eventOf(events, 'preimage', 'Noted').data[0].toHex(), call.method.hash.toHex(), 'the hash');
  const stored = (await api.query.preimage.preimageFor([call.method.hash, call.method.encodedLength])).unwrap();
  const decoded = api.registry.createType('Call', stored.toU8a(true));
  same(decoded.args[0].map((one) => `${one.section}.${one.method}`), ['parameters.setParameter', 'system.remark'], 'the calls');
  const status = (await api.query.preimage.requestStatusFor(call.method.hash)).unwrap();
  assert(status.isUnrequested, `the status is ${status.type}`);
  client.note('call', call);
});

check('a preimage nobody asked for is taken back with its deposit', async (client) => {
  const { api } = client;
  const noter = client.account('noter');
  const call = api.tx.system.remark(client.run);
  await client.send(api.tx.preimage.notePreimage(call.method.toHex()), noter);
  const held = async () => (await api.query.balances.holds(noter.address)).reduce((sum, { amount }) => sum + amount.toBigInt(), 0n);
  assert((await held()) > 0n, 'no deposit');
  await client.send(api.tx.preimage.unnotePreimage(call.method.hash), noter);
  same((await held()).toString(), '0', 'the deposit');
});

check('a referendum is submitted on its track with the preimage', async (client) => {
  const { api } = client;
  const { method } = client.noted('call');
  const { events } = await client.send(
    api.tx.referenda.submit({ Origins: 'Parameters' }, { Lookup: { hash: method.hash, len: method.encodedLength } }, { After: 0 }),
    client.account('proposer'),
  );
  const { index, track } = eventOf(events, 'referenda', 'Submitted').data;
  same(track.toNumber(), TRACK, 'the track');
  const status = (await api.query.referenda.referendumInfoFor(index)).unwrap().asOngoing;
  assert(status.decisionDeposit.isNone && status.deciding.isNone, 'it is being decided already');
  same(status.submissionDeposit.amount.toBigInt().toString(), String(10n * ASY), 'the submission deposit');
  client.note('index', index.toNumber());
});

check('a spend of the treasury is proposed beside it', async (client) => {
  const { api } = client;
  const treasury = api.createType('AccountId', `0x${Buffer.from('modl').toString('hex')}${api.consts.treasury.palletId.toHex().slice(2)}`.padEnd(66, '0'));
  await client.send(api.tx.balances.transferKeepAlive(treasury, 50n * ASY), client.funder);
  const beneficiary = client.account('beneficiary');
  const spend = api.tx.treasury.spend(null, 20n * ASY, beneficiary.address, null);
  client.note('spend', await referendum(client, { Origins: 'Treasurer' }, spend, client.account('proposer')));
});

check('votes count by conviction: aye, nay, split and abstain', async (client) => {
  const { api } = client;
  const index = client.noted('index');
  const [winner, free, loser, splitter, abstainer] = DIRECT.map((name) => client.account(name));
  await Promise.all([
    client.send(api.tx.convictionVoting.vote(index, standard(true, 'Locked1x', VOTE)), winner),
    client.send(api.tx.convictionVoting.vote(index, standard(true, 'None', VOTE)), free),
    client.send(api.tx.convictionVoting.vote(index, standard(false, 'Locked3x', VOTE)), loser),
    client.send(api.tx.convictionVoting.vote(index, { Split: { aye: VOTE, nay: VOTE / 2n } }), splitter),
    client.send(api.tx.convictionVoting.vote(index, { SplitAbstain: { aye: 0n, nay: 0n, abstain: VOTE } }), abstainer),
  ]);
  const { tally } = (await api.query.referenda.referendumInfoFor(index)).unwrap().asOngoing;
  // A tenth for each token without conviction; ayes and abstentions count as support, without conviction.
  same(
    [tally.ayes, tally.nays, tally.support].map((one) => one.toBigInt().toString()),
    [VOTE + VOTE / 10n + VOTE / 10n, 3n * VOTE + VOTE / 20n, 4n * VOTE].map(String),
    'ayes, nays, support',
  );
});

check('a vote can be changed while the poll is open', async (client) => {
  const { api } = client;
  const loser = client.account('loser');
  const index = client.noted('index');
  await client.send(api.tx.convictionVoting.vote(index, standard(false, 'Locked1x', VOTE)), loser);
  const { votes } = (await api.query.convictionVoting.votingFor(loser.address, TRACK)).asCasting;
  same(votes.map(([poll, vote]) => [poll.toNumber(), vote.asStandard.vote.conviction.type, vote.asStandard.vote.isNay]), [[index, 'Locked1x', true]]);
});

check('a delegation adds to the vote of its delegate, with and without conviction', async (client) => {
  const { api } = client;
  const [delegator, freely, winner] = [client.account('delegator'), client.account('freely'), client.account('winner')];
  const tally = async () => (await api.query.referenda.referendumInfoFor(client.noted('index'))).unwrap().asOngoing.tally;
  const before = await tally();
  await Promise.all([
    client.send(api.tx.convictionVoting.delegate(TRACK, winner.address, 'Locked1x', VOTE), delegator),
    client.send(api.tx.convictionVoting.delegate(TRACK, winner.address, 'None', VOTE), freely),
  ]);
  const after = await tally();
  same(String(after.ayes.toBigInt() - before.ayes.toBigInt()), String(VOTE + VOTE / 10n), 'ayes gained');
  same(String(after.support.toBigInt() - before.support.toBigInt()), String(2n * VOTE), 'support gained');
  const voting = (await api.query.convictionVoting.votingFor(delegator.address, TRACK)).asDelegating;
  same([voting.target.toString(), voting.conviction.type], [winner.address, 'Locked1x'], 'the delegation');
});

check('who delegates cannot vote on that track', async (client) => {
  const { api } = client;
  const error = await refused(
    client.send(api.tx.convictionVoting.vote(client.noted('index'), standard(true, 'None', ASY)), client.account('delegator')), /./,
  );
  same(error.dispatch, 'convictionVoting.AlreadyDelegating', 'the error');
});

check('a delegation without conviction ends and unlocks at once', async (client) => {
  const { api } = client;
  const freely = client.account('freely');
  const locks = async () => (await api.query.balances.locks(freely.address)).map((one) => one.amount.toBigInt().toString());
  same(await locks(), [VOTE.toString()], 'the lock');
  await client.send(api.tx.convictionVoting.undelegate(TRACK), freely);
  await client.send(api.tx.convictionVoting.unlock(TRACK, freely.address), freely);
  same(await locks(), [], 'the lock');
});

check('the decision deposit is placed and the referendum is decided', async (client) => {
  const { api } = client;
  const [index, spend] = [client.noted('index'), client.noted('spend')];
  await cast(client, [index, spend]);
  const proposer = client.account('proposer');
  const { events } = await client.send(
    api.tx.utility.batchAll([index, spend].map((one) => api.tx.referenda.placeDecisionDeposit(one))), proposer,
  );
  same(eventOf(events, 'referenda', 'DecisionDepositPlaced').data.amount.toBigInt().toString(), String(200n * ASY), 'the deposit');
  const over = await client.until(async () => {
    const info = (await api.query.referenda.referendumInfoFor(index)).unwrap();
    return info.isOngoing ? null : info;
  }, 'the decision');
  assert(over.isApproved, `it is ${over.type}`);
  client.note('ended', over.asApproved[0].toNumber());
});

check('the approved call is dispatched by the scheduler', async (client) => {
  const { api } = client;
  const result = await enacted(client, client.noted('index'), client.noted('ended'));
  assert(result.isOk, `it failed: ${result}`);
  const value = await api.query.parameters.parameters({ Economics: 'WorkDonePpm' });
  same(value.unwrap().asEconomics.asWorkDonePpm.toString(), '250000', 'the parameter');
});

check('both deposits come back when the referendum is over', async (client) => {
  const { api } = client;
  const [index, proposer] = [client.noted('index'), client.account('proposer')];
  for (const refund of ['refundDecisionDeposit', 'refundSubmissionDeposit']) {
    const { events } = await client.send(api.tx.referenda[refund](index), proposer);
    const name = refund === 'refundDecisionDeposit' ? 'DecisionDepositRefunded' : 'SubmissionDepositRefunded';
    same(eventOf(events, 'referenda', name).data.who.toString(), proposer.address, 'to whom');
  }
});

check('the spend is approved, collected and checked off', async (client) => {
  const { api } = client;
  const spend = client.noted('spend');
  const over = await client.until(async () => {
    const info = (await api.query.referenda.referendumInfoFor(spend)).unwrap();
    return info.isOngoing ? null : info;
  }, 'the decision');
  assert(over.isApproved, `it is ${over.type}`);
  const beneficiary = client.account('beneficiary');
  assert((await enacted(client, spend, over.asApproved[0].toNumber())).isOk, 'the spend failed');
  const spends = await api.query.treasury.spends.entries();
  const [key] = spends.find(([, one]) => one.unwrap().beneficiary.toString() === beneficiary.address);
  await client.send(api.tx.treasury.payout(key.args[0]), client.account('proposer'));
  same((await api.query.system.account(beneficiary.address)).data.free.toBigInt().toString(), String(20n * ASY), 'paid');
  const { events } = await client.send(api.tx.treasury.checkStatus(key.args[0]), client.account('proposer'));
  eventOf(events, 'treasury', 'SpendProcessed');
});

check('a vote that lost is unlocked at once', async (client) => {
  const { api } = client;
  const loser = client.account('loser');
  await client.send(api.tx.convictionVoting.removeVote(TRACK, client.noted('index')), loser);
  await client.send(api.tx.convictionVoting.unlock(TRACK, loser.address), loser);
  same((await api.query.balances.locks(loser.address)).length, 0, 'locks');
});

check('a vote that won stays locked until the block shown, and unlocks then', async (client) => {
  const { api } = client;
  const winner = client.account('winner');
  const expected = client.noted('ended') + api.consts.convictionVoting.voteLockingPeriod.toNumber();
  await client.send(api.tx.convictionVoting.removeVote(TRACK, client.noted('index')), winner);
  const { prior } = (await api.query.convictionVoting.votingFor(winner.address, TRACK)).asCasting;
  // Where the lock was over before the vote was removed there is nothing to wait for.
  if (prior[0].toNumber() > 0) {
    same(prior.map((one) => one.toBigInt().toString()), [String(expected), VOTE.toString()], 'until and how much');
    if ((await client.height()) < expected - 2) {
      await client.send(api.tx.convictionVoting.unlock(TRACK, winner.address), winner);
      same((await api.query.balances.locks(winner.address))[0].amount.toBigInt().toString(), VOTE.toString(), 'the lock');
    }
  }
  await client.until((height) => height >= expected);
  await client.send(api.tx.convictionVoting.unlock(TRACK, winner.address), winner);
  same((await api.query.balances.locks(winner.address)).length, 0, 'locks');
});

check('a delegation with conviction is locked after it ends, for as long as its conviction says', async (client) => {
  const { api } = client;
  const delegator = client.account('delegator');
  const { block } = await client.send(api.tx.convictionVoting.undelegate(TRACK), delegator);
  const ended = (await api.rpc.chain.getHeader(block)).number.toNumber();
  const { prior } = (await api.query.convictionVoting.votingFor(delegator.address, TRACK)).asCasting;
  same(prior[0].toNumber(), ended + api.consts.convictionVoting.voteLockingPeriod.toNumber(), 'until');
  same(prior[1].toBigInt().toString(), VOTE.toString(), 'how much');
});

check('nothing is left of the votes of those who took them back', async (client) => {
  const { api } = client;
  const polls = [[client.noted('index'), TRACK], [client.noted('spend'), 20]];
  await Promise.all(WHALES.map((uri) => {
    const whale = client.wellKnown(uri);
    return client.send(api.tx.utility.batchAll(polls.flatMap(([poll, track]) => [
      api.tx.convictionVoting.removeVote(track, poll), api.tx.convictionVoting.unlock(track, whale.address),
    ])), whale);
  }));
  for (const uri of WHALES) same((await api.query.balances.locks(client.wellKnown(uri).address)).length, 0, `locks of ${uri}`);
});
