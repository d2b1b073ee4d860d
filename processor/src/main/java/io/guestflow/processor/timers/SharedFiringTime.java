package io.guestflow.processor.timers;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A share of each stream thread's time. It adds up while timers leave it unused, to a bound, so that many that are due at
 * once are done at once; and a task takes no more than half of what there is, because others come after it.
 *
 * <p>A fixed time for each task would be too little on a thread that has few, which fell behind for a minute with a
 * million sessions, and all of the time on a thread that has many.
 *
 * <p>Threading: each stream thread has an account of its own.
 */
final class SharedFiringTime implements FiringTime {
    /** Three fifths: timers have times to keep, records can wait a little. */
    static final long SHARE_NUMERATOR = 3;

    static final long SHARE_DENOMINATOR = 5;
    /** What adds up at most: as long as timers are apart. */
    static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    /** What each task may take whatever others took, so that none starves. */
    static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final LongSupplier nanoTime;
    private final ThreadLocal<Account> accounts;

    SharedFiringTime(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.accounts = ThreadLocal.withInitial(() -> new Account(nanoTime.getAsLong()));
    }

    @Override
    public Turn begin() {
        Account account = accounts.get();
        long from = nanoTime.getAsLong();
        account.credit(from);
        long mayTake = Math.max(LEAST_NANOS, account.credit / 2);
        return new Turn() {
            @Override
            public boolean isOver() {
                return nanoTime.getAsLong() - from > mayTake;
            }

            @Override
            public void close() {
                account.credit -= nanoTime.getAsLong() - from;
            }
        };
    }

    private static final class Account {
        long credit = MOST_NANOS;
        long at;

        Account(long at) {
            this.at = at;
        }

        void credit(long now) {
            credit = Math.min(MOST_NANOS, credit + (now - at) / SHARE_DENOMINATOR * SHARE_NUMERATOR);
            at = now;
        }
    }
}
