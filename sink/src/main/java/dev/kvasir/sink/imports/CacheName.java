package dev.kvasir.sink.imports;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a campaign's short name of a KV cache says, such as {@code gds-800g}.
 *
 * @param name the name as it is written
 * @param medium {@code none}, {@code cpu}, {@code disk}, {@code gds}, or null for another
 * @param bandwidth such as {@code 800g}; null when the name has none
 */
record CacheName(String name, @Nullable String medium, @Nullable String bandwidth) {

  private static final Pattern CAMPAIGN_FILE = Pattern.compile("ds-[^-]+-(.+?)\\.json");
  private static final Pattern BANDWIDTH = Pattern.compile("(?:^|-)(\\d+g)\\b");
  private static final Map<String, String> MEDIA =
      Map.of("gds", "gds", "disk", "disk", "cpu", "cpu", "none", "none");

  static CacheName of(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    String medium =
        MEDIA.entrySet().stream()
            .filter(each -> lower.equals(each.getKey()) || lower.startsWith(each.getKey() + "-"))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse(null);
    Matcher bandwidth = BANDWIDTH.matcher(lower);
    return new CacheName(name, medium, bandwidth.find() ? bandwidth.group(1) : null);
  }

  /** The name in a campaign's file name; null when it is no such file. */
  static @Nullable CacheName ofFile(String file) {
    Matcher campaign = CAMPAIGN_FILE.matcher(file);
    return campaign.matches() ? of(campaign.group(1)) : null;
  }

  /** Whether a file is named as the campaigns name theirs. */
  static boolean isCampaign(String file) {
    return CAMPAIGN_FILE.matcher(file).matches();
  }

  /** The strategy: a cache called none means that every prompt is computed again. */
  String strategy(boolean arcc) {
    String base = "none".equals(medium) ? "recompute" : name;
    return arcc ? base + "+arcc" : base;
  }
}
