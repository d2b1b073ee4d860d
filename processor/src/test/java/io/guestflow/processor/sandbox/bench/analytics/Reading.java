package io.guestflow.processor.sandbox.bench.analytics;

import io.guestflow.processor.sandbox.bench.GroupOffsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;

/**
 * How a backlog is worked off, seen from the offsets that a group commits, or from what a reader tells of itself.
 *
 * @param size of the backlog
 * @param looks the beginning, and then each time that more was done
 */
record Reading(long size, List<Look> looks) {
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    /**
     * What had been done when.
     *
     * @param done beyond where it began
     */
    record Look(long nanos, long done) {}

    /** Where a backlog begins and ends, by partition. */
    record Extent(Map<TopicPartition, Long> from, Map<TopicPartition, Long> to) {
        long size() {
            return done(to);
        }

        private long done(Map<TopicPartition, Long> committed) {
            long done = 0;
            for (Map.Entry<TopicPartition, Long> end : to.entrySet()) {
                long begin = from.getOrDefault(end.getKey(), 0L);
                done += Math.clamp(committed.getOrDefault(end.getKey(), 0L), begin, end.getValue()) - begin;
            }
            return done;
        }
    }

    /** How much is done by now. */
    interface Done {
        long now() throws InterruptedException;
    }

    /**
     * Looks until all of it is committed.
     *
     * @throws IllegalStateException when that takes too long
     */
    static Reading follow(GroupOffsets offsets, String group, Extent backlog, Duration within)
            throws InterruptedException {
        return follow(
                group, () -> backlog.done(offsets.committed(group)), backlog.size(), within.multipliedBy(2), within);
    }

    /**
     * Looks until all is done, but no longer than {@code most} after the first was.
     *
     * @throws IllegalStateException when that takes too long
     */
    static Reading follow(String who, Done done, long size, Duration most, Duration within)
            throws InterruptedException {
        List<Look> looks = begun();
        long deadline = System.nanoTime() + within.toNanos();
        while (look(looks, done.now()) < size) {
            if (looks.size() > 1 && System.nanoTime() - looks.get(1).nanos > most.toNanos()) {
                break;
            }
            pause(deadline, () -> who + " has done " + looks.getLast().done() + " of " + size);
        }
        return new Reading(size, List.copyOf(looks));
    }

    /** Looks at what is committed beyond the beginning until somebody else has seen that all is done. */
    static Reading follow(
            GroupOffsets offsets, String group, Map<TopicPartition, Long> from, BooleanSupplier over, Duration within)
            throws InterruptedException {
        List<Look> looks = begun();
        long deadline = System.nanoTime() + within.toNanos();
        while (true) {
            boolean last = over.getAsBoolean();
            Map<TopicPartition, Long> committed = offsets.committed(group);
            look(
                    looks,
                    from.entrySet().stream()
                            .mapToLong(
                                    begin -> Math.max(0, committed.getOrDefault(begin.getKey(), 0L) - begin.getValue()))
                            .sum());
            if (last) {
                return new Reading(looks.getLast().done, List.copyOf(looks));
            }
            pause(deadline, () -> group + " is not done");
        }
    }

    /** The same without looks of which another one follows within that time: what comes in lumps comes in several looks. */
    Reading lumped(Duration within) {
        List<Look> lumps = new ArrayList<>();
        for (Look look : looks) {
            if (lumps.size() > 1 && look.nanos - lumps.getLast().nanos < within.toNanos()) {
                lumps.removeLast();
            }
            lumps.add(look);
        }
        return new Reading(size, List.copyOf(lumps));
    }

    /** From the beginning to the last commit. */
    double seconds() {
        return seconds(looks.getFirst(), looks.getLast());
    }

    /** Share of the backlog that was worked off. */
    double share() {
        return share(looks.getLast().done);
    }

    /** Share of the backlog that was worked off in a second, from the beginning to the last commit. */
    double sharePerSecond() {
        return share() / seconds();
    }

    /**
     * A part of a reading.
     *
     * @param share of the backlog that was worked off in it
     */
    record Stretch(double share, double seconds) {
        double sharePerSecond() {
            return share / seconds;
        }
    }

    /** From the look that completes the first fifth to the last one: without a start, and between two commits. */
    Stretch steady() {
        return stretch(looks.getLast());
    }

    /** The same to the last look but one: it was busy all that time, whatever it waited for at the end. */
    Stretch busy() {
        Stretch busy = looks.size() < 3 ? null : stretch(looks.get(looks.size() - 2));
        return busy == null || busy.share == 0 ? steady() : busy;
    }

    private Stretch stretch(Look last) {
        long done = looks.getLast().done;
        Look fifth =
                looks.stream().filter(look -> look.done >= done / 5).findFirst().orElse(last);
        return fifth.done >= last.done
                ? new Stretch(share(last.done), seconds(looks.getFirst(), last))
                : new Stretch(share(last.done - fifth.done), seconds(fifth, last));
    }

    private double share(long done) {
        return size == 0 ? 0 : (double) done / size;
    }

    private static List<Look> begun() {
        List<Look> looks = new ArrayList<>();
        looks.add(new Look(System.nanoTime(), 0));
        return looks;
    }

    private static long look(List<Look> looks, long done) {
        if (done > looks.getLast().done) {
            looks.add(new Look(System.nanoTime(), done));
        }
        return done;
    }

    private static void pause(long deadline, Supplier<String> state) throws InterruptedException {
        if (System.nanoTime() - deadline > 0) {
            throw new IllegalStateException("the backlog is not worked off in time: " + state.get());
        }
        TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
    }

    private static double seconds(Look from, Look to) {
        return Math.max(1, to.nanos - from.nanos) / 1e9;
    }
}
