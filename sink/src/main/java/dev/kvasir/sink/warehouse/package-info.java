/**
 * The DuckDB file: its migrations, the loader that writes events and the next offsets in one
 * transaction, and the read-only ways in. One process owns the file; nothing here reads another
 * module's state, only the topics. Start at {@link dev.kvasir.sink.warehouse.WarehouseFile} and
 * {@link dev.kvasir.sink.warehouse.Loader}.
 */
@NullMarked
package dev.kvasir.sink.warehouse;

import org.jspecify.annotations.NullMarked;
