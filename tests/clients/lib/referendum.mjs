// Referenda as several groups need them.
import { blake2AsHex } from '@polkadot/util-crypto';
import { ASY, eventOf } from './client.mjs';

/** Well-known accounts with over half of a development chain's tokens between them. */
export const WHALES = [
  '//Ferdie', '//Alice//stash', '//Bob//stash', '//Charlie//stash', '//Dave//stash', '//Eve//stash', '//Ferdie//stash', '//One',
];
const EACH = 9_500_000n * ASY;

export const standard = (aye, conviction, balance) => ({ Standard: { vote: { aye, conviction }, balance } });

/** Submits a referendum whose call stands in it; returns its index. */
export async function referendum(client, origin, call, proposer) {
  const { api } = client;
  const { events } = await client.send(
    api.tx.referenda.submit(origin, { Inline: call.method.toHex() }, { After: 0 }), proposer,
  );
  return eventOf(events, 'referenda', 'Submitted').data.index.toNumber();
}

/** Lets every whale vote aye on each of the polls, without conviction, so that nothing stays locked. */
export async function cast(client, polls) {
  const { api } = client;
  const votes = polls.map((poll) => api.tx.convictionVoting.vote(poll, standard(true, 'None', EACH)));
  await Promise.all(WHALES.map((uri) => client.send(api.tx.utility.batchAll(votes), client.wellKnown(uri))));
}

/** The result of the call of referendum `index`, approved in block `since`, once the scheduler has dispatched it. */
export async function enacted(client, index, since) {
  const { api } = client;
  // The scheduler's name of the task: source pallet-referenda, `ScheduleNamed` in `schedule_enactment`.
  const id = blake2AsHex(api.registry.createType('([u8;8], Text, u32)', ['assembly', 'enactment', index]).toU8a());
  const approved = await api.at(await api.rpc.chain.getBlockHash(since));
  const [when] = (await approved.query.scheduler.lookup(id)).unwrap();
  // A block without room leaves it to a later one.
  for (let block = when.toNumber(); ; block += 1) {
    await client.until((height) => height >= block, 'the enactment');
    const at = await api.at(await api.rpc.chain.getBlockHash(block));
    const found = (await at.query.system.events()).find(
      ({ event: { section, method, data } }) =>
        section === 'scheduler' && method === 'Dispatched' && data.id.isSome && data.id.unwrap().toHex() === id,
    );
    if (found) return found.event.data.result;
  }
}
