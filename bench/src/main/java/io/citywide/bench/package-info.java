/** Measurements: JMH beside what a user would pick instead, and load on whole processes. Results go to bench/results. */
package io.citywide.bench;
