package chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * Makes a gateway's clock jump: a Java agent that puts a {@link ShiftedClock} where the gateway
 * asks for the system's, and reads from a file by how much it is off. Neither the gateway nor the
 * machine knows of it; timers, which run on another clock in reality too, are as they were.
 */
public final class ClockAgent {
  private static final ClassDesc SHIFTED = ClassDesc.of("chaos.ShiftedClock");
  private static final long LOOK_EVERY_NANOS = 20_000_000;

  private ClockAgent() {}

  /** Called by the JVM before the gateway's main. */
  public static void premain(String file, Instrumentation instrumentation) {
    Thread.ofPlatform().daemon().name("clock-jumps").start(() -> follow(Path.of(file)));
    instrumentation.addTransformer(new Replacing());
  }

  private static void follow(Path file) {
    while (true) {
      try {
        String text = Files.readString(file).strip();
        if (!text.isEmpty()) {
          ShiftedClock.offset(Long.parseLong(text));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
  }

  private static final class Replacing implements ClassFileTransformer {
    @Override
    public byte @Nullable [] transform(
        @Nullable ClassLoader loader,
        String name,
        @Nullable Class<?> redefined,
        @Nullable ProtectionDomain domain,
        byte[] bytes) {
      if (!name.startsWith("app/") && !name.startsWith("psp/")) {
        return null;
      }
      var files = ClassFile.of();
      CodeTransform code =
          (builder, element) -> {
            if (element instanceof InvokeInstruction call
                && call.opcode() == Opcode.INVOKESTATIC
                && isClock(call)) {
              builder.invokestatic(
                  SHIFTED,
                  call.name().stringValue(),
                  MethodTypeDesc.ofDescriptor(call.type().stringValue()));
            } else {
              builder.with(element);
            }
          };
      return files.transformClass(
          files.parse(bytes), ClassTransform.transformingMethodBodies(code));
    }

    private static boolean isClock(InvokeInstruction call) {
      String owner = call.owner().asInternalName().replace('/', '.');
      String method = call.name().stringValue();
      return (owner.equals(Clock.class.getName()) && method.equals("systemUTC"))
          || (owner.equals(InstantSource.class.getName()) && method.equals("system"));
    }
  }

  /** A jar with the agent in it. */
  static void writeJar(Path jar) throws IOException {
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Premain-Class", ClockAgent.class.getName());
    try (OutputStream out = Files.newOutputStream(jar);
        var entries = new JarOutputStream(out, manifest)) {
      for (Class<?> part : new Class<?>[] {ClockAgent.class, Replacing.class, ShiftedClock.class}) {
        String name = part.getName().replace('.', '/') + ".class";
        entries.putNextEntry(new JarEntry(name));
        try (InputStream in =
            Objects.requireNonNull(ClockAgent.class.getClassLoader().getResourceAsStream(name))) {
          in.transferTo(entries);
        }
      }
    }
  }
}
