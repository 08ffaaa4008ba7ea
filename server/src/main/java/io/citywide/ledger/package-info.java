/**
 * The ledger: what was done, provably. Every act that matters appends an entry in its own transaction; a sequencer puts
 * the entries into a Merkle tree in the shape of RFC 9162 and signs its root (Ed25519 with SHA-256, or SM2 with SM3 after
 * GB/T 32918 and GB/T 32905). Whoever holds a receipt, or only an old head, can show that nothing was changed since. Owns
 * the tables {@code ledger_*}. Format and proofs: docs/ledger.md.
 */
@ApplicationModule(allowedDependencies = {"platform", "identity", "identity::spi"})
package io.citywide.ledger;

import org.springframework.modulith.ApplicationModule;
