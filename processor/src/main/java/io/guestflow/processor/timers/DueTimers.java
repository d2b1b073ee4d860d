package io.guestflow.processor.timers;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The timers of one task. Timers are never cancelled or moved: the owner looks at the entity when one is due, and arms
 * another if it was too early. So every timer is visited once, and the range ahead of now holds no tombstones, which
 * Kafka Streams' range scan, lacking an upper bound in RocksDB, would have to walk over.
 *
 * <p>Behind now there are tombstones, one for each timer that has fired. A cursor skips them: no live timer is due
 * before it. It is kept in the store too, so that the first scan after a restore does not walk over all of history.
 *
 * <p>Threading: for the stream thread of the task.
 */
public final class DueTimers {
    /** Whatever time there is: a transaction must not grow without bound. */
    static final int TIMERS_PER_FIRE = 2_000;

    static final Duration CURSOR_SAVED_EVERY = Duration.ofSeconds(30);

    private static final byte[] NOTHING = new byte[0];
    private static final Bytes CURSOR_KEY = Bytes.wrap(new byte[Long.BYTES]);

    private final KeyValueStore<Bytes, byte[]> store;
    private final FiringTime time;
    /** Of the call of {@link #fire} that goes on. */
    private FiringTime.@Nullable Turn turn;

    private long notBeforeMs;
    /** The last timer that {@link #foresee} handed over; null before the first. */
    private @Nullable Bytes foreseen;

    /** No live timer is due before it. */
    private long cursor;
    /** The cursor as the store has it; never later than {@link #cursor}. */
    private long savedCursor;

    private long savedAtMs;
    /** No live timer is due before it; known after a scan, which makes the next ones free until then. */
    private long nextDueMs;
    /** Until the first scan the next due time is a mere bound, that of the saved cursor. */
    private boolean scannedOnce;
    /** The earliest timer that {@link #foresee} has handed over. */
    private long foreseenDueMs = Long.MAX_VALUE;

    /**
     * The timers in a store that has just been initialised.
     *
     * @param time what one call may take before it leaves the rest to the next
     * @param nowMs the current time
     * @param holdOff how long nothing fires at first: what had been waiting while the task was down is processed
     *     before its timeout strikes
     */
    public DueTimers(KeyValueStore<Bytes, byte[]> store, FiringTime time, long nowMs, Duration holdOff) {
        this.store = store;
        this.time = time;
        this.notBeforeMs = nowMs + holdOff.toMillis();
        byte[] saved = store.get(CURSOR_KEY);
        this.savedCursor = saved == null ? 0 : ByteBuffer.wrap(saved).getLong();
        this.cursor = savedCursor;
        this.savedAtMs = nowMs;
        this.nextDueMs = cursor;
    }

    /** What had been waiting while the task was down is processed: the hold-off ends, however long it was to be. */
    public void backlogRead() {
        notBeforeMs = Long.MIN_VALUE;
    }

    /** When timers begin to fire, in milliseconds, unless the backlog is read before; in the past if they do. */
    public long heldOffUntilMs() {
        return notBeforeMs;
    }

    /**
     * While nothing fires yet, hands over every timer that has become due, earliest first, each once, and removes none:
     * they all fire in the end. Stops early when that takes long, and goes on with the next call. The callback may arm
     * timers that are due later than now.
     */
    public void foresee(long nowMs, Consumer<Timer> due) {
        if (nowMs >= notBeforeMs) {
            return;
        }
        int handedOver = 0;
        try (FiringTime.Turn turn = time.begin();
                KeyValueIterator<Bytes, byte[]> timers =
                        store.range(foreseen == null ? from(cursor) : foreseen, null)) {
            while (timers.hasNext()) {
                Bytes key = timers.next().key;
                if (key.equals(foreseen)) {
                    continue;
                }
                Timer timer = Timer.of(key);
                boolean enough = handedOver == TIMERS_PER_FIRE || (handedOver > 0 && turn.isOver());
                if (timer.dueMs() > nowMs || enough) {
                    return;
                }
                foreseen = key;
                foreseenDueMs = Math.min(foreseenDueMs, timer.dueMs());
                handedOver++;
                due.accept(timer);
            }
        }
    }

    /** Arms a timer; one that is due already fires with the next {@link #fire}. */
    public void arm(Timer timer) {
        store.put(timer.key(), NOTHING);
        nextDueMs = Math.min(nextDueMs, timer.dueMs());
        if (timer.dueMs() < cursor) {
            cursor = timer.dueMs();
            if (cursor < savedCursor) {
                saveCursor(savedAtMs);
            }
        }
    }

    /**
     * Hands over every timer that is due, earliest first, and removes it; stops early when that takes long, and goes on
     * with the next call. The callback may arm timers, but not the same one. One whose callback fails stays.
     *
     * @return how many were handed over
     */
    public int fire(long nowMs, Consumer<Timer> due) {
        if (nowMs < notBeforeMs || nowMs < nextDueMs) {
            return 0;
        }
        int fired = 0;
        long earliestLeft = Long.MAX_VALUE;
        long known = nextDueMs;
        boolean scanned = false;
        try (FiringTime.Turn begun = time.begin();
                KeyValueIterator<Bytes, byte[]> timers = store.range(from(cursor), null)) {
            turn = begun;
            // Timers that the callback arms do not show in this scan; arm() notes them in nextDueMs.
            nextDueMs = Long.MAX_VALUE;
            while (timers.hasNext()) {
                Bytes key = timers.next().key;
                Timer timer = Timer.of(key);
                // One at least: where finding it takes all the time, as over tombstones after a restore, the next call
                // must not have to find it again.
                boolean enough = fired == TIMERS_PER_FIRE || (fired > 0 && begun.isOver());
                if (timer.dueMs() > nowMs || enough) {
                    earliestLeft = timer.dueMs();
                    break;
                }
                fired++;
                handOver(timer, key, due);
            }
            scanned = true;
            scannedOnce = true;
        } finally {
            turn = null;
            // After a failure in the callback the rest is still there: the next call must look again.
            nextDueMs = Math.min(nextDueMs, scanned ? earliestLeft : known);
        }
        cursor = Math.min(nextDueMs, nowMs + 1);
        if (fired > 0 && nowMs - savedAtMs >= CURSOR_SAVED_EVERY.toMillis()) {
            saveCursor(nowMs);
        }
        return fired;
    }

    /**
     * Whether the timer that {@link #fire} has handed over must leave the rest of its work to another one; it has done
     * some of it by then. False outside of its callback.
     */
    public boolean mustYield() {
        FiringTime.Turn mine = turn;
        return mine != null && mine.isOver();
    }

    /**
     * The timer goes after what it led to: without transactions a crash keeps what was written to a store first, and a
     * timer that another one follows is not lost with it.
     */
    private void handOver(Timer timer, Bytes key, Consumer<Timer> due) {
        due.accept(timer);
        // The store's own deletion would read first what it deletes.
        store.put(key, null);
    }

    /** How long the earliest timer has been due, in milliseconds; 0 if none is known to be. */
    public long lagMs(long nowMs) {
        return Math.max(0, nowMs - (scannedOnce ? nextDueMs : Math.min(foreseenDueMs, nowMs)));
    }

    private void saveCursor(long nowMs) {
        store.put(CURSOR_KEY, ByteBuffer.allocate(Long.BYTES).putLong(cursor).array());
        savedCursor = cursor;
        savedAtMs = nowMs;
    }

    private static Bytes from(long dueMs) {
        return Bytes.wrap(
                ByteBuffer.allocate(Long.BYTES).putLong(Math.max(1, dueMs)).array());
    }
}
