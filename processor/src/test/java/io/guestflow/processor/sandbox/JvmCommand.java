package io.guestflow.processor.sandbox;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a child JVM is started with.
 *
 * @param name names its output files and stands in every error
 * @param environment all of it: nothing is inherited beside it
 * @param logDir where {@code name.out} and {@code name.err} are appended to
 */
public record JvmCommand(
        String name,
        String mainClass,
        List<String> arguments,
        List<String> jvmFlags,
        List<String> classPath,
        Map<String, String> environment,
        Path logDir) {

    /** kafka-clients unmaps buffers through Unsafe, RocksDB and zstd are native: JDK 25 warns of both. */
    private static final List<String> QUIET_JDK =
            List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

    public JvmCommand {
        arguments = List.copyOf(arguments);
        jvmFlags = List.copyOf(jvmFlags);
        classPath = List.copyOf(classPath);
        environment = Map.copyOf(environment);
        logDir = logDir.toAbsolutePath();
    }

    /** The class path of this JVM, which holds everything that a child in the sandbox can need. */
    public static List<String> ownClassPath() {
        return List.of(System.getProperty("java.class.path").split(File.pathSeparator));
    }

    /** The jar or directory that the class came from. */
    static Path locationOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("cannot locate " + type.getName(), e);
        }
    }

    List<String> commandLine() {
        var line = new ArrayList<String>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(QUIET_JDK);
        line.addAll(jvmFlags);
        line.add("-cp");
        line.add(String.join(File.pathSeparator, classPath));
        line.add(ExitWithParent.class.getName());
        line.add(mainClass);
        line.addAll(arguments);
        return line;
    }
}
