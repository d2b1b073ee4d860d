package io.guestflow.processor.runtime;

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
 * The life of an application that nobody waits for, in a process in which others are waited for. What keeps it from
 * starting, or ends it, ends nothing else; it is told at once, and then once a minute: as an error in the log, and to
 * whoever asks. What must hold before it starts is looked at again each time, so that the start follows by itself. What
 * has ended stays so until the process is started again: Kafka Streams begins no second time, and what killed it
 * would kill it again.
 *
 * <p>Threading: any thread; {@link #start} and {@link #close} once.
 */
public final class UnawaitedApplication implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UnawaitedApplication.class);

    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final String DOWN = "{} is down, and only that: {}{}";
    private static final String LOOKED_AT_AGAIN = ". This is looked at again every minute, without a restart";
    private static final String FOR_THIS_LIFE = ". It stays down until this process is started again";

    private final String id;
    private final BiConsumer<String, Throwable> endsProcess;
    private final Duration every;
    private final AtomicBoolean over = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable String down;
    private volatile @Nullable Thread life;
    private volatile boolean closed;

    /** What must hold before the application starts. */
    @FunctionalInterface
    public interface Check {
        /**
         * Comes back if it does.
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
    public UnawaitedApplication(String id, BiConsumer<String, Throwable> endsProcess) {
        this(id, endsProcess, EVERY);
    }

    UnawaitedApplication(String id, BiConsumer<String, Throwable> endsProcess, Duration every) {
        this.id = id;
        this.endsProcess = endsProcess;
        this.every = every;
    }

    /** Begins the application as soon as the check holds; comes back at once. */
    public void start(Check check, Runnable begin) {
        life = Thread.ofPlatform().name("life-of-" + id).daemon().start(() -> live(check, begin));
    }

    private void live(Check check, Runnable begin) {
        try {
            while (!holds(check)) {
                TimeUnit.NANOSECONDS.sleep(every.toNanos());
            }
            begin(begin);
            ended.await();
            while (true) {
                TimeUnit.NANOSECONDS.sleep(every.toNanos());
                LOG.error(DOWN, id, down, FOR_THIS_LIFE);
            }
        } catch (InterruptedException stopping) {
            LOG.debug("{} is not looked after any more", id);
        }
    }

    private boolean holds(Check check) throws InterruptedException {
        try {
            check.hold();
            return true;
        } catch (BrokerException | InstanceException refused) {
            down = refused.getMessage();
            LOG.error(DOWN, id, down, LOOKED_AT_AGAIN);
        } catch (RuntimeException defect) {
            down = "what must hold before it starts could not be looked at: "
                    + defect.getClass().getName();
            LOG.error(DOWN, id, down, LOOKED_AT_AGAIN, defect);
        }
        return false;
    }

    private void begin(Runnable begin) {
        try {
            if (down != null) {
                LOG.info("{} is not kept from starting any more", id);
                down = null;
            }
            begin.run();
        } catch (RuntimeException failed) {
            ended(id + " could not be started: " + failed.getClass().getName(), failed);
        }
    }

    /**
     * The application has ended by itself; the first failure counts.
     *
     * @param line for the operator; names no guest and no secret
     */
    public void ended(String line, Throwable cause) {
        if (closed) {
            return;
        }
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof OutOfMemoryError) {
                // The memory is everybody's.
                endsProcess.accept(line, cause);
                return;
            }
        }
        if (over.compareAndSet(false, true)) {
            down = line;
            LOG.error(DOWN, id, line, FOR_THIS_LIFE, cause);
            ended.countDown();
        }
    }

    /** What keeps it from running; empty if nothing does, though it may not be ready yet. */
    public Optional<String> down() {
        return Optional.ofNullable(down);
    }

    /** Looks after it no more; what runs of it is ended by others. */
    @Override
    public void close() {
        closed = true;
        Thread living = life;
        if (living != null) {
            living.interrupt();
        }
    }
}
