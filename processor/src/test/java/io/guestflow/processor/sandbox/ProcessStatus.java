package io.guestflow.processor.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** What the kernel says of a process: from /proc where there is one, else from {@code ps}. */
final class ProcessStatus {
    private final long pid;
    private final Path proc;

    ProcessStatus(long pid) {
        this.pid = pid;
        this.proc = Path.of("/proc", Long.toString(pid));
    }

    /** Empty when the process has ended. */
    OptionalLong rssBytes() throws IOException {
        String kib = Files.exists(proc) ? field(proc, "VmRSS:") : ps("rss=");
        String digits = kib.replaceAll("[^0-9]", "");
        return digits.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(digits) * 1024);
    }

    /** Whether none of its threads runs. */
    boolean isStopped() throws IOException {
        if (!Files.exists(proc)) {
            return ps("stat=").startsWith("T");
        }
        try (Stream<Path> threads = Files.list(proc.resolve("task"))) {
            for (Path thread : threads.toList()) {
                String state = field(thread, "State:");
                if (!state.isEmpty() && !state.startsWith("T")) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The value of a line of {@code status}; empty when the process, or the thread, has just ended. */
    private static String field(Path of, String name) throws IOException {
        try (Stream<String> lines = Files.lines(of.resolve("status"))) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(name.length()).strip())
                    .findFirst()
                    .orElse("");
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    private String ps(String column) throws IOException {
        Process ps = new ProcessBuilder("ps", "-o", column, "-p", Long.toString(pid)).start();
        return new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
    }
}
