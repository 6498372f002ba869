package dev.kvasir.simulator.engine;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/** One request inside the engine: its tokens so far and the blocks it holds. */
final class Sequence {
  final long id;
  final long arrivedNanos;
  final int promptTokens;
  final int outputTokens;

  /** Output tokens produced so far. */
  int generated;

  /** Tokens, from the first on, whose KV lies in the held blocks. */
  int computed;

  /** Tokens that the step in flight computes. */
  int scheduled;

  /** Whether it ever ran; a preempted sequence is admitted a second time. */
  boolean admitted;

  private final IntUnaryOperator output;
  private final int blockTokens;
  private long prefix = PrefixHash.EMPTY;
  private long[] blockHashes;
  private int hashed;
  private int[] blocks;
  private int held;
  private int published;

  Sequence(long id, Work work, int blockTokens) {
    this.id = id;
    this.arrivedNanos = work.arrivedNanos();
    this.promptTokens = work.prompt().length;
    this.outputTokens = work.outputTokens();
    this.output = work.output();
    this.blockTokens = blockTokens;
    this.blockHashes = new long[promptTokens / blockTokens + 2];
    this.blocks = new int[promptTokens / blockTokens + 2];
    for (int i = 0; i < promptTokens; i++) {
      extend(work.prompt()[i], i + 1);
    }
  }

  int tokens() {
    return promptTokens + generated;
  }

  /** Tokens whose KV is still to be computed: 1 while it decodes. */
  int uncomputed() {
    return tokens() - computed;
  }

  boolean decoding() {
    return generated > 0 && uncomputed() == 1;
  }

  boolean finished() {
    return generated == outputTokens;
  }

  /** Produces the next output token. */
  void generate() {
    int token = output.applyAsInt(generated);
    generated++;
    extend(token, tokens());
  }

  /** Hashes of its full blocks, of which the first {@link #fullBlocks} count. */
  long[] blockHashes() {
    return blockHashes;
  }

  int fullBlocks() {
    return hashed;
  }

  int heldBlocks() {
    return held;
  }

  int block(int position) {
    return blocks[position];
  }

  void hold(int block) {
    if (held == blocks.length) {
      blocks = Arrays.copyOf(blocks, held * 2);
    }
    blocks[held++] = block;
  }

  /** Blocks that lack until {@code count} tokens have room. */
  int blocksLacking(int count) {
    return Math.max(0, Math.ceilDiv(count, blockTokens) - held);
  }

  /** Says that the KV of its first {@code blockCount} blocks came out of the prefix cache. */
  void foundCached(int blockCount) {
    computed = blockCount * blockTokens;
    published = blockCount;
  }

  /** Makes the blocks that were filled since the last call findable. */
  void publish(BlockPool pool) {
    int full = computed / blockTokens;
    for (; published < full; published++) {
      pool.publish(blocks[published], blockHashes[published]);
    }
  }

  /** Gives every block back, the last one first, so that a prefix outlives what follows it. */
  void releaseBlocks(BlockPool pool) {
    while (held > 0) {
      pool.release(blocks[--held]);
    }
    published = 0;
    computed = 0;
    scheduled = 0;
  }

  private void extend(int token, int length) {
    prefix = PrefixHash.then(prefix, token);
    if (length % blockTokens != 0) {
      return;
    }
    if (hashed == blockHashes.length) {
      blockHashes = Arrays.copyOf(blockHashes, hashed * 2);
    }
    blockHashes[hashed++] = prefix;
  }
}
