package io.guestflow.processor.effects;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * One assignment of one partition: what was delivered under it, what runs, what may be committed. The next assignment
 * of the same partition is another object, so what ends late counts for nothing there.
 *
 * <p>Threading: the poll thread delivers, commits and ends it; threads of commands begin and complete.
 */
final class AssignedPartition {
    private static final long UNKNOWN = -1;

    private final TopicPartition partition;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition quiet = lock.newCondition();
    private final OffsetTracker tracker = new OffsetTracker();
    private final Redelivery redelivery;
    private long position = UNKNOWN;
    private long committed;
    private long nextToBegin;
    private int running;
    private boolean ended;

    AssignedPartition(TopicPartition partition, @Nullable OffsetAndMetadata committed, Redelivery redelivery) {
        this.partition = partition;
        this.committed = committed == null ? UNKNOWN : committed.offset();
        this.redelivery = redelivery;
    }

    TopicPartition partition() {
        return partition;
    }

    /** A command was handed out; returns whether an earlier owner may have begun it. */
    boolean delivered(long offset) {
        lock.lock();
        try {
            tracker.delivered(offset);
            return redelivery.suspects(offset);
        } finally {
            lock.unlock();
        }
    }

    /** The consumer has delivered everything below {@code next}. */
    void position(long next) {
        lock.lock();
        try {
            position = next;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the command may be worked on: not any more when the assignment has ended. */
    boolean begin(long offset) {
        lock.lock();
        try {
            if (ended) {
                return false;
            }
            running++;
            nextToBegin = Math.max(nextToBegin, offset + 1);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** A command that was begun needs nothing more. */
    void complete(long offset) {
        lock.lock();
        try {
            tracker.complete(offset);
            stopped();
        } finally {
            lock.unlock();
        }
    }

    /** A command that was begun was given up: it stays incomplete, and is delivered again to the next owner. */
    void abandon() {
        lock.lock();
        try {
            stopped();
        } finally {
            lock.unlock();
        }
    }

    /** From now on no command is begun. */
    void end() {
        lock.lock();
        try {
            ended = true;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until no command runs, but not longer than {@code nanos}; returns what is left of them. */
    long awaitQuiet(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (running > 0 && left > 0) {
                left = quiet.awaitNanos(left);
            }
            return left;
        } finally {
            lock.unlock();
        }
    }

    /** What a commit would say now; null if it would change nothing. */
    @Nullable
    OffsetAndMetadata progress() {
        lock.lock();
        try {
            if (position == UNKNOWN) {
                return null;
            }
            long committable = tracker.committable(position);
            return committable > committed ? new OffsetAndMetadata(committable) : null;
        } finally {
            lock.unlock();
        }
    }

    /** What the last commit of this assignment says; null if nothing was ever polled. */
    @Nullable
    OffsetAndMetadata lastWord() {
        lock.lock();
        try {
            if (position == UNKNOWN) {
                return null;
            }
            return new OffsetAndMetadata(tracker.committable(position), redelivery.lastWord(nextToBegin));
        } finally {
            lock.unlock();
        }
    }

    /** The broker has {@code offset} as the committed one. */
    void committed(long offset) {
        lock.lock();
        try {
            committed = offset;
            tracker.committed(offset);
        } finally {
            lock.unlock();
        }
    }

    /** Commands at or above the committed offset. */
    int window() {
        lock.lock();
        try {
            return tracker.window();
        } finally {
            lock.unlock();
        }
    }

    /** Commands delivered and not complete. */
    int incomplete() {
        lock.lock();
        try {
            return tracker.incomplete();
        } finally {
            lock.unlock();
        }
    }

    /** Commands running. */
    int running() {
        lock.lock();
        try {
            return running;
        } finally {
            lock.unlock();
        }
    }

    private void stopped() {
        running--;
        if (running == 0) {
            quiet.signalAll();
        }
    }
}
