// Errors as a person sees them: by name and with what the runtime's documentation says.
import { ASY, explain, eventOf } from '../lib/client.mjs';
import { assert, check, refused, same } from '../lib/suite.mjs';

check('every error of our pallets has a name and a documentation', async ({ api }) => {
  let errors = 0;
  for (const pallet of ['datasets', 'models', 'evaluation']) {
    for (const [name, { meta }] of Object.entries(api.errors[pallet])) {
      assert(meta.docs.join(' ').trim().length > 10, `${pallet}.${name} says nothing`);
      errors += 1;
    }
  }
  return { errors };
});

check('an error of ours arrives decoded, with its documentation', async (client) => {
  const { api } = client;
  await client.fund([client.account('erring')]);
  const error = await refused(client.send(api.tx.evaluation.advance(4_000_000), client.account('erring')), /evaluation\.UnknownRound/);
  same(error.docs, api.errors.evaluation.UnknownRound.meta.docs.join(' ').trim(), 'the documentation');
  eventOf(error.events, 'system', 'ExtrinsicFailed');
});

check('a call for governance is refused with BadOrigin', async (client) => {
  const { api } = client;
  const call = api.tx.parameters.setParameter({ Economics: { WorkDonePpm: [null, 1] } });
  same((await refused(client.send(call, client.account('erring')), /./)).dispatch, 'BadOrigin', 'the error');
  same((await refused(client.send(api.tx.system.setCode('0x2a'), client.account('erring')), /./)).dispatch, 'BadOrigin', 'the error');
});

check('a lack of funds is told as a token error', async (client) => {
  const { api } = client;
  const call = api.tx.balances.transferKeepAlive(client.funder.address, 10n ** 17n);
  same((await refused(client.send(call, client.account('erring')), /./)).dispatch, 'Token.FundsUnavailable', 'the error');
});

check('an error inside a batch names the call that failed', async (client) => {
  const { api } = client;
  const { events } = await client.send(
    api.tx.utility.batch([api.tx.system.remark('0x2a'), api.tx.models.setTerms(4_000_000, ASY)]), client.account('erring'),
  );
  const { index, error } = eventOf(events, 'utility', 'BatchInterrupted').data;
  same([index.toNumber(), explain(api, error).name], [1, 'models.UnknownModel'], 'what failed');
});

check('bytes that are no transaction are refused', async ({ provider }) => {
  for (const bytes of ['0x', '0x2a', '0x1004deadbeef']) {
    const error = await refused(provider.send('author_submitExtrinsic', [bytes]), /./);
    assert([1001, 1002, 1010, 1040].includes(error.code), `${bytes}: code ${error.code}`);
  }
});

check('parameters of a wrong kind are refused by the standard code', async ({ provider }) => {
  for (const [method, params] of [['state_getStorage', [7]], ['chain_getBlockHash', ['many']], ['state_getKeysPaged', ['0x', -1]]]) {
    const error = await refused(provider.send(method, params), /./);
    same(error.code, -32602, method);
  }
});
