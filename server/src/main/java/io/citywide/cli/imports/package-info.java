/** Bulk imports: a client of the HTTP interface that reads files, row by row, and says of every row what became of it. */
package io.citywide.cli.imports;
