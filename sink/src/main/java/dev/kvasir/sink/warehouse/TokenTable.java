package dev.kvasir.sink.warehouse;

import dev.kvasir.event.Phase;
import dev.kvasir.event.TokenReceived;
import dev.kvasir.metric.TokenMetrics;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * Tokens as short rows: ordered by request within a batch, so that neighbours compress, and with
 * only what is not the usual. Of a chunk that follows one before, the gap is stored and not the
 * time. Owned by the loader's thread.
 */
final class TokenTable {

  /** Stands for an unknown number of tokens; one token is stored as NULL. */
  private static final int UNKNOWN = -1;

  private static final int USUAL_FLAGS = TokenMetrics.flags(Phase.MEASURE, false);

  private final RunCodes codes;
  private final LastChunks last = new LastChunks();

  TokenTable(RunCodes codes) {
    this.codes = codes;
  }

  /** Appends tokens, those of an ordinal together and in the order in which they came. */
  void append(DuckDBConnection connection, List<TokenReceived> tokens) throws SQLException {
    long[] order = new long[tokens.size()];
    for (int place = 0; place < order.length; place++) {
      order[place] = ((long) tokens.get(place).getOrdinal() << Integer.SIZE) | place;
    }
    Arrays.sort(order);
    try (DuckDBAppender appender = connection.createAppender("token")) {
      for (long key : order) {
        append(appender, tokens.get((int) key));
      }
    }
  }

  private void append(DuckDBAppender appender, TokenReceived token) throws SQLException {
    int code = codes.of(token.getRun());
    appender.beginRow();
    appender.append(code);
    appender.append(token.getOrdinal());
    appender.append(token.getIndex());
    appendGapAndTime(appender, code, token);
    Integer tokens = token.getTokens();
    appendUnlessUsual(appender, tokens == null ? UNKNOWN : tokens, 1);
    appendUnlessUsual(appender, token.getReadBatch(), last.expectedRead(code, token));
    appendUnlessUsual(appender, token.getFlags(), USUAL_FLAGS);
    appender.endRow();
    last.remember(code, token);
  }

  private void appendGapAndTime(DuckDBAppender appender, int code, TokenReceived token)
      throws SQLException {
    Long gap = token.getGapNanos();
    if (gap == null) {
      appender.appendNull();
    } else {
      appender.append(gap.longValue());
    }
    if (last.tellTimeOf(code, token)) {
      appender.appendNull();
    } else {
      appender.append(token.getAt());
    }
  }

  private static void appendUnlessUsual(DuckDBAppender appender, int value, int usual)
      throws SQLException {
    if (value == usual) {
      appender.appendNull();
    } else {
      appender.append(value);
    }
  }
}
