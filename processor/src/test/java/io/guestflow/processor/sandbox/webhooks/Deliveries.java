package io.guestflow.processor.sandbox.webhooks;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries of a plan in their order, made one after the other, so that a run may be long.
 *
 * <p>Threading: one thread.
 */
final class Deliveries implements Iterator<Delivery> {
    /** What waits for its place: held back, or to be delivered again. */
    private record Held(long place, Delivery delivery) {}

    private final WebhookPlan plan;
    private final SplittableRandom random;
    /** Everybody who talks at first, in an order that has nothing to do with their numbers. */
    private int[] talking;

    private final Queue<Delivery> visit = new ArrayDeque<>();
    private final PriorityQueue<Held> held =
            new PriorityQueue<>(Comparator.comparingLong(Held::place).thenComparingLong(h -> h.delivery.event()));
    private int turn;
    private long number;
    private long events;
    private long messages;
    private boolean quiet;
    private @Nullable Delivery next;

    Deliveries(WebhookPlan plan) {
        this.plan = plan;
        this.random = new SplittableRandom(plan.seed());
        this.talking = IntStream.range(0, plan.conversations())
                .filter(conversation -> plan.role(conversation) != Role.SILENT)
                .toArray();
        shuffle(talking);
        for (int conversation : talking) {
            visit.add(event(conversation, Happening.STARTED, Delivery.NO_MESSAGE));
        }
        next = produce();
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public Delivery next() {
        Delivery delivery = next;
        if (delivery == null) {
            throw new NoSuchElementException();
        }
        next = produce();
        return delivery;
    }

    private @Nullable Delivery produce() {
        while (true) {
            Held due = held.peek();
            if (due != null && due.place <= number) {
                return numbered(held.remove().delivery);
            }
            boolean over = plan.dueNanos(number) >= plan.length().toNanos();
            Delivery fresh = over ? null : fresh();
            if (fresh == null) {
                // What is held back still comes, without a gap.
                return due == null ? null : numbered(held.remove().delivery);
            }
            if (random.nextDouble() < plan.duplicates()) {
                held.add(new Held(number + 1 + random.nextInt(plan.disorder()), again(fresh)));
            }
            if (random.nextDouble() < plan.late()) {
                held.add(new Held(number + 1 + random.nextInt(plan.disorder()), fresh));
            } else {
                return numbered(fresh);
            }
        }
    }

    private Delivery numbered(Delivery delivery) {
        return new Delivery(
                number++,
                delivery.conversation(),
                delivery.happening(),
                delivery.event(),
                delivery.message(),
                delivery.happenedNanos(),
                delivery.duplicate());
    }

    private static Delivery again(Delivery delivery) {
        return new Delivery(
                delivery.number(),
                delivery.conversation(),
                delivery.happening(),
                delivery.event(),
                delivery.message(),
                delivery.happenedNanos(),
                true);
    }

    private @Nullable Delivery fresh() {
        if (visit.isEmpty()) {
            if (!quiet && plan.dueNanos(number) >= plan.talksFor().toNanos()) {
                fallQuiet();
            }
            if (visit.isEmpty() && talking.length > 0) {
                visit(talking[turn++ % talking.length]);
            }
        }
        Delivery first = visit.poll();
        // It happens when it would be delivered, however many were waiting before it.
        return first == null ? null : happeningAt(first, plan.dueNanos(number));
    }

    /** The guest writes, and every second time is answered; a message that goes out makes two events. */
    private void visit(int conversation) {
        visit.add(event(conversation, Happening.INBOUND, messages++));
        if (random.nextBoolean()) {
            long answer = messages++;
            visit.add(event(conversation, Happening.OUTBOUND_SENT, answer));
            visit.add(event(conversation, Happening.OUTBOUND_CREATED, answer));
        }
    }

    /** One turn in which those who do not stay say so, or do not. */
    private void fallQuiet() {
        quiet = true;
        for (int conversation : talking) {
            switch (plan.role(conversation)) {
                case CLOSES -> visit.add(event(conversation, Happening.CLOSED, Delivery.NO_MESSAGE));
                case GOES_QUIET ->
                    visit.add(event(
                            conversation,
                            random.nextBoolean() ? Happening.DISCONNECTED : Happening.RESOLVED,
                            Delivery.NO_MESSAGE));
                case CHATS, SILENT -> {}
            }
        }
        talking = IntStream.of(talking)
                .filter(conversation -> plan.role(conversation) == Role.CHATS)
                .toArray();
        turn = 0;
    }

    private Delivery event(int conversation, Happening happening, long message) {
        return new Delivery(0, conversation, happening, events++, message, 0, false);
    }

    private static Delivery happeningAt(Delivery delivery, long nanos) {
        return new Delivery(
                delivery.number(),
                delivery.conversation(),
                delivery.happening(),
                delivery.event(),
                delivery.message(),
                nanos,
                delivery.duplicate());
    }

    private void shuffle(int[] order) {
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
    }
}
