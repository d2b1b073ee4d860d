package io.guestflow.processor.effects.cxone;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The callers who wait, and whose turn is next: token calls; then a lane that had less than its least part; then a
 * refresh whose session is about to die; then guests, refreshes, the rest. Within a lane it goes by arrival, among
 * refreshes by deadline.
 *
 * <p>The least part: a lane in which somebody waits gets at least one turn in twenty, however full the lanes before it
 * are. What a lane did not need it does not save up.
 *
 * <p>Threading: none of its own; {@link Throttle} guards it with its lock.
 */
final class Turns {
    /** A lane that waits gets at least every so manieth turn. */
    static final int LEAST_ONE_IN = 20;

    /** A refresh with less time than this before its deadline overtakes: there must be time for a second try. */
    static final Duration DYING = Duration.ofSeconds(10);

    private static final Comparator<Waiter> BY_ARRIVAL =
            Comparator.comparing(Waiter::again).reversed().thenComparingLong(Waiter::number);
    private static final Comparator<Waiter> BY_DEADLINE = Comparator.comparing(Waiter::again)
            .reversed()
            .thenComparing(Waiter::deadline)
            .thenComparingLong(Waiter::number);

    private final Map<Lane, Queue> queues = new EnumMap<>(Lane.class);

    /** One lane. */
    private static final class Queue {
        final NavigableSet<Waiter> waiters;
        /** Turns that went to others while somebody waited here, less {@link #LEAST_ONE_IN} for each had. */
        int passedOver;

        Queue(Lane lane) {
            waiters = new TreeSet<>(lane == Lane.REFRESH ? BY_DEADLINE : BY_ARRIVAL);
        }

        int size() {
            return waiters.size();
        }

        boolean isOwed() {
            return passedOver >= LEAST_ONE_IN - 1;
        }
    }

    Turns() {
        for (Lane lane : Lane.values()) {
            queues.put(lane, new Queue(lane));
        }
    }

    void add(Waiter waiter) {
        queue(waiter.lane()).waiters.add(waiter);
    }

    void remove(Waiter waiter) {
        Queue queue = queue(waiter.lane());
        queue.waiters.remove(waiter);
        if (queue.size() == 0) {
            queue.passedOver = 0;
        }
    }

    /** Whose turn is next; null when nobody waits. */
    @Nullable
    Waiter next(Instant now) {
        Queue tokens = queue(Lane.TOKEN);
        if (tokens.size() > 0) {
            return tokens.waiters.first();
        }
        Queue owed = null;
        Waiter first = null;
        for (Queue queue : queues.values()) {
            if (queue.size() == 0) {
                continue;
            }
            first = first == null ? queue.waiters.first() : first;
            if (queue.isOwed() && (owed == null || queue.passedOver > owed.passedOver)) {
                owed = queue;
            }
        }
        if (owed != null) {
            return owed.waiters.first();
        }
        Queue refreshes = queue(Lane.REFRESH);
        if (refreshes.size() > 0 && refreshes.waiters.first().deadline().isBefore(now.plus(DYING))) {
            return refreshes.waiters.first();
        }
        return first;
    }

    /** The waiter has this turn. */
    void had(Waiter waiter) {
        for (Queue queue : queues.values()) {
            if (queue.size() > 0) {
                queue.passedOver++;
            }
        }
        Queue queue = queue(waiter.lane());
        queue.passedOver = Math.max(0, queue.passedOver - LEAST_ONE_IN);
        remove(waiter);
    }

    /**
     * Which turn will be this newcomer's as things stand, 1 being the next one. For a refresh it is the best case, because
     * it may overtake. For the rest it is the worst: while others wait they must not fill up with calls that wait.
     */
    int place(Waiter newcomer) {
        Queue queue = queue(newcomer.lane());
        if (newcomer.again()) {
            return place(newcomer.lane(), 0);
        }
        boolean byDeadline = newcomer.lane() == Lane.REFRESH;
        return place(
                newcomer.lane(),
                byDeadline ? queue.waiters.headSet(newcomer, false).size() : queue.size());
    }

    private int place(Lane lane, int aheadInLane) {
        int tokens = lane == Lane.TOKEN ? 0 : queue(Lane.TOKEN).size();
        int between = switch (lane) {
            case TOKEN, REFRESH -> 0;
            case GUEST ->
                Math.min(queue(Lane.REFRESH).size(), aheadInLane / (LEAST_ONE_IN - 1))
                        + Math.min(queue(Lane.REST).size(), aheadInLane / (LEAST_ONE_IN - 1));
            case REST ->
                queue(Lane.GUEST).size() + queue(Lane.REFRESH).size() > 0 ? (aheadInLane + 1) * (LEAST_ONE_IN - 1) : 0;
        };
        return tokens + aheadInLane + between + 1;
    }

    /** Takes out whom {@code gives} says of, told the waiter's place among those who stay. */
    void review(Review gives) {
        for (Map.Entry<Lane, Queue> lane : queues.entrySet()) {
            int stayed = 0;
            for (Waiter waiter : List.copyOf(lane.getValue().waiters)) {
                if (gives.up(waiter, place(lane.getKey(), stayed))) {
                    remove(waiter);
                } else {
                    stayed++;
                }
            }
        }
    }

    /** Decides over one waiter. */
    @FunctionalInterface
    interface Review {
        /** Whether the waiter is to go. */
        boolean up(Waiter waiter, int place);
    }

    /** Takes out all of these. */
    List<Waiter> removeAll(Predicate<Waiter> whom) {
        List<Waiter> out = new ArrayList<>();
        queues.values().forEach(queue -> queue.waiters.stream().filter(whom).forEach(out::add));
        out.forEach(this::remove);
        return out;
    }

    private Queue queue(Lane lane) {
        Queue queue = queues.get(lane);
        if (queue == null) {
            throw new IllegalStateException("no queue for lane " + lane);
        }
        return queue;
    }
}
