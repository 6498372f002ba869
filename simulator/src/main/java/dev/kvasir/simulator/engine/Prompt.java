package dev.kvasir.simulator.engine;

/**
 * What a request begins with, as far as an engine cares: how long it is, and which prefixes it
 * shares with others.
 */
public interface Prompt {

  /** Its tokens. */
  int length();

  /**
   * Writes the hash of the prefix that ends with each full block.
   *
   * @param into room for {@code length() / blockTokens} hashes
   * @return the hash of the whole prompt
   */
  long hash(int blockTokens, long[] into);

  /** A prompt of token ids, which are not copied. */
  static Prompt of(int[] ids) {
    return new TokenPrompt(ids);
  }

  /**
   * A prompt that is known by the identities of its pieces only, as in Mooncake's traces: two
   * prompts share a prefix as far as their ids are equal.
   *
   * @param ids one for each piece, the last of which may be shorter; not copied
   * @param pieceTokens tokens of a whole piece; the engine's blocks must divide it
   */
  static Prompt ofPieces(long[] ids, int pieceTokens, int length) {
    return new PiecePrompt(ids, pieceTokens, length);
  }

  /** Token by token. */
  @SuppressWarnings("ArrayRecordComponent")
  record TokenPrompt(int[] ids) implements Prompt {
    @Override
    public int length() {
      return ids.length;
    }

    @Override
    public long hash(int blockTokens, long[] into) {
      long prefix = PrefixHash.EMPTY;
      int block = 0;
      int end = blockTokens;
      for (int i = 0; i < ids.length; i++) {
        prefix = PrefixHash.then(prefix, ids[i]);
        if (i + 1 == end) {
          into[block++] = prefix;
          end += blockTokens;
        }
      }
      return prefix;
    }
  }

  /** Piece by piece. */
  @SuppressWarnings("ArrayRecordComponent")
  record PiecePrompt(long[] ids, int pieceTokens, int length) implements Prompt {
    public PiecePrompt {
      if (Math.ceilDiv(length, pieceTokens) != ids.length) {
        throw new IllegalArgumentException(
            "%d tokens in pieces of %d have %d ids; expected %d"
                .formatted(length, pieceTokens, ids.length, Math.ceilDiv(length, pieceTokens)));
      }
    }

    @Override
    public long hash(int blockTokens, long[] into) {
      if (pieceTokens % blockTokens != 0) {
        throw new IllegalArgumentException(
            "pieces of %d tokens cannot be cut into blocks of %d; expected a divisor"
                .formatted(pieceTokens, blockTokens));
      }
      int perPiece = pieceTokens / blockTokens;
      int full = length / blockTokens;
      long prefix = PrefixHash.EMPTY;
      int block = 0;
      for (long id : ids) {
        prefix = PrefixHash.then(prefix, Long.hashCode(id));
        for (int i = 0; i < perPiece && block < full; i++) {
          into[block++] = PrefixHash.then(prefix, i);
        }
      }
      return PrefixHash.then(prefix, length % pieceTokens);
    }
  }
}
