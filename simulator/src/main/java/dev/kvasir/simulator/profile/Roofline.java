package dev.kvasir.simulator.profile;

import dev.kvasir.simulator.engine.Profile.Cost;
import java.util.Locale;

/**
 * What follows from a model and its GPUs: the costs of a step and the size of the KV pool, unless
 * the profile says them itself. Weights that do not fit lie in the host's memory, experts first, if
 * it has a bandwidth for that.
 */
final class Roofline {
  private final ProfileValues values;
  private final KvFormat format;
  private final double gpus;
  private final boolean latent;

  Roofline(ProfileValues values) {
    this.values = values;
    this.format = KvFormat.of(values);
    this.gpus = values.number("gpu.count");
    this.latent = values.number("model.latent") > 0;
  }

  /** Bytes of one token's KV, all parts together, or one copy where each GPU keeps all of it. */
  double kvBytesPerToken() {
    return values.has("model.layers") ? format.bytes() : 1;
  }

  /** How many GPUs keep the same KV. */
  double kvCopies() {
    return latent ? gpus : 1;
  }

  int blocks() {
    if (values.has("kv.blocks")) {
      return values.whole("kv.blocks");
    }
    double blockBytes = values.number("kv.block-tokens") * format.bytes() * kvCopies();
    double free = memory() - weights() - residualBytes();
    int blocks = (int) Math.max(0, Math.min(Integer.MAX_VALUE, free / blockBytes));
    long needed = values.whole("model.max-context");
    if ((long) blocks * values.whole("kv.block-tokens") < needed) {
      throw new OutOfGpuMemoryException(
          String.format(
              Locale.ROOT,
              "out of GPU memory: %.1f GB less %.1f GB of weights leave %.1f GB for KV; expected at least %.1f GB, so that one request of model.max-context, %d tokens, fits",
              memory() / 1e9,
              weights() / 1e9,
              Math.max(0, free) / 1e9,
              needed * format.bytes() * kvCopies() / 1e9,
              needed));
    }
    return blocks;
  }

  /** GPU memory that is taken from the start; 0 for unknown. */
  double gpuBytes() {
    return gpus * number("gpu.memory") * number("gpu.memory-share");
  }

  Cost cost() {
    double converting = format.quantised() ? layers() * number("kv.convert-overhead") : 0;
    return new Cost(
        number("cost.step-overhead") + converting,
        or("cost.weights-read", () -> reading(dense(), denseOnHost())),
        or("cost.compute-per-token", this::perToken),
        or("cost.attention-per-pair", this::perPair),
        or("cost.kv-read-per-token", this::perContextToken),
        number("cost.decode-per-sequence") + residualRead(),
        or("cost.experts-read", () -> reading(experts(), expertsOnHost())),
        number("model.expert-share"));
  }

  /** A value that the profile says, or that is worked out. */
  private interface Formula {
    double value();
  }

  private double or(String key, Formula formula) {
    if (values.has(key)) {
      return number(key);
    }
    return values.has("model.parameters") ? formula.value() : 0;
  }

  /** Two operations for each weight that a token needs. */
  private double perToken() {
    double active =
        values.has("model.active-parameters")
            ? number("model.active-parameters")
            : number("model.parameters");
    return 2 * active / (gpus * number("gpu.arithmetic") * number("efficiency.arithmetic"));
  }

  /** Two operations for each element of a query and a key, and two for a weight and a value. */
  private double perPair() {
    double operations = 4 * number("model.query-heads") * number("model.head-size") * layers();
    return operations / (gpus * number("gpu.arithmetic") * number("efficiency.attention"));
  }

  private double perContextToken() {
    double readers = gpus / kvCopies();
    double reading = format.bytes() / (readers * bandwidth());
    double converting =
        format.quantised() ? format.fullBytes() / (readers * number("kv.convert-bandwidth")) : 0;
    return reading + converting;
  }

  private double residualRead() {
    double more = format.residual() * (format.fullBytes() - format.bytes());
    return more == 0 ? 0 : more * kvCopies() / (gpus * bandwidth());
  }

  private double residualBytes() {
    return number("scheduler.max-sequences")
        * format.residual()
        * (format.fullBytes() - format.bytes())
        * kvCopies();
  }

  private double reading(double bytes, double onHost) {
    double reading = (bytes - onHost) / (gpus * bandwidth());
    return onHost == 0 ? reading : reading + onHost / number("host.weights-bandwidth");
  }

  /** GPU memory for weights and KV. */
  private double memory() {
    return gpus * (number("gpu.memory") * number("gpu.memory-share") - number("gpu.reserved"));
  }

  private double weights() {
    return number("model.parameters") * number("model.weight-bits") / 8;
  }

  private double experts() {
    return number("model.expert-parameters") * number("model.weight-bits") / 8;
  }

  private double dense() {
    return weights() - experts();
  }

  private double onHost() {
    if (!values.has("kv.blocks")) {
      return 0;
    }
    double kv = number("kv.blocks") * number("kv.block-tokens") * format.bytes() * kvCopies();
    double lacking = Math.max(0, weights() + kv - memory());
    if (lacking > 0 && number("host.weights-bandwidth") == 0) {
      throw new OutOfGpuMemoryException(
          String.format(
              Locale.ROOT,
              "out of GPU memory: %.1f GB of weights and %.1f GB of KV are more than %.1f GB of GPU memory; expected them to fit, or host.weights-bandwidth",
              weights() / 1e9,
              kv / 1e9,
              memory() / 1e9));
    }
    return Math.min(lacking, weights());
  }

  private double expertsOnHost() {
    return Math.min(experts(), onHost());
  }

  private double denseOnHost() {
    return onHost() - expertsOnHost();
  }

  private double layers() {
    return number("model.layers");
  }

  private double bandwidth() {
    return number("gpu.bandwidth") * number("efficiency.bandwidth");
  }

  private double number(String key) {
    return values.number(key);
  }
}
