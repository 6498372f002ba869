package dev.kvasir.producer.client;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long Linux lets the calling thread run before others that wait. A thread that wakes
 * interrupts one with a longer slice at once; with equal slices it waits for the other's end, more
 * than a millisecond later. Needs no privilege; Linux before 6.12 and other systems leave all
 * slices equal ({@code sched_setattr(2)}, {@code sched(7)}).
 */
final class TimeSlice {

  /** The shortest that Linux has. */
  static final long SHORTEST_NANOS = 100_000;

  private static final Logger LOG = LoggerFactory.getLogger(TimeSlice.class);

  /** Numbers of the system calls, by architecture. */
  private record Calls(long set, long get) {}

  private static final Map<String, Calls> CALLS =
      Map.of("amd64", new Calls(314, 315), "aarch64", new Calls(274, 275));

  /** {@code struct sched_attr}, and where its {@code sched_runtime} is. */
  private static final long ATTRIBUTES_BYTES = 56;

  private static final long RUNTIME_AT = 24;
  private static final long THIS_THREAD = 0;

  private final MethodHandle syscall;
  private final Calls calls;

  @SuppressWarnings("restricted")
  private TimeSlice(Calls calls) {
    Linker linker = Linker.nativeLinker();
    this.calls = calls;
    this.syscall =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("syscall"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG),
            Linker.Option.firstVariadicArg(1));
  }

  /** Gives the calling thread the shortest slices; where that is not possible, it says so. */
  static void shorten() {
    TimeSlice slice = open();
    if (slice == null || !slice.set(SHORTEST_NANOS)) {
      LOG.info("the event loop takes turns like every thread; Linux 6.12 would let it go first");
    }
  }

  /**
   * The slice that the calling thread has asked for; 0 if none, or where there is no such thing.
   */
  static long ofThisThread() {
    TimeSlice slice = open();
    if (slice == null) {
      return 0;
    }
    try (Arena arena = Arena.ofConfined()) {
      return slice.attributes(arena).get(ValueLayout.JAVA_LONG, RUNTIME_AT);
    }
  }

  private static @Nullable TimeSlice open() {
    Calls calls = CALLS.get(System.getProperty("os.arch"));
    return calls == null || !System.getProperty("os.name").equals("Linux")
        ? null
        : new TimeSlice(calls);
  }

  private boolean set(long nanos) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attributes = attributes(arena);
      attributes.set(ValueLayout.JAVA_LONG, RUNTIME_AT, nanos);
      return call(calls.set, attributes, 0) == 0;
    }
  }

  private MemorySegment attributes(Arena arena) {
    MemorySegment attributes = arena.allocate(ATTRIBUTES_BYTES, Long.BYTES);
    call(calls.get, attributes, ATTRIBUTES_BYTES);
    return attributes;
  }

  private long call(long number, MemorySegment attributes, long third) {
    try {
      return (long) syscall.invokeExact(number, THIS_THREAD, attributes, third, 0L);
    } catch (Throwable e) {
      throw new IllegalStateException("the system call " + number + " could not be made", e);
    }
  }
}
