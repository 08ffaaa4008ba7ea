/** What intake asks of others: {@code cases} implements the desk; learned recognisers and likenesses may replace the plain ones. */
@NamedInterface("spi")
package io.citywide.intake.spi;

import org.springframework.modulith.NamedInterface;
