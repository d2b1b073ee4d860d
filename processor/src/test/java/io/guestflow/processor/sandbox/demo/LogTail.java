package io.guestflow.processor.sandbox.demo;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The end of logs, for quoting them. */
final class LogTail {
    private static final int LINES = 25;

    private LogTail() {}

    static String of(Path... logs) {
        return Arrays.stream(logs).map(LogTail::quote).collect(joining("\n"));
    }

    private static String quote(Path log) {
        try {
            // Decoded leniently: a process that is killed may leave half a character.
            List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            List<String> last = lines.subList(Math.max(0, lines.size() - LINES), lines.size());
            return "last lines of " + log.getFileName() + ":"
                    + (last.isEmpty() ? " (empty)" : "\n  " + String.join("\n  ", last));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + log, e);
        }
    }
}
