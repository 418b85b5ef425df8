// Keys on disk by polkadot.js's own keyring. The request is one JSON line on standard input, so that no passphrase is
// seen in the list of processes; the answer is one JSON line on standard output.
import { Keyring } from '@polkadot/keyring';
import { hexToU8a, u8aToHex } from '@polkadot/util';
import { cryptoWaitReady, signatureVerify } from '@polkadot/util-crypto';

await cryptoWaitReady();
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const request = JSON.parse(Buffer.concat(chunks).toString());
const keyring = new Keyring({ type: 'sr25519', ss58Format: 42 });

const deeds = {
  /** Makes a pair and writes it as polkadot.js exports it. */
  export({ suri, type, name, passphrase }) {
    const pair = keyring.addFromUri(suri, { name }, type);
    return { address: pair.address, document: pair.toJson(passphrase) };
  },
  /** Opens a document and signs with it. */
  import({ document, passphrase, message }) {
    const pair = keyring.addFromJson(document);
    if (!pair.isLocked) throw new Error('it is open before the passphrase is given');
    try {
      pair.decodePkcs8(passphrase);
    } catch (error) {
      return { opened: false, why: error.message };
    }
    return { opened: true, address: pair.address, name: pair.meta.name, signature: u8aToHex(pair.sign(message)) };
  },
  /** Opens a document, locks it and writes it again under another passphrase. */
  rewrite({ document, passphrase, next }) {
    const pair = keyring.addFromJson(document);
    pair.decodePkcs8(passphrase);
    return { document: pair.toJson(next) };
  },
  /** Checks a signature. */
  verify({ message, signature, address }) {
    return { valid: signatureVerify(message, hexToU8a(signature), address).isValid };
  },
};
process.stdout.write(`${JSON.stringify(deeds[request.deed](request))}\n`);
