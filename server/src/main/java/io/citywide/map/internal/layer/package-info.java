/** The layers that there are, who may see which, and those over the things of the module place. */
package io.citywide.map.internal.layer;
