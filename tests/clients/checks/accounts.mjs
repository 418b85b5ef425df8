// Accounts that act together or for each other: proxies and multisigs.
import { stringToHex } from '@polkadot/util';
import { createKeyMulti, encodeAddress, sortAddresses } from '@polkadot/util-crypto';
import { ASY, eventOf } from '../lib/client.mjs';
import { assert, check, refused, same } from '../lib/suite.mjs';

const NO_WEIGHT = { refTime: 0, proofSize: 0 };

check('a proxy acts for its account', async (client) => {
  const { api } = client;
  const [owner, hot, voter, delayed] = ['owner', 'hot', 'voter', 'delayed'].map((name) => client.account(name));
  await client.fund([owner, hot, voter, delayed, client.account('one'), client.account('two'), client.account('three')]);
  const { events } = await client.send(api.tx.proxy.addProxy(hot.address, 'Any', 0), owner);
  same(eventOf(events, 'proxy', 'ProxyAdded').data.delegatee.toString(), hot.address, 'the delegate');
  const [proxies, deposit] = await api.query.proxy.proxies(owner.address);
  same(proxies.map((one) => [one.delegate.toString(), one.proxyType.type]), [[hot.address, 'Any']], 'the proxies');
  assert(deposit.toBigInt() > 0n, 'no deposit');
  const receiver = client.account('receiver');
  const done = await client.send(
    api.tx.proxy.proxy(owner.address, null, api.tx.balances.transferKeepAlive(receiver.address, ASY)), hot,
  );
  assert(eventOf(done.events, 'proxy', 'ProxyExecuted').data.result.isOk, 'it failed');
  same(eventOf(done.events, 'balances', 'Transfer').data.from.toString(), owner.address, 'who paid');
});

check('a proxy of one kind cannot do what its kind forbids', async (client) => {
  const { api } = client;
  const [owner, voter] = [client.account('owner'), client.account('voter')];
  await client.send(api.tx.proxy.addProxy(voter.address, 'Governance', 0), owner);
  const { events } = await client.send(
    api.tx.proxy.proxy(owner.address, 'Governance', api.tx.balances.transferKeepAlive(voter.address, ASY)), voter,
  );
  const { result } = eventOf(events, 'proxy', 'ProxyExecuted').data;
  const { section, name } = api.registry.findMetaError(result.asErr.asModule);
  same(`${section}.${name}`, 'system.CallFiltered', 'the error');
  const allowed = await client.send(
    api.tx.proxy.proxy(owner.address, 'Governance', api.tx.preimage.notePreimage(stringToHex(client.run))), voter,
  );
  assert(eventOf(allowed.events, 'proxy', 'ProxyExecuted').data.result.isOk, 'a preimage is refused');
  eventOf(allowed.events, 'preimage', 'Noted');
});

check('an account that is no proxy is refused', async (client) => {
  const { api } = client;
  const error = await refused(
    client.send(api.tx.proxy.proxy(client.account('owner').address, null, api.tx.system.remark('0x2a')), client.account('delayed')), /./,
  );
  same(error.dispatch, 'proxy.NotProxy', 'the error');
  assert(error.docs.length > 10, 'no documentation');
});

check('a delayed proxy announces, waits, and acts', async (client) => {
  const { api } = client;
  const [owner, delayed] = [client.account('owner'), client.account('delayed')];
  await client.send(api.tx.proxy.addProxy(delayed.address, 'Any', 2), owner);
  const call = api.tx.system.remarkWithEvent('0x2a');
  await client.send(api.tx.proxy.announce(owner.address, call.method.hash), delayed);
  await client.blocks(2);
  const { events } = await client.send(
    api.tx.proxy.proxyAnnounced(delayed.address, owner.address, null, call), client.account('hot'),
  );
  assert(eventOf(events, 'proxy', 'ProxyExecuted').data.result.isOk, 'it failed');
  same(eventOf(events, 'system', 'Remarked').data.sender.toString(), owner.address, 'who acted');
});

check('removing proxies gives the deposit back', async (client) => {
  const { api } = client;
  const owner = client.account('owner');
  const reserved = async () => (await api.query.system.account(owner.address)).data.reserved.toBigInt();
  const [before, [, deposit]] = await Promise.all([reserved(), api.query.proxy.proxies(owner.address)]);
  await client.send(api.tx.proxy.removeProxies(), owner);
  const [proxies, left] = await api.query.proxy.proxies(owner.address);
  same([proxies.length, left.toString()], [0, '0'], 'what is left');
  same(String(before - (await reserved())), deposit.toBigInt().toString(), 'what came back');
});

check('a pure proxy is an account of its own', async (client) => {
  const { api } = client;
  const owner = client.account('owner');
  const { events } = await client.send(api.tx.proxy.createPure('Any', 0, 0), owner);
  const pure = eventOf(events, 'proxy', 'PureCreated').data.pure.toString();
  await client.send(api.tx.balances.transferKeepAlive(pure, 10n * ASY), owner);
  const done = await client.send(
    api.tx.proxy.proxy(pure, null, api.tx.balances.transferKeepAlive(client.account('receiver').address, ASY)), owner,
  );
  same(eventOf(done.events, 'balances', 'Transfer').data.from.toString(), pure, 'who paid');
});

/** The 2-of-3 account of this run. */
function multisig(client) {
  const members = ['one', 'two', 'three'].map((name) => client.account(name));
  const addresses = members.map(({ address }) => address);
  const address = encodeAddress(createKeyMulti(addresses, 2), client.api.registry.chainSS58);
  return { address, others: (of) => sortAddresses(addresses.filter((one) => one !== of.address), client.api.registry.chainSS58) };
}

check('two of three approve and the multisig pays', async (client) => {
  const { api } = client;
  const [one, two] = [client.account('one'), client.account('two')];
  const { address, others } = multisig(client);
  await client.fund([{ address }], 100n * ASY);
  const receiver = client.account('of-the-multisig');
  const call = api.tx.balances.transferKeepAlive(receiver.address, 7n * ASY);
  const begun = await client.send(api.tx.multisig.approveAsMulti(2, others(one), null, call.method.hash, NO_WEIGHT), one);
  same(eventOf(begun.events, 'multisig', 'NewMultisig').data.multisig.toString(), address, 'the multisig');
  const when = (await api.query.multisig.multisigs(address, call.method.hash)).unwrap().when;
  const { weight } = await call.paymentInfo(address);
  const { events } = await client.send(api.tx.multisig.asMulti(2, others(two), when, call, weight), two);
  assert(eventOf(events, 'multisig', 'MultisigExecuted').data.result.isOk, 'it failed');
  same((await api.query.system.account(receiver.address)).data.free.toBigInt().toString(), String(7n * ASY), 'received');
});

check('a multisig is cancelled and its deposit comes back', async (client) => {
  const { api } = client;
  const three = client.account('three');
  const { address, others } = multisig(client);
  const call = api.tx.system.remark('0x2a');
  await client.send(api.tx.multisig.asMulti(2, others(three), null, call, NO_WEIGHT), three);
  const { when, deposit } = (await api.query.multisig.multisigs(address, call.method.hash)).unwrap();
  const held = (await api.query.system.account(three.address)).data.reserved.toBigInt();
  same(held.toString(), deposit.toBigInt().toString(), 'the deposit');
  const { events } = await client.send(api.tx.multisig.cancelAsMulti(2, others(three), when, call.method.hash), three);
  eventOf(events, 'multisig', 'MultisigCancelled');
  same((await api.query.system.account(three.address)).data.reserved.toString(), '0', 'the reserve');
});

check('an account derived by an index acts for its parent', async (client) => {
  const { api } = client;
  const parent = client.account('one');
  const { createKeyDerived } = await import('@polkadot/util-crypto');
  const address = encodeAddress(createKeyDerived(parent.address, 7), api.registry.chainSS58);
  await client.send(api.tx.balances.transferKeepAlive(address, 5n * ASY), parent);
  const { events } = await client.send(
    api.tx.utility.asDerivative(7, api.tx.balances.transferAllowDeath(client.account('receiver').address, ASY)), parent,
  );
  same(eventOf(events, 'balances', 'Transfer').data.from.toString(), address, 'who paid');
});
