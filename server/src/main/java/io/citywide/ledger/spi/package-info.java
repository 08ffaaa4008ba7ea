/** What the ledger asks of the modules whose rows it proves. */
@NamedInterface("spi")
package io.citywide.ledger.spi;

import org.springframework.modulith.NamedInterface;
