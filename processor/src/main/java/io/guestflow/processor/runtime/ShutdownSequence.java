package io.guestflow.processor.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of the process: named steps in the order they were added, each with a bound of its own and all of them within one. A
 * step that is late is left behind, interrupted; a step that fails does not keep the next one from running.
 *
 * <p>Threading: added to by the thread that wires the process; run by any number of threads, of which the first one does the
 * work and the others wait for it (a signal may come while the process ends by itself).
 */
public final class ShutdownSequence {
    private static final Logger LOG = LoggerFactory.getLogger(ShutdownSequence.class);

    /** Something that ends. */
    @FunctionalInterface
    public interface Step {
        void run() throws Exception;
    }

    private record Named(String name, Duration bound, Step step) {}

    private final Duration total;
    private final List<Named> steps = new ArrayList<>();
    private final AtomicBoolean started = new AtomicBoolean();
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile boolean clean = true;

    /** A sequence that takes no longer than this. */
    public ShutdownSequence(Duration total) {
        this.total = total;
    }

    /** Adds the step that comes after those added so far. */
    public synchronized void add(String name, Duration bound, Step step) {
        steps.add(new Named(name, bound, step));
    }

    /**
     * Runs all steps, once.
     *
     * @return whether every step ended in time and without an error
     */
    public boolean run() throws InterruptedException {
        if (started.compareAndSet(false, true)) {
            try {
                runSteps();
            } finally {
                done.countDown();
            }
        }
        done.await();
        return clean;
    }

    private void runSteps() throws InterruptedException {
        List<Named> inOrder;
        synchronized (this) {
            inOrder = List.copyOf(steps);
        }
        long end = System.nanoTime() + total.toNanos();
        for (Named step : inOrder) {
            Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            run(step, step.bound().compareTo(left) < 0 ? step.bound() : left);
        }
    }

    private void run(Named step, Duration bound) throws InterruptedException {
        long start = System.nanoTime();
        Thread thread = Thread.ofPlatform().name("stop-" + step.name()).daemon().start(() -> attempt(step));
        if (thread.join(bound)) {
            LOG.debug("stopped {} in {} ms", step.name(), (System.nanoTime() - start) / 1_000_000);
            return;
        }
        clean = false;
        LOG.warn("{} did not stop within {} ms and is left behind", step.name(), bound.toMillis());
        thread.interrupt();
    }

    private void attempt(Named step) {
        boolean stopped = false;
        try {
            step.step().run();
            stopped = true;
        } catch (InterruptedException e) {
            LOG.debug("{} gave up when it was late", step.name());
        } catch (Exception e) {
            LOG.error("{} failed to stop", step.name(), e);
        } finally {
            if (!stopped) {
                clean = false;
            }
        }
    }
}
