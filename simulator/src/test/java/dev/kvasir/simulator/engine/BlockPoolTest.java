package dev.kvasir.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BlockPoolTest {

  @Test
  void theLeastRecentlyUsedPrefixIsForgottenFirst() {
    BlockPool pool = new BlockPool(3, true);
    for (long prefix : new long[] {1, 2, 3}) {
      int block = pool.take();
      pool.publish(block, prefix);
      pool.release(block);
    }
    pool.release(pool.share(1));

    pool.take();

    assertThat(present(pool, 1)).isTrue();
    assertThat(present(pool, 2)).isFalse();
    assertThat(present(pool, 3)).isTrue();
  }

  @Test
  void whatHoldsNothingWorthFindingIsTakenBeforeAnyPrefix() {
    BlockPool pool = new BlockPool(2, true);
    int found = pool.take();
    pool.publish(found, 1);
    pool.release(found);
    pool.release(pool.take());

    pool.take();

    assertThat(present(pool, 1)).isTrue();
  }

  @Test
  void aSharedBlockIsFreeOnlyWhenNobodyHoldsIt() {
    BlockPool pool = new BlockPool(1, true);
    int block = pool.take();
    pool.publish(block, 1);
    pool.share(1);

    pool.release(block);
    assertThat(pool.free()).isZero();
    pool.release(block);
    assertThat(pool.free()).isEqualTo(1);
  }

  @Test
  void withoutAPrefixCacheNothingIsFound() {
    BlockPool pool = new BlockPool(1, false);

    pool.publish(pool.take(), 1);

    assertThat(present(pool, 1)).isFalse();
  }

  @Test
  void anEmptyPoolHasNothingToTake() {
    BlockPool pool = new BlockPool(1, true);
    pool.take();

    assertThatThrownBy(pool::take).isInstanceOf(IllegalStateException.class);
  }

  private static boolean present(BlockPool pool, long prefix) {
    return pool.presentPrefix(new long[] {prefix}, 1) == 1;
  }
}
