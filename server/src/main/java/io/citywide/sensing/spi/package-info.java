/** What sensing asks of those above it: {@code intake} keeps pictures as evidence, {@code cases} knows the calendar and what people reported. */
@NamedInterface("spi")
package io.citywide.sensing.spi;

import org.springframework.modulith.NamedInterface;
