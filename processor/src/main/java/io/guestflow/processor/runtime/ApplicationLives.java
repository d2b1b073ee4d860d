package io.guestflow.processor.runtime;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka Streams application, as often as it has to be begun: it begins no second time by itself, so each life has a client
 * of its own, of one topology and one member of the group. A life begins where all of the one before has ended.
 *
 * <p>Threading: {@link #endBefore}, {@link #discardState} and {@link #begin} by one thread; the others by any.
 */
public final class ApplicationLives {
    private final Supplier<StreamsApplication> making;
    private final KeptState kept;
    private final Duration endBound;
    private final Object beginning = new Object();
    private volatile StreamsApplication last;
    /** The first one is made before it can be begun: making it takes its time, and finds what is wrong with it. */
    private boolean begun;

    private @Nullable StreamsApplication running;
    private boolean over;

    /**
     * Makes the first one.
     *
     * @param kept its state, and that of nothing else
     * @param endBound how long one that has failed may take to end
     */
    public ApplicationLives(Supplier<StreamsApplication> making, KeptState kept, Duration endBound) {
        this.making = making;
        this.kept = kept;
        this.endBound = endBound;
        this.last = making.get();
    }

    /**
     * Before each {@link #begin}: the life before has ended, and what it kept is not too old to be built upon.
     *
     * @throws InstanceException if it has not ended yet, or if state cannot be deleted
     */
    public void endBefore() throws InstanceException {
        StreamsApplication before = running;
        if (before != null) {
            if (!before.close(endBound, false)) {
                throw new InstanceException("what has failed did not end within " + endBound.toSeconds() + " s", null);
            }
            if (before.hasBeenRunning()) {
                noteClosed();
            }
            running = null;
        }
        // Days may have gone by since it was found.
        kept.deleteIfTooOld();
    }

    private void noteClosed() throws InstanceException {
        try {
            kept.closed();
        } catch (IOException e) {
            throw new InstanceException("when its state was closed cannot be noted (" + e + ")", e);
        }
    }

    /**
     * After {@link #endBefore}: all state is restored, now and at the next start.
     *
     * @throws InstanceException if it cannot be deleted
     */
    public void discardState() throws InstanceException {
        kept.discard();
    }

    /** Does nothing once {@link #over} was asked for. */
    public void begin() {
        StreamsApplication next;
        synchronized (beginning) {
            if (over) {
                return;
            }
            if (begun) {
                last = making.get();
            }
            begun = true;
            next = last;
        }
        running = next;
        // Without the lock: it opens all the state that there is, and the end must not wait for that.
        next.start();
    }

    /** Whether the tasks of the last life are assigned and restored. */
    public boolean isRunning() {
        return last.isRunning();
    }

    /** No further life begins. Returns the last one, which is to be closed. */
    public StreamsApplication over() {
        synchronized (beginning) {
            over = true;
            return last;
        }
    }
}
