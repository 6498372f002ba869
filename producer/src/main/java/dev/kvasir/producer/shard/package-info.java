/**
 * One open-loop run, sent by several generators: shares of its schedule, who holds each, and who
 * takes over. It decides nothing about a run's verdict. Start at {@link
 * dev.kvasir.producer.shard.Share} and {@link dev.kvasir.producer.shard.ShardMember}.
 */
@NullMarked
package dev.kvasir.producer.shard;

import org.jspecify.annotations.NullMarked;
