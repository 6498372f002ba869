package dev.kvasir.simulator.profile;

import dev.kvasir.simulator.engine.Profile;
import dev.kvasir.simulator.engine.TierSettings;
import dev.kvasir.simulator.engine.TierSettings.Loading;
import dev.kvasir.simulator.engine.TierSettings.Storing;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes a profile of checked values. */
final class ProfileBuilder {
  /** Bytes a nanosecond that are as good as infinite. */
  private static final double FREE = 1e9;

  private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+");

  private final ProfileValues values;
  private final Roofline roofline;

  ProfileBuilder(ProfileValues values) {
    this.values = values;
    this.roofline = new Roofline(values);
  }

  /**
   * @throws InvalidProfileException if the values do not go together
   */
  Profile build(String name) {
    try {
      return profile(name);
    } catch (InvalidProfileException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      String key = values.has("kv.blocks") ? "kv.blocks" : "model.max-context";
      throw new InvalidProfileException(List.of(values.place(key) + ": " + e.getMessage()));
    }
  }

  private Profile profile(String name) {
    return new Profile(
        name,
        values.text("description"),
        new Profile.Model(
            values.text("model.name"), values.whole("model.max-context"), roofline.gpuBytes()),
        new Profile.Scheduler(
            values.whole("scheduler.max-sequences"),
            values.whole("scheduler.max-step-tokens"),
            values.number("scheduler.swap-memory"),
            values.number("scheduler.swap-bandwidth")),
        new Profile.KvCache(
            values.whole("kv.block-tokens"), roofline.blocks(), values.flag("kv.prefix-cache")),
        roofline.cost(),
        new Profile.Output(
            values.number("output.time-per-token"),
            values.number("output.natural-median"),
            values.number("output.natural-sigma"),
            values.whole("output.tokens-per-event"),
            values.number("output.time-per-request")),
        tiers(),
        layout(),
        faults());
  }

  private Profile.Tiers tiers() {
    List<TierSettings> below = new ArrayList<>();
    List<String> order =
        SEPARATOR
            .splitAsStream(values.text("tiers.order"))
            .filter(word -> !word.isEmpty() && !word.equals("none"))
            .toList();
    for (String medium : order) {
      if (!ProfileKeys.MEDIA.contains(medium)) {
        throw new InvalidProfileException(
            List.of(
                "%s: tiers.order has %s; %s"
                    .formatted(
                        values.place("tiers.order"),
                        medium,
                        NearestName.hint(medium, ProfileKeys.MEDIA))));
      }
      if (values.number(medium + ".cache") > 0) {
        below.add(cache(medium));
      }
      below.add(tier(medium));
    }
    return new Profile.Tiers(
        below,
        roofline.kvBytesPerToken(),
        values.flag("tiers.prompt-only"),
        values.number("tiers.lookup"));
  }

  private TierSettings tier(String medium) {
    return tier(
        medium,
        medium,
        values.number(medium + ".capacity"),
        throughLink(medium, values.number(medium + ".read-bandwidth")),
        throughLink(medium, values.number(medium + ".write-bandwidth")));
  }

  /** What of a medium lies in memory on this side of its link; writing to it costs nothing more. */
  private TierSettings cache(String medium) {
    return tier(
        medium,
        medium + "-cache",
        values.number(medium + ".cache"),
        values.number(medium + ".read-bandwidth"),
        FREE);
  }

  private TierSettings tier(
      String medium, String name, double capacity, double readBandwidth, double writeBandwidth) {
    return new TierSettings(
        name,
        capacity,
        readBandwidth,
        writeBandwidth,
        values.number(medium + ".latency"),
        values.whole(medium + ".concurrency"),
        values.flag(medium + ".duplex"),
        values.whole(medium + ".chunk-tokens"),
        values.flag(medium + ".partial-chunks"),
        Loading.valueOf(upper(values.text(medium + ".loading"))),
        Storing.valueOf(upper(values.text(medium + ".storing"))),
        values.number(medium + ".write-buffer"));
  }

  /** Each byte passes the medium and then the link, which carries every GPU's copy. */
  private double throughLink(String medium, double bandwidth) {
    double link = values.number(medium + ".link") * values.number("efficiency.link");
    return link == 0 ? bandwidth : 1 / (1 / bandwidth + roofline.kvCopies() / link);
  }

  private Profile.Layout layout() {
    int prefill = values.whole("split.prefill");
    int decode = values.whole("split.decode");
    Profile.@Nullable Split split =
        prefill + decode == 0
            ? null
            : new Profile.Split(
                prefill,
                decode,
                values.number("split.bandwidth"),
                values.number("split.latency"),
                values.whole("split.push-tokens"),
                values.text("split.first-token").equals("prefill"));
    return new Profile.Layout(split == null ? values.whole("layout.replicas") : 0, split);
  }

  private Profile.Faults faults() {
    return new Profile.Faults(
        (long) values.number("fault.crash-after"),
        (long) values.number("fault.clock-skew"),
        values.number("fault.pressure-share"),
        (long) values.number("fault.pressure-from"),
        (long) values.number("fault.pressure-until"));
  }

  private static String upper(String word) {
    return word.toUpperCase(Locale.ROOT);
  }
}
