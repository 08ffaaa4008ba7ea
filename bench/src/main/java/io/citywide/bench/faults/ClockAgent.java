package io.citywide.bench.faults;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/**
 * Sets the clock of a running Java process, and of nobody else: whatever {@code java.time} and {@code Date} read there,
 * and with them everything that a server of ours knows of the time, is off by as much as wanted. Needs no privilege. The
 * clock of PostgreSQL stays as it is.
 */
public final class ClockAgent {

  private static boolean installed;

  private ClockAgent() {}

  /**
   * @param pid of a Java process of this account
   * @param by negative: the clock is set back; of the true time, not of what it showed before
   * @param folder for the agent's jar
   */
  static void set(long pid, Duration by, Path folder) throws IOException {
    Path jar = folder.resolve("clock-agent.jar");
    if (!Files.exists(jar)) {
      write(jar);
    }
    try {
      VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
      try {
        machine.loadAgent(jar.toString(), jar + "|" + by.toMillis());
      } finally {
        machine.detach();
      }
    } catch (AttachNotSupportedException | AgentLoadException | AgentInitializationException e) {
      throw new IOException("the clock of process " + pid + " cannot be set: " + e, e);
    }
  }

  private static void write(Path jar) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Agent-Class", ClockAgent.class.getName());
    manifest.getMainAttributes().putValue("Can-Retransform-Classes", "true");
    try (OutputStream file = Files.newOutputStream(jar); JarOutputStream out = new JarOutputStream(file, manifest)) {
      for (Class<?> type : List.of(ClockAgent.class, Changer.class, WallClock.class)) {
        String name = type.getName().replace('.', '/') + ".class";
        out.putNextEntry(new JarEntry(name));
        try (InputStream bytes = ClockAgent.class.getClassLoader().getResourceAsStream(name)) {
          bytes.transferTo(out);
        }
      }
    }
  }

  /** In the other process. */
  public static void agentmain(String words, Instrumentation instrumentation) throws IOException, UnmodifiableClassException, ClassNotFoundException {
    String[] parts = words.split("\\|");
    if (!installed) {
      instrumentation.addTransformer(new Changer(), true);
      // Where the classes of the JDK find WallClock; what is loaded from here on comes from there.
      instrumentation.appendToBootstrapClassLoaderSearch(new JarFile(parts[0]));
      Class<?>[] clocks = Stream.concat(Arrays.stream(Clock.class.getDeclaredClasses()), Stream.of(Clock.class, Date.class)).toArray(Class<?>[]::new);
      instrumentation.retransformClasses(clocks);
      installed = true;
    }
    WallClock.offsetMillis = Long.parseLong(parts[1]);
  }

  /** Corrects each reading of the clock right after it. */
  private static final class Changer implements ClassFileTransformer {

    private static final Set<String> CLOCKS = Set.of("java/time/Clock", "java/time/Clock$SystemClock", "java/time/Clock$SystemInstantSource", "java/util/Date");
    private static final MethodTypeDesc CORRECTION = MethodTypeDesc.ofDescriptor("(J)J");

    @Override
    public byte[] transform(ClassLoader loader, String name, Class<?> type, ProtectionDomain domain, byte[] bytes) {
      if (!CLOCKS.contains(name)) {
        return null;
      }
      ClassFile file = ClassFile.of();
      return file.transformClass(file.parse(bytes), ClassTransform.transformingMethodBodies(CodeTransform.ofStateful(() -> (code, element) -> {
        code.with(element);
        if (element instanceof InvokeInstruction call) {
          switch (call.name().stringValue()) {
            case "currentTimeMillis" -> code.invokestatic(ClassDesc.of(WallClock.class.getName()), "millis", CORRECTION);
            case "getNanoTimeAdjustment" -> code.invokestatic(ClassDesc.of(WallClock.class.getName()), "nanos", CORRECTION);
            default -> {
              // Reads no clock.
            }
          }
        }
      })));
    }
  }
}
