/** Buildings on the map, how many households with which special-care marker live in them, and the figures of areas made of both. */
package io.citywide.map.internal.building;
