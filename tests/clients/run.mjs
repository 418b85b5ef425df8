// Runs groups of checks against a chain: node run.mjs --url ws://127.0.0.1:9944 [--group NAME ...] [--wasm FILE]
// Each check is one JSON line on standard output, {check, group, ok, seconds, error?}; the last line counts them.
import { parseArgs } from 'node:util';
import { packageInfo } from '@polkadot/api';
import { Client } from './lib/client.mjs';
import { emit, run, taken } from './lib/suite.mjs';

// Standard output is for the checks: the client tells of upgrades there too.
console.log = console.error;

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    group: { type: 'string', multiple: true },
    wasm: { type: 'string' },
    'block-ms': { type: 'string', default: '3000' },
    funder: { type: 'string', default: '//Eve' },
    run: { type: 'string', default: String(process.pid) },
  },
});
const groups = values.group ?? [
  'metadata', 'storage', 'subscriptions', 'sending', 'accounts', 'governance', 'pallets', 'errors', 'derive',
  'metadata-hash',
];

// A promise that fails while its check still waits for another one is told by the check, when it comes to it.
process.on('unhandledRejection', (error) => console.error(`unhandled: ${error?.message}`));

// Groups run side by side, each over a connection and with accounts of its own: on a real network blocks take seconds.
const loaded = [];
for (const group of groups) {
  await import(`./checks/${group}.mjs`);
  loaded.push([group, taken()]);
}
const settings = { url: values.url, funder: values.funder, blockMs: Number(values['block-ms']) };
const outcomes = await Promise.all(
  loaded.map(async ([group, list]) => {
    const client = await Client.connect({ ...settings, run: `${values.run}-${group}` });
    client.wasm = values.wasm;
    try {
      return { count: list.length, failed: await run(group, list, client) };
    } finally {
      await client.disconnect();
    }
  }),
);
emit({
  done: true,
  client: `@polkadot/api ${packageInfo.version}`,
  checks: outcomes.reduce((sum, { count }) => sum + count, 0),
  failed: outcomes.reduce((sum, { failed }) => sum + failed, 0),
});
process.exit(0);
