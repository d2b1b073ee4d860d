package io.guestflow.processor.analytics;

import static io.guestflow.processor.analytics.Given.GRACE;
import static io.guestflow.processor.analytics.Given.MINUTE;
import static io.guestflow.processor.analytics.Given.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.Direction;
import io.guestflow.contracts.facts.Fact;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What rows are called, and how many there may be. */
class WindowNamesTest {
    private static final Instant TEN = START.plusSeconds(10);
    private static final Duration CLOSED = MINUTE.plus(GRACE).plusSeconds(2);
    private static final Duration RETENTION = Duration.ofHours(48);

    @TempDir
    private Path stateDir;

    private AnalyticsHarness analytics;

    @AfterEach
    void stop() {
        analytics.close();
    }

    @Test
    void valuesBeyondTheMostAreOneAndNothingIsLost() {
        startWith(Given.rules(2, true, RETENTION));
        for (int round = 0; round < 3; round++) {
            for (String channel : List.of("a", "b", "c", "d")) {
                message(TEN, channel, "s-" + channel);
            }
        }

        assertEquals(Map.of("a s-a *", 3L, "b s-b *", 3L, "other other *", 6L), closed());
    }

    @Test
    void channelsThatAreConfiguredAlwaysStand() {
        startWith(Given.rules(1, false, RETENTION, "web", "app"));
        for (String channel : List.of("x", "y", "web", "app")) {
            message(TEN, channel, null);
        }

        assertEquals(Map.of("x * *", 1L, "other * *", 1L, "web * *", 1L, "app * *", 1L), closed());
    }

    @Test
    void aStrangersValuesDoNotDisplaceThoseInUse() {
        startWith(Given.rules(4, false, RETENTION));
        for (String channel : List.of("a", "b", "c")) {
            message(TEN, channel, null);
        }
        closed();
        Instant next = START.plus(MINUTE).plusSeconds(20);
        analytics.restart();
        for (String channel : List.of("x", "y", "c", "b", "a", "y")) {
            message(next, channel, null);
        }

        assertEquals(Map.of("x * *", 1L, "other * *", 2L, "a * *", 1L, "b * *", 1L, "c * *", 1L), closed());
    }

    @Test
    void aWindowWithoutFactsDoesNotEndTheProtection() {
        startWith(Given.rules(4, false, RETENTION));
        for (String channel : List.of("a", "b", "c")) {
            message(TEN, channel, null);
        }
        closed();
        analytics.advance(MINUTE.multipliedBy(3));
        for (String channel : List.of("x", "y", "c", "b", "a")) {
            message(analytics.now(), channel, null);
        }

        assertEquals(Map.of("x * *", 1L, "other * *", 1L, "a * *", 1L, "b * *", 1L, "c * *", 1L), closed());
    }

    @Test
    void aFloodOfValuesLeavesRoomInTheNextWindow() {
        startWith(Given.rules(4, false, RETENTION));
        for (int i = 0; i < 10; i++) {
            message(TEN, "x" + i, null);
        }
        closed();
        Instant next = START.plus(MINUTE).plusSeconds(20);
        for (String channel : List.of("x0", "app", "x1", "x2", "x3")) {
            message(next, channel, null);
        }

        assertEquals(Map.of("app * *", 1L, "x0 * *", 1L, "x1 * *", 1L, "x2 * *", 1L, "other * *", 1L), closed());
    }

    @Test
    void aValueThatIsOneOfTheOthersStaysOneInItsWindow() {
        startWith(Given.rules(4, false, RETENTION));
        AnalyticsHarness.Committed atFirst = analytics.committed();
        Instant next = TEN.plus(MINUTE);
        List<Fact> facts = List.of(
                ofChannel(TEN, "a"),
                ofChannel(next, "x"),
                ofChannel(next, "y"),
                ofChannel(next, "z"),
                ofChannel(next, "v"),
                // It comes late, and makes it a value that was in use before.
                ofChannel(TEN, "v"),
                ofChannel(next, "v"));
        analytics.advance(Duration.ofSeconds(30));
        facts.forEach(analytics::fact);
        analytics.advance(MINUTE);
        Map<String, Long> all = closed();
        assertEquals(Map.of("a * *", 1L, "v * *", 1L, "x * *", 1L, "y * *", 1L, "z * *", 1L, "other * *", 2L), all);

        analytics.readAnewFrom(atFirst);
        facts.forEach(analytics::fact);
        assertEquals(Map.of(), closed());
    }

    @Test
    void whatIsNoMoreInUseMakesRoom() {
        startWith(Given.rules(2, false, RETENTION));
        message(TEN, "x", null);
        message(TEN, "y", null);
        closed();
        message(START.plus(MINUTE), "x", null);
        closed();
        message(START.plus(MINUTE.multipliedBy(2)), "a", null);
        message(START.plus(MINUTE.multipliedBy(2)), "x", null);

        assertEquals(Map.of("a * *", 1L, "x * *", 1L), closed());
    }

    @Test
    void aChannelThatIsRefusedIsNoName() {
        startWith(Given.rules(10, false, RETENTION, "web"));
        for (String channel : List.of("web", "somebody@example.org")) {
            Dimensions dimensions = new Dimensions(channel, null, null);
            analytics.fact(Given.rejected(TEN, dimensions, ErrorCode.CHANNEL_NOT_ALLOWED));
            analytics.fact(Given.rejected(TEN, dimensions, ErrorCode.INVALID_REQUEST));
        }
        analytics.advance(CLOSED);

        assertEquals(
                List.of("other 2", "web 2"),
                analytics.published().stream()
                        .map(window -> window.channelId() + " " + window.auth().rejected())
                        .sorted()
                        .toList());
    }

    @Test
    void aNameThatStandsForSomethingElseIsOneOfTheOthers() {
        startWith(Given.rules(10, true, RETENTION));
        for (String name : List.of("*", "other", "unknown")) {
            message(TEN, name, name);
        }
        message(TEN, null, null);

        assertEquals(Map.of("other other *", 3L, "unknown unknown *", 1L), closed());
    }

    @Test
    void combinationsAreBoundedTooAndTheChannelStands() {
        int most = 10;
        startWith(new AnalyticsRules(List.of(MINUTE), GRACE, true, true, most, RETENTION, Set.of()));
        for (int i = 0; i < 6; i++) {
            for (int j = 0; j < 6; j++) {
                Dimensions dimensions = new Dimensions("c" + i % 2, "s" + i, "k" + j);
                analytics.fact(Given.message(TEN, dimensions, Direction.INBOUND));
            }
        }

        Map<String, Long> rows = closed();
        assertEquals(most + 2, rows.size());
        for (String channel : List.of("c0", "c1")) {
            assertEquals(
                    18,
                    rows.entrySet().stream()
                            .filter(row -> row.getKey().startsWith(channel))
                            .mapToLong(Map.Entry::getValue)
                            .sum());
        }
        assertTrue(rows.containsKey("c0 other other"), rows.toString());
    }

    private void startWith(AnalyticsRules rules) {
        analytics = new AnalyticsHarness(rules, stateDir);
    }

    private static Fact ofChannel(Instant at, String channel) {
        return Given.message(at, new Dimensions(channel, null, null), Direction.INBOUND);
    }

    private void message(Instant at, @Nullable String channel, @Nullable String segment) {
        analytics.fact(Given.message(at, new Dimensions(channel, segment, null), Direction.INBOUND));
    }

    /** What the windows that close come to. */
    private Map<String, Long> closed() {
        analytics.advance(CLOSED);
        Map<String, Long> messages = new TreeMap<>();
        analytics
                .published()
                .forEach(window -> messages.merge(
                        window.channelId() + " " + window.segment() + " " + window.campaign(),
                        window.messages().inbound(),
                        Long::sum));
        return messages;
    }
}
