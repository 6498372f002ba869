package dev.kvasir.sink.statistics;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Means of resamples with replacement. Which value is drawn is a hash of the resample's and the
 * draw's number, so that the same values give the same interval everywhere, in SQL too.
 */
final class Bootstrap {

  private static final int RESAMPLES = 1_000;

  private Bootstrap() {}

  /** The means of 1,000 resamples, ascending. */
  static double[] means(double[] sample) {
    MessageDigest md5 = md5();
    double[] means = new double[RESAMPLES];
    for (int resample = 0; resample < RESAMPLES; resample++) {
      double sum = 0;
      for (int draw = 0; draw < sample.length; draw++) {
        sum += sample[index(md5, resample + ":" + draw, sample.length)];
      }
      means[resample] = sum / sample.length;
    }
    Arrays.sort(means);
    return means;
  }

  /** A linearly interpolated quantile of ascending values. */
  static double quantile(double[] ascending, double q) {
    double place = q * (ascending.length - 1);
    int below = (int) Math.floor(place);
    int above = Math.min(below + 1, ascending.length - 1);
    return ascending[below] + (place - below) * (ascending[above] - ascending[below]);
  }

  private static int index(MessageDigest md5, String text, int n) {
    byte[] digest = md5.digest(text.getBytes(StandardCharsets.UTF_8));
    long lower = ByteBuffer.wrap(digest).order(ByteOrder.LITTLE_ENDIAN).getLong(8);
    return (int) Long.remainderUnsigned(lower, n);
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no MD5", e);
    }
  }
}
