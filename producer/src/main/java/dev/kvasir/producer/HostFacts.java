package dev.kvasir.producer;

import com.sun.management.OperatingSystemMXBean;
import dev.kvasir.event.Host;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Says on which machine this process runs. */
final class HostFacts {

  private HostFacts() {}

  static Host read() {
    OperatingSystemMXBean machine =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return new Host(
        name(),
        machine.getName() + " " + machine.getVersion() + " " + machine.getArch(),
        machine.getAvailableProcessors(),
        machine.getTotalMemorySize(),
        System.getProperty("java.vm.name") + " " + Runtime.version());
  }

  /** What this machine calls itself. */
  static String name() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
