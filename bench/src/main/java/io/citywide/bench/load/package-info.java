/** Load over HTTP against a real server in a process of its own: life cycles, spikes, bulk import, reading. */
package io.citywide.bench.load;
