/** What identity tells others, in the transaction of the act: {@code ledger} implements the witness. */
@NamedInterface("spi")
package io.citywide.identity.spi;

import org.springframework.modulith.NamedInterface;
