/** Figures of an area and of each area right below it, for going down from the city to a unit grid. */
package io.citywide.map.internal.drill;
