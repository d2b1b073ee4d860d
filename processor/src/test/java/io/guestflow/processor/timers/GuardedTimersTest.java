package io.guestflow.processor.timers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.guestflow.contracts.failure.DeadLetter;
import io.guestflow.processor.deadletter.DeadLetters;
import io.guestflow.processor.deadletter.UnreadableRecords;
import io.guestflow.processor.facts.GuestRefs;
import io.guestflow.processor.facts.RefKey;
import io.guestflow.processor.wire.Routed;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.junit.jupiter.api.Test;

/** One timer whose handling fails, among others. */
class GuardedTimersTest {
    private static final long START = 1_000_000;

    private final MockProcessorContext<byte[], Routed> context = new MockProcessorContext<>();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger givenUp = new AtomicInteger();
    private final List<String> handled = new ArrayList<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private boolean defect = true;

    @Test
    void itIsTriedAgainEverLaterAndGivenUpInTheEnd() {
        GuardedTimers timers = timers(Duration.ZERO);
        assertEquals(0, deadLettersOfTheStore(), "a counter that begins with 1 is no increase");
        timers.fire(START, this::handle);
        assertEquals(List.of("good"), handled, "the other one is not held up");
        assertEquals(1, failed.get());

        long now = START;
        for (int tries = 2; tries <= TimerFailures.MOST_TRIES; tries++) {
            now += 1_000L << (tries - 2);
            at(now - 1);
            assertEquals(0, timers.fire(now - 1, this::handle));
            at(now);
            assertEquals(1, timers.fire(now, this::handle));
            assertEquals(tries, failed.get());
        }
        at(now + 10_000_000);
        assertEquals(0, timers.fire(now + 10_000_000, this::handle), "that was all");

        assertEquals(1, givenUp.get());
        assertEquals(1, deadLettersOfTheStore());
        Routed letter = (Routed) context.forwarded().getFirst().record().value();
        assertEquals(
                DeadLetter.Cause.PROCESSING,
                DeadLetter.CODEC.read(letter.value()).cause());
    }

    @Test
    void onceMendedItsFailuresAreForgotten() {
        GuardedTimers timers = timers(Duration.ZERO);
        timers.fire(START, this::handle);
        defect = false;
        at(START + 1_000);
        timers.fire(START + 1_000, this::handle);

        assertEquals(List.of("good", "bad"), handled);
        assertEquals(0, givenUp.get());
    }

    @Test
    void aheadOfItsTimeAFailureCostsNothing() {
        GuardedTimers timers = timers(Duration.ofSeconds(10));
        timers.foresee(START, this::handle);
        assertEquals(List.of("good"), handled);
        assertEquals(1, failed.get());
        defect = false;
        at(START + 10_000);
        timers.fire(START + 10_000, this::handle);

        assertEquals(List.of("good", "bad", "good"), handled);
    }

    @Test
    void whatKafkaThrowsGoesThrough() {
        GuardedTimers timers = timers(Duration.ZERO);
        assertThrows(
                KafkaException.class,
                () -> timers.fire(START, timer -> {
                    throw new KafkaException("fenced");
                }));
        assertEquals(0, failed.get());
    }

    private void handle(Timer timer) {
        String name = new String(timer.entity().get(), StandardCharsets.UTF_8);
        if (defect && name.equals("bad")) {
            throw new IllegalStateException("a defect");
        }
        handled.add(name);
    }

    private GuardedTimers timers(Duration holdOff) {
        at(START);
        DueTimers timers =
                new DueTimers(TimerStores.inMemory(), FiringTime.fixed(Duration.ofMillis(20), () -> 0), START, holdOff);
        for (String name : new String[] {"bad", "good"}) {
            timers.arm(new Timer(START, (byte) 1, Bytes.wrap(name.getBytes(StandardCharsets.UTF_8)), 1));
        }
        UnreadableRecords deadLetters = new UnreadableRecords(
                new DeadLetters(new GuestRefs(new RefKey("k1", new byte[32]))), registry, "dead-letters");
        return new GuardedTimers(
                timers,
                context,
                deadLetters,
                new GuardedTimers.Owner(
                        "timers", failed::incrementAndGet, givenUp::incrementAndGet, "it is lost", "ask again"));
    }

    /** It must be there. */
    private double deadLettersOfTheStore() {
        return registry.get("guestflow.dead.letters")
                .tag("topic", context.applicationId() + "-timers-changelog")
                .counter()
                .count();
    }

    private void at(long nowMs) {
        context.setCurrentSystemTimeMs(nowMs);
    }
}
