package io.guestflow.processor.sandbox.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;

/**
 * Where a benchmark finds what it measures and leaves what it found.
 *
 * @param checkout the root of the repository, built
 */
public record BenchPlace(Path checkout) {
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    /** The processor module's build directory. */
    public Path processorTarget() {
        return checkout.resolve("processor").resolve("target");
    }

    /** Makes a directory for one run; the result file stands beside it under the same name. */
    public Path newRun(String benchmark) throws IOException {
        String name = benchmark + "-" + STAMP.format(LocalDateTime.now());
        return Files.createDirectories(
                checkout.resolve("target").resolve("bench").resolve(name));
    }
}
