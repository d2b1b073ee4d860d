package io.guestflow.processor.runtime;

import io.guestflow.processor.wire.UnreadableState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lives of an application that nobody waits for, in a process in which others are waited for. What keeps it from
 * starting, or ends it, ends nothing else; it is told at once, and then once a minute: as an error in the log, and to
 * whoever asks. What must hold before it starts is looked at again each time, so that the start follows by itself. What
 * has ended is started again after a minute, then after 2, 4 and so on up to 30, because what ended it may have passed: a
 * right that was taken away, a disk that was full. What only another version can read, or only a person can mend, ends it
 * until the process is started again.
 *
 * <p>Threading: any thread; {@link #start} and {@link #close} once.
 */
public final class UnawaitedApplication implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UnawaitedApplication.class);

    private static final Duration EVERY = Duration.ofMinutes(1);
    /** So many times that, and not longer, it stays ended. A life that was longer begins the count anew. */
    private static final int MOST = 30;

    /** An interrupt ends what it does at once, or not before its next step. */
    private static final Duration CLOSE_WAIT = Duration.ofMillis(100);

    private static final String DOWN = "{} is down, and only that: {}{}";
    private static final String LOOKED_AT_AGAIN = ". This is looked at again every minute, without a restart";
    private static final String STARTED_AGAIN =
            ". It is started again by itself, a minute after it has ended, and after up to 30 minutes if that goes on";
    private static final String FOR_THIS_LIFE = ". It stays down until this process is started again";

    private final String id;
    private final BiConsumer<String, Throwable> endsProcess;
    private final Duration every;
    private final Counter restarts;
    private volatile Life now = new Life();
    private volatile @Nullable String down;
    private @Nullable Thread living;
    private volatile boolean closed;

    /** From one start to the end that follows. */
    private static final class Life {
        final AtomicBoolean over = new AtomicBoolean();
        final CountDownLatch ended = new CountDownLatch(1);
        volatile boolean mayPass;
    }

    /** What must hold before the application starts. */
    @FunctionalInterface
    public interface Check {
        /**
         * Comes back if it does. What runs of an earlier life has ended then.
         *
         * @throws BrokerException if something of the broker's is not as it must be
         * @throws InstanceException if something of this instance's is not
         */
        void hold() throws BrokerException, InstanceException, InterruptedException;
    }

    /**
     * Nothing runs before {@link #start}.
     *
     * @param endsProcess is told of what is wrong with the whole process
     */
    public UnawaitedApplication(String id, BiConsumer<String, Throwable> endsProcess, MeterRegistry registry) {
        this(id, endsProcess, registry, EVERY);
    }

    UnawaitedApplication(String id, BiConsumer<String, Throwable> endsProcess, MeterRegistry registry, Duration every) {
        this.id = id;
        this.endsProcess = endsProcess;
        this.every = every;
        this.restarts = Counter.builder("guestflow.application.restarts")
                .description("How often an application was started again that had ended by itself")
                .tag("application", id)
                .register(registry);
    }

    /**
     * Begins the application as soon as the check holds; comes back at once. Does nothing when it was closed before.
     *
     * @param begin is called once for each life, after the check
     */
    public synchronized void start(Check check, Runnable begin) {
        if (!closed) {
            living = Thread.ofPlatform().name("life-of-" + id).daemon().start(() -> live(check, begin));
        }
    }

    private void live(Check check, Runnable begin) {
        try {
            int endings = 0;
            while (true) {
                while (!holds(check)) {
                    sleep();
                }
                long begun = System.nanoTime();
                Life life = begin(begin);
                life.ended.await();
                endings = System.nanoTime() - begun > MOST * every.toNanos() ? 1 : endings + 1;
                long pauses = life.mayPass ? pauses(endings) : Long.MAX_VALUE;
                for (long i = 1; i < pauses; i++) {
                    sleep();
                    LOG.error(DOWN, id, down, life.mayPass ? STARTED_AGAIN : FOR_THIS_LIFE);
                }
                sleep();
                restarts.increment();
            }
        } catch (InterruptedException stopping) {
            LOG.debug("{} is not looked after any more", id);
        }
    }

    /** For how many times a minute it stays ended, after it has ended so often in a row. */
    static long pauses(int endings) {
        return Math.min(1L << Math.min(endings - 1, Integer.SIZE), MOST);
    }

    private void sleep() throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(every.toNanos());
    }

    private boolean holds(Check check) throws InterruptedException {
        try {
            check.hold();
            return true;
        } catch (BrokerException | InstanceException refused) {
            endIfClosed();
            down = refused.getMessage();
            LOG.error(DOWN, id, down, LOOKED_AT_AGAIN);
        } catch (RuntimeException | Error defect) {
            endIfClosed();
            down = "what must hold before it starts could not be looked at: "
                    + defect.getClass().getName();
            if (!endedProcess(down, defect)) {
                LOG.error(DOWN, id, down, LOOKED_AT_AGAIN, defect);
            }
        }
        return false;
    }

    /** What was interrupted says so in many ways, and none of them is a finding. */
    private void endIfClosed() throws InterruptedException {
        if (closed) {
            throw new InterruptedException("closed");
        }
    }

    private Life begin(Runnable begin) throws InterruptedException {
        endIfClosed();
        Life life = new Life();
        now = life;
        if (down != null) {
            LOG.info("{} is not kept from starting any more", id);
            down = null;
        }
        try {
            begin.run();
        } catch (RuntimeException | Error failed) {
            ended(id + " could not be started: " + failed.getClass().getName(), failed);
        }
        return life;
    }

    /**
     * The application has ended by itself; the first failure of each life counts.
     *
     * @param line for the operator; names no guest and no secret
     */
    public void ended(String line, Throwable cause) {
        if (closed || endedProcess(line, cause)) {
            return;
        }
        Life life = now;
        if (life.over.compareAndSet(false, true)) {
            life.mayPass = !has(UnreadableState.class, cause);
            down = line;
            LOG.error(DOWN, id, line, life.mayPass ? STARTED_AGAIN : FOR_THIS_LIFE, cause);
            life.ended.countDown();
        }
    }

    /** The memory is everybody's. */
    private boolean endedProcess(String line, Throwable cause) {
        boolean ends = has(OutOfMemoryError.class, cause);
        if (ends) {
            endsProcess.accept(line, cause);
        }
        return ends;
    }

    private static boolean has(Class<? extends Throwable> kind, Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (kind.isInstance(each)) {
                return true;
            }
        }
        return false;
    }

    /** What keeps it from running; empty if nothing does, though it may not be ready yet. */
    public Optional<String> down() {
        return Optional.ofNullable(down);
    }

    /** Looks after it no more; what runs of it is ended by others. */
    @Override
    public synchronized void close() {
        closed = true;
        Thread thread = living;
        if (thread != null) {
            thread.interrupt();
            try {
                thread.join(CLOSE_WAIT);
            } catch (InterruptedException late) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
