package io.guestflow.processor.sandbox.webhooks;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DeliveriesTest {
    private static final WebhookPlan PLAN =
            WebhookPlan.chat(7, 200, 500, Duration.ofSeconds(20)).withRoles(0.5, 0.2, 0.2, Duration.ofSeconds(10));

    @Test
    void theSamePlanIsTheSameDeliveriesAndAnotherSeedIsNot() {
        assertEquals(all(PLAN), all(PLAN));
        assertNotEquals(
                all(WebhookPlan.chat(1, 10, 100, Duration.ofSeconds(1))),
                all(WebhookPlan.chat(2, 10, 100, Duration.ofSeconds(1))));
    }

    @Test
    void everyDeliveryHasItsPlaceAndTheRateIsKept() {
        List<Delivery> all = all(PLAN);

        for (int i = 0; i < all.size(); i++) {
            assertEquals(i, all.get(i).number());
            assertTrue(all.get(i).happenedNanos() <= PLAN.dueNanos(i), "nothing is told before it happened");
        }
        assertTrue(all.size() >= 10_000 && all.size() <= 10_000 + PLAN.disorder(), () -> all.size() + " deliveries");
        assertEquals(2_000_000, PLAN.dueNanos(1));
    }

    @Test
    void aFewAreDeliveredAgainAndAFewTooLateAndNothingIsLost() {
        List<Delivery> all = all(PLAN.withDisorder(0.1, 0.1, 20));
        Map<Long, Long> byEvent = all.stream().collect(groupingBy(Delivery::event, counting()));

        long duplicates = all.stream().filter(Delivery::duplicate).count();
        assertEquals(duplicates, byEvent.values().stream().filter(n -> n == 2).count());
        assertEquals(all.size() - duplicates, byEvent.size());
        assertEquals(0.1, (double) duplicates / byEvent.size(), 0.02);
        assertEquals(
                byEvent.size() - 1L,
                byEvent.keySet().stream().mapToLong(n -> n).max().orElseThrow());
        long late = 0;
        long newest = -1;
        for (Delivery delivery : all) {
            if (!delivery.duplicate() && delivery.event() < newest) {
                late++;
            }
            newest = Math.max(newest, delivery.event());
        }
        assertTrue(late > 500, late + " of about 900 came too late");
    }

    @Test
    void everybodyHasTheRoleThatTheSharesGiveAndKeepsToIt() {
        Map<Role, Long> roles = IntStream.range(0, 10_000).boxed().collect(groupingBy(withMany()::role, counting()));
        assertEquals(5_000, roles.get(Role.CHATS), 250);
        assertEquals(2_000, roles.get(Role.GOES_QUIET), 200);
        assertEquals(2_000, roles.get(Role.CLOSES), 200);

        List<Delivery> all = all(PLAN);
        Set<Integer> spoken = new HashSet<>();
        Set<Integer> closed = new HashSet<>();
        for (Delivery delivery : all) {
            Role role = PLAN.role(delivery.conversation());
            assertNotEquals(Role.SILENT, role);
            if (delivery.happening() == Happening.CLOSED) {
                assertEquals(Role.CLOSES, role);
                closed.add(delivery.conversation());
            }
            if (delivery.happening() == Happening.INBOUND && delivery.happenedNanos() > 12_000_000_000L) {
                assertEquals(Role.CHATS, role, "the others are quiet by then");
                spoken.add(delivery.conversation());
            }
        }
        assertEquals(withRole(Role.CHATS), spoken);
        assertEquals(withRole(Role.CLOSES), closed);
    }

    @Test
    void whoChatsIsHeardOfAgainAndAgainWithoutALongGap() {
        List<Delivery> all = all(PLAN.withDisorder(0, 0, 1));
        // 200 talk in turns, two events each in the mean, at 500 a second.
        long longest = 3 * 2 * 200 / 500;
        for (int conversation : withRole(Role.CHATS)) {
            long last = 0;
            for (Delivery delivery : all) {
                if (delivery.conversation() == conversation
                        && delivery.happening().isActivity()) {
                    assertTrue(delivery.happenedNanos() - last
                            < Duration.ofSeconds(longest + 1).toNanos());
                    last = delivery.happenedNanos();
                }
            }
            assertTrue(last > Duration.ofSeconds(20 - longest - 1).toNanos());
        }
    }

    @Test
    void aMessageThatGoesOutIsTwoEvents() {
        List<Delivery> all = all(PLAN.withDisorder(0, 0, 1));

        Map<Long, Set<Happening>> byMessage = all.stream()
                .filter(delivery -> delivery.message() != Delivery.NO_MESSAGE)
                .collect(groupingBy(
                        Delivery::message, java.util.stream.Collectors.mapping(Delivery::happening, toSet())));
        long cutOff = byMessage.values().stream()
                .filter(happenings -> !happenings.equals(Set.of(Happening.INBOUND))
                        && !happenings.equals(Set.of(Happening.OUTBOUND_SENT, Happening.OUTBOUND_CREATED)))
                .count();
        assertTrue(cutOff <= 1, "only the end may come between the two");
    }

    @Test
    void whenNobodyTalksAnyMoreTheRunIsOver() {
        WebhookPlan plan = PLAN.withRoles(0, 0.5, 0.5, Duration.ofSeconds(2));

        List<Delivery> all = all(plan);

        assertTrue(all.size() < 1_500, () -> all.size() + " deliveries");
        assertEquals(
                200,
                all.stream()
                        .filter(d -> d.happening() == Happening.STARTED && !d.duplicate())
                        .count());
    }

    @Test
    void bothShapesOccurAndAConversationKeepsItsOwn() {
        long flat = IntStream.range(0, 10_000)
                .filter(conversation -> withMany().shape(conversation) == Shape.FLAT)
                .count();
        assertEquals(5_000, flat, 250);
        assertEquals(Shape.DIGITAL, PLAN.withFlat(0).shape(3));
        assertEquals(Shape.FLAT, PLAN.withFlat(1).shape(3));
    }

    private static WebhookPlan withMany() {
        return WebhookPlan.chat(7, 10_000, 500, Duration.ofSeconds(20))
                .withRoles(0.5, 0.2, 0.2, Duration.ofSeconds(10));
    }

    private static Set<Integer> withRole(Role role) {
        return IntStream.range(0, PLAN.conversations())
                .filter(conversation -> PLAN.role(conversation) == role)
                .boxed()
                .collect(toSet());
    }

    private static List<Delivery> all(WebhookPlan plan) {
        List<Delivery> all = new ArrayList<>();
        new Deliveries(plan).forEachRemaining(all::add);
        return all;
    }
}
