/** Graded warnings: the book they are kept in, who is told of them, the messages of them (GB/T 35965, CAP 1.2), situations and hot spots. */
package io.citywide.sensing.internal.warning;
