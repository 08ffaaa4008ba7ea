/** The {@code citywide} command. Commands that work without a server start no Spring. Owns no tables. */
@ApplicationModule
package io.citywide.cli;

import org.springframework.modulith.ApplicationModule;
