// The digest of a chain's metadata, as a hardware wallet checks it (RFC 78).
import { merkleizeMetadata } from '@polkadot-api/merkleize-metadata';
import { u8aToHex } from '@polkadot/util';

/** The merkleized metadata of the chain as it is now. */
export async function merkleized(api) {
  const opaque = await api.call.metadata.metadataAtVersion(15);
  return merkleizeMetadata(opaque.unwrap().toHex(), { decimals: 12, tokenSymbol: 'ASY' });
}

/** Its digest, hexadecimal. */
export async function metadataHash(api) {
  return u8aToHex((await merkleized(api)).digest());
}

/** Options of a signature over the digest: CheckMetadataHash in mode 1. */
export const checking = (hash) => ({ mode: 1, metadataHash: hash, withSignedTransaction: true });
