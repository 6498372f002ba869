/**
 * Files of rows as lines of JSON. It knows nothing of what the rows mean. Start at {@link
 * dev.kvasir.producer.table.TableFile}.
 */
@NullMarked
package dev.kvasir.producer.table;

import org.jspecify.annotations.NullMarked;
