/** The search box: names from an index of their own, numbers from the database, codes by reading them. */
package io.citywide.map.internal.search;
