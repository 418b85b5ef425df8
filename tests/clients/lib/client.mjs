// A connection, accounts of its own, and how to send: what polkadot.js apps do behind a click.
import { ApiPromise, Keyring, WsProvider } from '@polkadot/api';
import { assert, within } from './suite.mjs';

export const ASY = 10n ** 12n;
const BLOCKS_A_CHECK_MAY_TAKE = 160;

/** Of each address, the submission that is under way: a nonce asked for before it arrived would be the same one. */
const submitting = new Map();

/** An extrinsic that was included and failed; `name` is `pallet.Error`, `docs` what the runtime says of it. */
export class DispatchFailure extends Error {
  constructor(name, docs, events) {
    super(docs ? `${name}: ${docs}` : name);
    this.dispatch = name;
    this.docs = docs;
    this.events = events;
  }
}

export class Client {
  /** Connects to `url`; `funder` pays for the accounts the checks use, `run` keeps two runs on one chain apart. */
  static async connect({ url, funder, run, blockMs }) {
    const provider = new WsProvider(url, 1000, {}, 60_000);
    const api = await ApiPromise.create({ provider, noInitWarn: true, throwOnConnect: true });
    return new Client({ url, provider, api, funder, run, blockMs });
  }

  constructor({ url, provider, api, funder, run, blockMs }) {
    Object.assign(this, { url, provider, api, run, blockMs });
    this.keyring = new Keyring({ type: 'sr25519', ss58Format: api.registry.chainSS58 });
    this.funder = this.keyring.addFromUri(funder);
    this.deadlineMs = 180_000 + BLOCKS_A_CHECK_MAY_TAKE * blockMs;
    this.notes = new Map();
  }

  /** A key of this run alone. */
  account(name, type = 'sr25519') {
    return this.keyring.addFromUri(`//clients//${this.run}//${name}`, { name }, type);
  }

  /** A key that the chain's genesis endows. */
  wellKnown(uri) {
    return this.keyring.addFromUri(uri);
  }

  /** Gives each account `amount` in one transaction. */
  async fund(accounts, amount = 1_000n * ASY) {
    const { api } = this;
    await this.send(
      api.tx.utility.batchAll(accounts.map((one) => api.tx.balances.transferKeepAlive(one.address, amount))),
      this.funder,
    );
  }

  /** Remembers something for a later check. */
  note(name, value) {
    this.notes.set(name, value);
    return value;
  }

  /** What an earlier check noted; fails where that check failed. */
  noted(name) {
    assert(this.notes.has(name), `an earlier check did not come to "${name}"`);
    return this.notes.get(name);
  }

  /** Signs, sends and waits for `until` (`inBlock` or `finalized`); throws DispatchFailure where the dispatch failed. */
  async send(tx, signer, { until = 'inBlock', ...options } = {}) {
    const seen = [];
    const arrived = await this.turn(options.nonce === undefined ? signer.address : null);
    // The client's own nonce -1 asks the runtime, which does not know what waits in the pool.
    const nonce = options.nonce ?? (await this.api.rpc.system.accountNextIndex(signer.address));
    const outcome = await within(
      this.deadlineMs,
      new Promise((resolve, reject) => {
        let stop = null;
        const settle = (action, value) => {
          action(value);
          if (stop) stop();
          else stop = 'early';
        };
        tx.signAndSend(signer, { ...options, nonce }, (result) => {
          arrived();
          if (!result.status.isBroadcast) seen.push(result.status.type);
          if (result.isError) settle(reject, new Error(`the pool says ${result.status.type}`));
          // Where a block is final at once the client leaves out that it is in a block.
          else if (result.status.isFinalized || (until === 'inBlock' && result.status.isInBlock)) settle(resolve, result);
        }).then((unsubscribe) => {
          if (stop === 'early') unsubscribe();
          stop = unsubscribe;
        }).catch((error) => {
          arrived();
          reject(error);
        });
      }),
      `${tx.method.section}.${tx.method.method}`,
    );
    if (outcome.dispatchError) {
      const { name, docs } = explain(this.api, outcome.dispatchError);
      throw new DispatchFailure(name, docs, outcome.events);
    }
    const block = outcome.status.isFinalized ? outcome.status.asFinalized : outcome.status.asInBlock;
    return { block, events: outcome.events, seen, hash: tx.hash.toHex(), index: outcome.txIndex };
  }

  /** Waits until no other transaction of `address` is on its way to the pool; returns what ends the own turn. */
  async turn(address) {
    if (address === null) return () => {};
    let end;
    const before = submitting.get(address);
    submitting.set(address, new Promise((resolve) => { end = resolve; }));
    await before;
    return end;
  }

  /** Waits until the chain is `count` blocks further. */
  async blocks(count) {
    const first = await this.height();
    await this.until((height) => height >= first + count);
  }

  async height() {
    return (await this.api.rpc.chain.getHeader()).number.toNumber();
  }

  /** Asks `condition(height)` at each new block until it holds, and returns what it said. */
  async until(condition, what = 'it') {
    return within(
      this.deadlineMs,
      new Promise((resolve, reject) => {
        let over = false;
        const asked = this.api.rpc.chain.subscribeNewHeads(async (header) => {
          if (over) return;
          try {
            const said = await condition(header.number.toNumber());
            if (!said || over) return;
            over = true;
            resolve(said);
            (await asked)();
          } catch (error) {
            over = true;
            reject(error);
          }
        });
        asked.catch(reject);
      }),
      what,
    );
  }

  async disconnect() {
    await this.api.disconnect();
  }
}

/** The name and the documentation of a dispatch error. */
export function explain(api, error) {
  if (error.isModule) {
    const { section, name, docs } = api.registry.findMetaError(error.asModule);
    return { name: `${section}.${name}`, docs: docs.join(' ').trim() };
  }
  return { name: error.isToken ? `Token.${error.asToken.type}` : error.type, docs: '' };
}

/** The event `pallet.Name` among events; fails when there is none. */
export function eventOf(events, pallet, name) {
  const found = events.find(({ event }) => event.section === pallet && event.method === name);
  const all = events.map(({ event }) => `${event.section}.${event.method}`).join(', ');
  assert(found, `no event ${pallet}.${name} among ${all}`);
  return found.event;
}
