/** What sensing asks of those above it: {@code intake} keeps pictures as evidence. */
@NamedInterface("spi")
package io.citywide.sensing.spi;

import org.springframework.modulith.NamedInterface;
