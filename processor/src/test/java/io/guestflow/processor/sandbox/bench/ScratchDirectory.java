package io.guestflow.processor.sandbox.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A directory that goes with the benchmark. */
public record ScratchDirectory(Path path) implements AutoCloseable {

    /** Makes it; not in the system's temporary directory, which may be another kind of disk than the broker's. */
    public static ScratchDirectory in(Path parent) throws IOException {
        return new ScratchDirectory(Files.createDirectories(parent.resolve("state")));
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> tree = Files.walk(path)) {
            for (Path file : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
