package dev.kvasir.simulator.profile;

/**
 * How the KV of a token is written down, and what that costs.
 *
 * <p>Quantised elements come in groups with a scale of 16 bits each, and a zero point of 16 bits
 * where they are asymmetric. The latest tokens of a request, {@link #residual}, stay in 16 bits; by
 * channel, groups run over tokens, so at least one group's worth of tokens does.
 *
 * @param fullBytes of one token in 16 bits
 * @param bytes of one quantised token
 * @param residual tokens of each request that are kept in 16 bits
 * @param quantised whether anything has to be converted
 */
record KvFormat(double fullBytes, double bytes, int residual, boolean quantised) {
  private static final double FULL_BITS = 16;
  private static final double SCALE_BITS = 16;

  static KvFormat of(ProfileValues values) {
    double layers = values.number("model.layers");
    double latent = values.number("model.latent");
    double half = layers * values.number("model.kv-heads") * values.number("model.head-size");
    double k = latent > 0 ? layers * latent : half;
    double v = latent > 0 ? 0 : half;
    double kBits = bits(values, "kv.k-bits");
    double vBits = bits(values, "kv.v-bits");
    boolean quantised =
        values.number("kv.k-bits") < FULL_BITS || values.number("kv.v-bits") < FULL_BITS;
    int residual = values.whole("kv.residual");
    if (quantised && values.text("kv.axis").equals("channel")) {
      residual = Math.max(residual, values.whole("kv.group"));
    }
    return new KvFormat(
        (k + v) * FULL_BITS / 8, (k * kBits + v * vBits) / 8, quantised ? residual : 0, quantised);
  }

  private static double bits(ProfileValues values, String key) {
    double bits = values.number(key);
    if (bits >= FULL_BITS) {
      return FULL_BITS;
    }
    double perGroup = values.flag("kv.asymmetric") ? 2 * SCALE_BITS : SCALE_BITS;
    return bits + perGroup / values.number("kv.group");
  }
}
