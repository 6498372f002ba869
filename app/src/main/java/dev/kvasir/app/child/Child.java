package dev.kvasir.app.child;

import dev.kvasir.app.pipeline.Causes;
import dev.kvasir.app.pipeline.Home;
import dev.kvasir.app.pipeline.Logs;
import dev.kvasir.app.pipeline.ParentLine;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/** Where a process begins that another kvasir started. */
public final class Child {

  /** What a process does until its parent ends it. */
  private interface Work {
    void run(Home home, ParentLine parent) throws InterruptedException;
  }

  private Child() {}

  /**
   * Does the work of a role; exit status 1, with the reason on the standard error, if it fails.
   *
   * @param arguments the role and the home's folder
   */
  public static void main(String[] arguments) {
    String role = arguments[0];
    Home home = Home.at(Path.of(arguments[1]));
    Logs.into(home, role);
    try {
      work(role).run(home, ParentLine.over(System.in, System.out));
    } catch (RuntimeException | InterruptedException e) {
      LoggerFactory.getLogger(Child.class).error("the process failed role={}", role, e);
      System.err.println(Causes.paragraph(e));
      System.exit(1);
    }
    System.exit(0);
  }

  private static Work work(String role) {
    return switch (role) {
      case "generator" -> GeneratorChild::run;
      case "simulators" -> SimulatorsChild::run;
      case "emitter" -> EmitterChild::run;
      case "calibrator" -> CalibratorChild::run;
      default -> throw new IllegalArgumentException("there is no child process " + role);
    };
  }
}
