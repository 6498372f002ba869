package dev.kvasir.app.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that keeps an embedded log small. */
final class LogLimitOption {

  @Option(
      names = "--log-limit",
      paramLabel = "MIB",
      description =
          "When the embedded Kafka's log takes more than this, move what is older than ten minutes"
              + " into the home's archive, every ten minutes (default: 1024; 0: never).")
  private int mebibytes = 1024;

  /** Bytes; null for no limit. */
  @Nullable Long bytes() {
    if (mebibytes < 0) {
      throw new Refusal(
          ExitCode.USAGE,
          "--log-limit is %d; expected mebibytes, or 0 for no limit".formatted(mebibytes));
    }
    return mebibytes == 0 ? null : (Long) ((long) mebibytes << 20);
  }
}
