package dev.kvasir.simulator.engine;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** One request inside the engine: its tokens so far and the blocks it holds. */
final class Sequence {
  private static final long[] NOT_HASHED = new long[0];

  final long id;
  final long arrivedNanos;
  final int promptTokens;
  final int outputTokens;

  /** Output tokens produced so far. */
  int generated;

  /** Output tokens told of so far. */
  int told;

  /** Tokens, from the first on, whose KV lies in the held blocks. */
  int computed;

  /** Tokens that the step in flight computes. */
  int scheduled;

  /** Whether it ever ran; a preempted sequence is admitted a second time. */
  boolean admitted;

  /** When its KV is loaded, while it waits aside for that. */
  double readyNanos;

  /** Tokens whose KV lies in swap memory while it is preempted. */
  int swapped;

  /** Prompt tokens found by source, as in {@link Reuse}. */
  final int[] reuse;

  /** Prompt tokens that were offered to each tier. */
  final int[] stored;

  /**
   * Brings the KV of the prompt from another engine: takes when that begins, says when it ends.
   * Null if the prompt is computed here.
   */
  final @Nullable DoubleUnaryOperator handover;

  private final Prompt prompt;
  private final IntUnaryOperator output;
  private final int blockTokens;
  private long prefix;
  private long promptHash;
  private long[] blockHashes = NOT_HASHED;
  private int hashed;
  private int hashedOutput;
  private int[] blocks;
  private int held;
  private int published;

  Sequence(long id, Work work, int blockTokens, int tiers, @Nullable DoubleUnaryOperator handover) {
    this.id = id;
    this.arrivedNanos = work.arrivedNanos();
    this.prompt = work.prompt();
    this.promptTokens = prompt.length();
    this.outputTokens = work.outputTokens();
    this.output = work.output();
    this.blockTokens = blockTokens;
    this.blocks = new int[8];
    this.reuse = new int[tiers + 2];
    this.stored = new int[tiers];
    this.handover = handover;
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

  /** Hashes of its full blocks, of which the first {@link #fullBlocks} count. */
  long[] blockHashes() {
    return blockHashes;
  }

  int fullBlocks() {
    return hashed;
  }

  /** The hash of its first {@code tokens} tokens: some full blocks or the whole prompt. */
  long prefixAt(int tokens, int block) {
    return tokens % block == 0 ? blockHashes[tokens / block - 1] : promptHash;
  }

  /** Hashes its tokens so far; until this is called, it has no hashes. */
  void hash() {
    if (blockHashes == NOT_HASHED) {
      blockHashes = new long[promptTokens / blockTokens + 2];
      prefix = prompt.hash(blockTokens, blockHashes);
      promptHash = PrefixHash.then(prefix, -promptTokens);
      hashed = promptTokens / blockTokens;
    }
    for (; hashedOutput < generated; hashedOutput++) {
      extend(output.applyAsInt(hashedOutput), promptTokens + hashedOutput + 1);
    }
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

  /**
   * Says how many of its tokens, from the first on, are not computed again.
   *
   * @param blockCount the blocks that were found where they lie, already findable
   */
  void found(int tokens, int blockCount) {
    computed = tokens;
    published = blockCount;
    reuse[0] = blockCount * blockTokens;
  }

  /** Makes the blocks that were filled since the last call findable. */
  void publish(BlockPool pool) {
    int full = computed / blockTokens;
    if (published >= full) {
      return;
    }
    hash();
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
    Arrays.fill(reuse, 0);
    Arrays.fill(stored, 0);
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
