/** What lies inside a circle, a polygon or an area: every layer asked at once, counts first, lists on demand. */
package io.citywide.map.internal.inside;
