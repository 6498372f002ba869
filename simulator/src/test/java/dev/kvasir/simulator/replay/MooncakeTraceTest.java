package dev.kvasir.simulator.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kvasir.simulator.engine.Profile;
import dev.kvasir.simulator.engine.Prompt;
import dev.kvasir.simulator.engine.Work;
import dev.kvasir.simulator.profile.Profiles;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Mooncake's published trace, where it is at hand. */
class MooncakeTraceTest {

  @Test
  void anInfiniteCacheFindsSixtyFourPercentOfTheBlocks() throws IOException {
    MooncakeTrace trace = MooncakeTrace.read(ReferenceData.file(ReferenceData.MOONCAKE));
    List<Work> schedule = trace.requests().stream().map(MooncakeTraceTest::wholePieces).toList();
    Profile infinite =
        new Profile(
            "infinite",
            "for tests",
            new Profile.Model("infinite", 200_000),
            new Profile.Scheduler(4_000, 1 << 30),
            new Profile.KvCache(MooncakeTrace.PIECE, 300_000, true),
            new Profile.Cost(1, 0, 0, 0, 0, 0),
            new Profile.Output(0, 10, 0.5));

    VirtualRun run = new VirtualRun(infinite);
    List<Fate> fates = run.open(schedule);

    long pieces = schedule.stream().mapToLong(work -> work.prompt().length() / 512).sum();
    long found = fates.stream().mapToLong(fate -> fate.reuse().total() / 512).sum();
    System.out.printf("hit rate of an infinite cache: %.2f %%%n", 100.0 * found / pieces);
    assertThat(100.0 * found / pieces).isCloseTo(64.0, within(0.1));
  }

  @Test
  void aHundredThousandRequestsTakeSeconds() throws IOException {
    MooncakeTrace trace = MooncakeTrace.read(ReferenceData.file(ReferenceData.MOONCAKE));
    Profile profile =
        Profiles.load("deepseek-r1-h200", Map.of("strategy", "lmcache-cpu", "cpu.capacity", "1TB"));
    long begun = System.nanoTime();

    VirtualRun run = new VirtualRun(profile);
    List<Fate> fates = run.open(trace.repeated(100_000, 1, 131_072));

    System.out.printf(
        "100,000 requests in %.1f s; %.0f s of virtual time, %d steps; reuse %s%n",
        (System.nanoTime() - begun) / 1e9,
        run.nowNanos() / 1e9,
        run.state().steps(),
        Outcome.of(run, fates).reuse());
    assertThat(fates).hasSize(100_000).allMatch(Fate::answered);
  }

  /** As many whole pieces, and one token so that all of them can be found. */
  private static Work wholePieces(Work work) {
    Prompt.PiecePrompt given = (Prompt.PiecePrompt) work.prompt();
    long[] ids = java.util.Arrays.copyOf(given.ids(), given.ids().length + 1);
    ids[ids.length - 1] = -work.arrivedNanos() - 1;
    int length = given.ids().length * MooncakeTrace.PIECE + 1;
    return new Work(
        work.arrivedNanos(), Prompt.ofPieces(ids, MooncakeTrace.PIECE, length), 1, work.output());
  }
}
