/**
 * Other tools' results as runs: every format is recognised by its content and read record by
 * record, and a run becomes events. Bytes, names and times are arguments; nothing here opens a
 * file, reads a clock or talks to Kafka. Start at {@link dev.kvasir.sink.imports.Importer}.
 */
@NullMarked
package dev.kvasir.sink.imports;

import org.jspecify.annotations.NullMarked;
