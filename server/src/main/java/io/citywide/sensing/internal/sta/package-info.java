/**
 * OGC SensorThings API 1.1 (18-088) under {@code /sta/v1.1}. {@code ResourcePath} reads the address, {@code Options} the query,
 * {@code Parser} the expressions in it, {@code Sql} with {@code SqlComparisons}, {@code SqlFunctions} and {@code SqlGeometry} turns them into
 * parameters and SQL, {@code Reader} answers with what is {@code Written}. {@code Body} reads what a client sends, {@code Writer} takes it and
 * {@code Changer} changes it, in {@code Rows}; {@code Posting} and {@code Notices} are for other ways than HTTP. How devices become Things:
 * docs/decisions/0017-sensorthings.md. Owns the tables {@code sensing_sta_*}.
 */
package io.citywide.sensing.internal.sta;
