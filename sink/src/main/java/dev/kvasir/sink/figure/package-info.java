/**
 * Figures: a query, a chart of its rows, and a caption that says what it shows. Reads the warehouse
 * through {@link dev.kvasir.sink.warehouse.Queries} and writes files; it changes nothing else.
 * Start at {@link dev.kvasir.sink.figure.Figures}.
 */
@NullMarked
package dev.kvasir.sink.figure;

import org.jspecify.annotations.NullMarked;
