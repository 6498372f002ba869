package dev.kvasir.sink.warehouse;

/**
 * What a table holds, whatever the order of its rows.
 *
 * @param table name of the table
 * @param rows how many rows it has
 * @param checksum of their content, in hexadecimal digits
 */
public record TableSum(String table, long rows, String checksum) {}
