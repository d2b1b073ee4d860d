package io.guestflow.processor.sandbox.bench.sessions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;

/** What the operating system counts of a process. */
final class ProcessUse {
    private static final String READ = "rchar: ";

    private ProcessUse() {}

    /** Processor time since its start. */
    static Duration cpu(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow(() -> new IllegalStateException(
                        "process " + pid + " has ended, or the system tells no processor time"));
    }

    /** Bytes that it has read since its start, from files and connections; Linux only. */
    static OptionalLong bytesRead(long pid) {
        Path io = Path.of("/proc", Long.toString(pid), "io");
        try {
            return Files.readAllLines(io).stream()
                    .filter(line -> line.startsWith(READ))
                    .mapToLong(line -> Long.parseLong(line.substring(READ.length())))
                    .findFirst();
        } catch (IOException notLinux) {
            return OptionalLong.empty();
        }
    }
}
