// Our own pallets, by their calls and queries: what somebody does who has polkadot.js and nothing of ours.
import { stringToHex } from '@polkadot/util';
import { blake2AsHex, randomAsHex } from '@polkadot/util-crypto';
import { ASY, eventOf } from '../lib/client.mjs';
import { assert, check, same } from '../lib/suite.mjs';

check('a model is registered, priced and read back', async (client) => {
  const { api } = client;
  const [developer, validator, steward] = ['developer', 'validator', 'steward'].map((name) => client.account(name));
  await client.fund([developer, validator, steward]);
  const { events } = await client.send(
    api.tx.models.register('Chest reader', { Spdx: 'Apache-2.0' }, [[developer.address, 1_000_000]], ASY), developer,
  );
  const { model, owner } = eventOf(events, 'models', 'Registered').data;
  same(owner.toString(), developer.address, 'by whom');
  await client.send(api.tx.models.setTerms(model, 2n * ASY), developer);
  const shown = (await api.query.models.models(model)).unwrap();
  same(shown.name.toUtf8(), 'Chest reader', 'the name');
  same(shown.usagePrice.toBigInt().toString(), String(2n * ASY), 'the price');
  same(shown.contributors.map(([who, share]) => [who.toString(), share.toNumber()]), [[developer.address, 1_000_000]], 'the shares');
});

check('a checkpoint is claimed under seal', async (client) => {
  const { api } = client;
  const developer = client.account('developer');
  const hash = blake2AsHex(randomAsHex(32));
  const { events } = await client.send(api.tx.models.claim(hash), developer);
  eventOf(events, 'models', 'Claimed');
  assert((await api.query.models.claims(developer.address, hash)).isSome, 'the claim is not there');
  assert((await api.query.balances.holds(developer.address)).length > 0, 'no deposit is on hold');
});

check('a validator bonds, stands back and takes part of the bond out', async (client) => {
  const { api } = client;
  const validator = client.account('validator');
  const limits = { maxCheckpointMb: 64, maxConcurrent: 1 };
  // In one transaction with standing back, so that no committee of this chain is drawn with a validator that does nothing.
  const { events } = await client.send(
    api.tx.utility.batchAll([
      api.tx.evaluation.registerValidator(limits, randomAsHex(48), randomAsHex(96), 200n * ASY), api.tx.evaluation.chill(),
    ]), validator,
  );
  eventOf(events, 'evaluation', 'ValidatorRegistered');
  await client.send(api.tx.evaluation.bondMore(10n * ASY), validator);
  const unbonded = await client.send(api.tx.evaluation.unbond(50n * ASY), validator);
  eventOf(unbonded.events, 'evaluation', 'Unbonded');
  const entry = (await api.query.evaluation.validators(validator.address)).unwrap();
  same(entry.bond.toBigInt().toString(), String(160n * ASY), 'the bond');
  const holds = await api.query.balances.holds(validator.address);
  const bond = holds.find(({ id }) => id.isEvaluation && id.asEvaluation.type.includes('Bond'));
  same(bond.amount.toBigInt().toString(), String(210n * ASY), 'what is on hold');
});

check('a data set is registered with classes, licence and prices', async (client) => {
  const { api } = client;
  const steward = client.account('steward');
  const { events } = await client.send(
    api.tx.datasets.register(
      'Chest films', 'Xray', 'pneumonia', ['normal', 'pneumonia'].map(stringToHex), { Spdx: 'CC-BY-4.0' },
      { evaluate: ASY, train: 2n * ASY, infer: 0n }, 'Bonded',
    ), steward,
  );
  const { dataset } = eventOf(events, 'datasets', 'Registered').data;
  const shown = (await api.query.datasets.datasets(dataset)).unwrap();
  same(shown.steward.toString(), steward.address, 'the steward');
  same([shown.description.modality.type, shown.prices.evaluate.toBigInt().toString()], ['Xray', ASY.toString()], 'modality and price');
});

check('every map of ours lists its entries with typed keys', async ({ api }) => {
  let entries = 0;
  for (const pallet of ['datasets', 'models', 'evaluation']) {
    for (const query of Object.values(api.query[pallet])) {
      if (!query.creator || query.creator.meta.type.isPlain) continue;
      for (const [key, value] of await query.entries()) {
        assert(key.args.length >= 1 && value.toHuman() !== undefined, `${pallet}.${query.creator.method}`);
        entries += 1;
      }
    }
  }
  assert(entries >= 4, `${entries} entries`);
  return { entries };
});
