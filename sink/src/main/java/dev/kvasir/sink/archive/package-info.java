/**
 * What leaves the log but not the warehouse: records as Kafka held them, in verified files by run.
 * It decodes nothing and knows no table. Start at {@link dev.kvasir.sink.archive.LogArchive}.
 */
@NullMarked
package dev.kvasir.sink.archive;

import org.jspecify.annotations.NullMarked;
