package dev.kvasir.producer.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads how warm caches may be. */
final class CacheReader {

  static final List<String> KEYS = List.of("salt", "reset");
  static final List<String> RESET_KEYS = List.of("url", "method", "command");

  private static final String BY_ENGINE = "auto";
  private static final String DEFAULT_METHOD = "POST";
  private static final Value<CachePolicy.Salting> SALT =
      Value.oneOf(CachePolicy.Salting.values(), CachePolicy.Salting::text);
  private static final Value<String> METHOD =
      new Value<>(
          "an HTTP method, such as POST",
          text -> text.matches("[A-Za-z]{3,10}") ? text.toUpperCase(Locale.ROOT) : null);
  private static final Value<String> TARGET =
      new Value<>(
          "an http or https address, or a path on the server such as /flush_cache",
          text -> text.startsWith("/") ? text : Value.PAGE.parser().apply(text),
          Value.PAGE.shown());

  private final Problems problems;

  CacheReader(Problems problems) {
    this.problems = problems;
  }

  /** The plan's policy. */
  CachePolicy policy(Section plan) {
    Section cache = plan.section("cache", KEYS);
    if (cache == null) {
      return CachePolicy.OPEN;
    }
    return new CachePolicy(
        cache.valueOr("salt", SALT, CachePolicy.Salting.NONE), resets(cache), true);
  }

  /** The resets that a section names, one or a list; empty when it names none. */
  List<CacheReset> resets(Section section) {
    PlanNode node = section.node("reset");
    if (node == null) {
      return List.of();
    }
    List<PlanNode> nodes =
        node instanceof PlanNode.Items(_, List<PlanNode> items) ? items : List.of(node);
    List<CacheReset> resets = new ArrayList<>();
    for (PlanNode each : nodes) {
      CacheReset reset =
          each instanceof PlanNode.Mapping ? own(section, each) : named(section, each);
      if (reset != null) {
        resets.add(reset);
      }
    }
    return resets;
  }

  private @Nullable CacheReset named(Section section, PlanNode node) {
    if (node instanceof PlanNode.Scalar(_, String text, _)) {
      if (text.equals(BY_ENGINE)) {
        return new CacheReset.ByEngine();
      }
      for (CacheReset.Known known : CacheReset.Known.values()) {
        if (known.text().equals(text)) {
          return known;
        }
      }
    }
    problems.add(
        node.where(),
        "%s is %s".formatted(section.name("reset"), node.describe()),
        "it must be auto, %s, {url: …} or {command: …}"
            .formatted(
                String.join(
                    ", ",
                    Stream.of(CacheReset.Known.values()).map(CacheReset.Known::text).toList())));
    return null;
  }

  private @Nullable CacheReset own(Section section, PlanNode node) {
    Section reset = Section.of(section.name("reset"), node, RESET_KEYS, problems);
    if (reset.has("url") == reset.has("command")) {
      problems.add(
          node.where(), section.name("reset") + " is not one thing", "give url or command");
      return null;
    }
    if (reset.has("command")) {
      reset.refuse("method", "a command has none");
      String shell = reset.value("command", Value.TEXT);
      return shell == null ? null : new CacheReset.Command(shell);
    }
    String url = reset.value("url", TARGET);
    String method = reset.valueOr("method", METHOD, DEFAULT_METHOD);
    return url == null ? null : new CacheReset.Call(method, url);
  }
}
