package io.guestflow.processor.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A JVM that we started and that never outlives us: it ends when {@link #close} is called or when this JVM ends in any
 * way (see {@link ExitWithParent}), also while it is paused.
 *
 * <p>Threading: any thread may call any method; one thread should drive the life cycle.
 */
public final class ChildJvm implements AutoCloseable {
    private static final int POLL_MS = 10;
    private static final int QUOTED_LINES = 25;
    private static final Duration OBEYS_WITHIN = Duration.ofSeconds(10);

    /** Who writes, or wrote last, to which output file; guarded by the class. */
    private static final Map<Path, Process> WRITERS = new HashMap<>();

    private final String name;
    private final Process process;
    private final ProcessStatus status;
    private final ChildOutput out;
    private final ChildOutput err;
    private @Nullable Process pause;

    private ChildJvm(String name, Process process, ChildOutput out, ChildOutput err) {
        this.name = name;
        this.process = process;
        this.status = new ProcessStatus(process.pid());
        this.out = out;
        this.err = err;
    }

    /**
     * Starts it and returns at once.
     *
     * @throws IllegalStateException when a child of that name runs there: each would be taken for the other
     */
    public static synchronized ChildJvm start(JvmCommand command) {
        try {
            Files.createDirectories(command.logDir());
            var out = new ChildOutput(command.logDir().resolve(command.name() + ".out"));
            Process writer = WRITERS.get(out.file());
            if (writer != null && writer.isAlive()) {
                throw new IllegalStateException(
                        "pid " + writer.pid() + " still writes to " + out.file() + "; give this child another name");
            }
            var err = new ChildOutput(command.logDir().resolve(command.name() + ".err"));
            var builder = new ProcessBuilder(command.commandLine())
                    .redirectOutput(Redirect.appendTo(out.file().toFile()))
                    .redirectError(Redirect.appendTo(err.file().toFile()));
            builder.environment().clear();
            builder.environment().putAll(command.environment());
            Process process = builder.start();
            WRITERS.put(out.file(), process);
            return new ChildJvm(command.name(), process, out, err);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command.name(), e);
        }
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Where its standard output is kept. */
    public Path stdout() {
        return out.file();
    }

    /** Where its standard error is kept. */
    public Path stderr() {
        return err.file();
    }

    /**
     * The first line of this run's standard output that matches.
     *
     * @throws ChildFailedException when it ends, or the time is over, before there is one
     */
    public String awaitLine(String what, Predicate<String> matches, Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        long offset = 0;
        while (true) {
            // Asked before reading: what a child wrote before it ended is still found.
            boolean ended = waitFor(POLL_MS);
            ChildOutput.Lines next = out.linesFrom(offset);
            offset = next.next();
            var found = next.lines().stream().filter(matches).findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            if (ended) {
                int code = process.exitValue();
                throw failure("ended with " + code + " before it said '" + what + "'", code);
            }
            if (System.nanoTime() - deadline > 0) {
                String late = "did not say '" + what + "' within " + within.toMillis() + " ms";
                throw failure(late, null);
            }
        }
    }

    /**
     * Waits for its end.
     *
     * @return its exit code; 128 + signal when a signal ended it
     * @throws ChildFailedException when it still runs after {@code within}
     */
    public int awaitExit(Duration within) {
        if (!waitFor(within.toMillis())) {
            throw failure("still runs after " + within.toMillis() + " ms", null);
        }
        return process.exitValue();
    }

    /** SIGTERM; returns at once. */
    public void sigterm() {
        // Process.destroy would close the pipe as well, and then the child does not stop but halt.
        process.toHandle().destroy();
    }

    /** SIGKILL, which a paused child obeys too; returns when it is gone. */
    public void sigkill() {
        process.destroyForcibly();
        awaitExit(OBEYS_WITHIN);
    }

    /** SIGSTOP until {@link #resume}: connections stay open and nothing answers. Returns when every thread stands. */
    public synchronized void pause() {
        if (pause != null) {
            throw new IllegalStateException(name + " is paused already");
        }
        // The shell holds the pause and ends it when its input ends: a stopped orphan would stay for ever.
        String hold = "kill -s STOP \"$1\" && echo stopped && { read -r _; kill -s CONT \"$1\"; }";
        try {
            Process holder = new ProcessBuilder("sh", "-c", hold, "pause", Long.toString(pid())).start();
            pause = holder;
            byte[] said = holder.getInputStream().readNBytes("stopped".length());
            if (!new String(said, StandardCharsets.US_ASCII).equals("stopped")) {
                throw failure("could not be paused", null);
            }
            awaitStopped();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot pause " + name, e);
        }
    }

    /** SIGCONT; does nothing when it is not paused. */
    public synchronized void resume() {
        Process holder = pause;
        pause = null;
        if (holder == null) {
            return;
        }
        try {
            holder.getOutputStream().close();
            holder.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot resume " + name, e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Resident memory in bytes, as the kernel counts it now. */
    public long rssBytes() {
        try {
            return status.rssBytes().orElseThrow(() -> failure("has no memory to read", null));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the memory of " + name, e);
        }
    }

    /** Ends it with SIGKILL if it still runs. */
    @Override
    public void close() {
        if (process.isAlive()) {
            sigkill();
        }
        resume();
    }

    /** The signal has been sent by now; on a busy machine threads may still run for a while before it stops them. */
    private void awaitStopped() throws IOException {
        long deadline = System.nanoTime() + OBEYS_WITHIN.toNanos();
        while (!status.isStopped()) {
            if (waitFor(POLL_MS) || System.nanoTime() - deadline > 0) {
                throw failure("did not stop at SIGSTOP", null);
            }
        }
    }

    private ChildFailedException failure(String what, @Nullable Integer exitCode) {
        List<ChildOutput> both = List.of(out, err);
        var message = new StringBuilder(name + " (pid " + pid() + ") " + what);
        for (ChildOutput output : both) {
            message.append("\nlast lines of ")
                    .append(output.file())
                    .append(":\n")
                    .append(output.tail(QUOTED_LINES));
        }
        return new ChildFailedException(message.toString(), exitCode);
    }

    private boolean waitFor(long millis) {
        try {
            return process.waitFor(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted while waiting for " + name, e);
    }
}
