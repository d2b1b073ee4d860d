package io.guestflow.processor.sandbox.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * How the demo ends, by itself or by a signal: no process stays, the directory goes, and there is one exit code. At SIGKILL
 * the processes end by themselves and the directory stays.
 *
 * <p>Threading: any thread; the first to end wins and the others wait for ever.
 */
final class Ending {
    private static final Duration DIE_WITHIN = Duration.ofSeconds(5);

    /** Ctrl-C reaches every process of the terminal at once: others may have ended a moment before we know. */
    private static final Duration SIGNAL_MAY_BE_LATE = Duration.ofMillis(500);

    private final Path dir;
    private final AtomicBoolean begun = new AtomicBoolean();

    private Ending(Path dir) {
        this.dir = dir;
    }

    /** From now on SIGINT and SIGTERM end the JVM with exit code 0. */
    static Ending ofDirectory(Path dir) {
        var ending = new Ending(dir);
        Runtime.getRuntime().addShutdownHook(new Thread(ending::bySignal, "demo-ending"));
        return ending;
    }

    /** Ends the JVM because of a failure, unless it was a signal that made things fail. */
    void failed(String message) throws InterruptedException {
        Thread.sleep(SIGNAL_MAY_BE_LATE);
        if (!begun.get()) {
            System.err.println("demo: " + message);
        }
        with(1);
    }

    /** Ends the JVM with this exit code. */
    void with(int code) {
        if (!begun.compareAndSet(false, true)) {
            waitForEver();
        }
        clean();
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(code);
    }

    private void bySignal() {
        // To the end of a line on which the terminal has shown ^C.
        System.out.println();
        with(0);
    }

    private void clean() {
        List<ProcessHandle> children = ProcessHandle.current().children().toList();
        // At once: all that they could save is about to be deleted.
        children.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle child : children) {
            try {
                child.onExit().get(DIE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException e) {
                System.err.println("demo: process " + child.pid() + " does not end: " + e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        try (Stream<Path> tree = Files.walk(dir)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            System.err.println("demo: cannot delete " + dir + ": " + e);
        }
    }

    private static void waitForEver() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
