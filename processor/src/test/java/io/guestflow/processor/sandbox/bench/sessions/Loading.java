package io.guestflow.processor.sandbox.bench.sessions;

import io.guestflow.contracts.session.Session;
import io.guestflow.processor.sandbox.bench.Progress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.function.IntFunction;

/** Opens many sessions and waits until all of them have been published. */
final class Loading implements Watch.Listener {
    /** To be woken by each of a million records would cost more than to look now and then. */
    private static final long LOOK_EVERY_MS = 100;

    private final Crowd crowd;
    // Guarded by this.
    private final BitSet opened = new BitSet();
    private int count;

    private Loading(Crowd crowd) {
        this.crowd = crowd;
    }

    /**
     * Opens the crowd's numbers from {@code from} to before {@code to}.
     *
     * @return how long it took until all were published
     * @throws IllegalStateException when that takes too long
     */
    static Duration load(
            Crowd crowd,
            int from,
            int to,
            Instant at,
            IntFunction<Instant> ends,
            Openings openings,
            Watch watch,
            Duration within,
            Progress progress)
            throws InterruptedException {
        var loading = new Loading(crowd);
        watch.tell(loading);
        long start = System.nanoTime();
        for (int number = from; number < to; number++) {
            openings.open(crowd.conversation(number), crowd.guest(number), at, ends.apply(number));
        }
        openings.flush();
        loading.await(to - from, start + within.toNanos(), watch);
        watch.tell(new Watch.Listener() {});
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        progress.say("%,d sessions opened in %d s, %.0f a second"
                .formatted(to - from, took.toSeconds(), (to - from) / (took.toNanos() / 1e9)));
        return took;
    }

    /** Ends that lie so far away that nothing comes due in a run. */
    static IntFunction<Instant> far(InstantSource clock) {
        Instant end = clock.instant().plus(Duration.ofHours(4));
        return number -> end;
    }

    @Override
    public synchronized void session(Session session, int partition, Instant readAt) {
        int number = crowd.number(session.conversationId());
        if (number >= 0 && !opened.get(number)) {
            opened.set(number);
            count++;
        }
    }

    private synchronized void await(int all, long deadline, Watch watch) throws InterruptedException {
        while (count < all) {
            watch.check();
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("%,d of %,d sessions were published in time".formatted(count, all));
            }
            wait(LOOK_EVERY_MS);
        }
    }
}
