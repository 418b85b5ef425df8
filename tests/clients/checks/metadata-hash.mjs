// CheckMetadataHash in mode 1: a wallet signs over the digest of the metadata by which it read the call.
import { checking, merkleized, metadataHash } from '../lib/metadata-hash.mjs';
import { assert, check, refused, same } from '../lib/suite.mjs';

check('the chain checks metadata hashes', async ({ api }) => {
  assert(api.registry.signedExtensions.includes('CheckMetadataHash'), `${api.registry.signedExtensions}`);
});

check('a transaction signed over the digest of the metadata is included', async (client) => {
  const { api } = client;
  await client.fund([client.account('checker')]);
  const hash = await metadataHash(api);
  const outcome = await client.send(api.tx.system.remarkWithEvent('0x2a'), client.account('checker'), { ...checking(hash) });
  const { block } = await api.rpc.chain.getBlock(outcome.block);
  const found = block.extrinsics.find((one) => one.hash.toHex() === outcome.hash);
  same(found.inner?.signature?.mode?.toNumber() ?? found.mode?.toNumber() ?? 1, 1, 'the mode');
  return { hash };
});

check('a transaction signed over another digest is refused', async (client) => {
  const { api } = client;
  for (const wrong of [`0x${'00'.repeat(32)}`, `0x${'2a'.repeat(32)}`]) {
    const error = await refused(
      client.send(api.tx.system.remark('0x2a'), client.account('checker'), { ...checking(wrong) }), /bad signature/i,
    );
    same(error.code, 1010, 'the code');
  }
});

check('a proof for a hardware wallet is made from the metadata', async (client) => {
  const { api } = client;
  const signed = await api.tx.balances.transferKeepAlive(client.funder.address, 1).signAsync(client.account('checker'), { nonce: -1 });
  const proof = (await merkleized(api)).getProofForExtrinsic(signed.toHex());
  assert(proof.length > 100, `a proof of ${proof.length} bytes`);
  return { bytes: proof.length };
});
