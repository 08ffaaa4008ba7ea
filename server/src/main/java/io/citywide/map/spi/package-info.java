/** What a module implements to appear on the map and in its search box without the map being edited. */
@NamedInterface("spi")
package io.citywide.map.spi;

import org.springframework.modulith.NamedInterface;
