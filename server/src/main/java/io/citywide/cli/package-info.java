/**
 * The command line: {@code serve}, {@code demo}, {@code import}, {@code grid}, {@code ledger}. Imports and the demo are
 * clients of the public HTTP interface; only {@code serve} and {@code demo} start a server; {@code grid}
 * and {@code ledger} start no framework at all. Owns no tables.
 */
@ApplicationModule(allowedDependencies = {"grid", "platform", "identity", "ledger", "demo"})
package io.citywide.cli;

import org.springframework.modulith.ApplicationModule;
