package io.guestflow.processor.analytics;

import static io.guestflow.processor.analytics.Given.GRACE;
import static io.guestflow.processor.analytics.Given.RULES;
import static io.guestflow.processor.analytics.Given.START;
import static io.guestflow.processor.analytics.Given.WEB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.Topics;
import io.guestflow.contracts.analytics.MetricsPartial;
import io.guestflow.contracts.analytics.PartialDistribution;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.failure.DeadLetter;
import io.guestflow.processor.analytics.AnalyticsMeters.Fate;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Headers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What gets into no window. */
class WindowRefusalsTest {
    private static final Duration LONG = Duration.ofMinutes(3);

    @TempDir
    private Path stateDir;

    private AnalyticsHarness analytics;

    @BeforeEach
    void start() {
        analytics = new AnalyticsHarness(RULES, stateDir);
    }

    @AfterEach
    void stop() {
        analytics.close();
    }

    @Test
    void aFactFromTheFutureIsADeadLetterAndOpensAndClosesNoWindow() {
        analytics.fact(Given.message(START));
        analytics.behind();
        analytics.advanceTo(START.plusSeconds(60).plus(GRACE).plusSeconds(1));
        Instant ahead = analytics.now().plus(GRACE).plusSeconds(60).plusMillis(1);
        analytics.factWrittenAt(Given.message(ahead), ahead);
        analytics.advance(Duration.ofSeconds(3));

        assertEquals(List.of(), analytics.published());
        DeadLetter letter = analytics.deadLetters().getFirst();
        assertEquals(Topics.GUEST_FACTS.name(), letter.topic());
        assertEquals("at", letter.problems().getFirst().field());
        assertEquals(1, analytics.facts(Fate.FUTURE));
        analytics.advance(LONG);
        assertEquals(START, analytics.window().windowStart());
    }

    @Test
    void aFactOfAClockThatIsALittleAheadCounts() {
        analytics.fact(Given.message(START.plus(GRACE).plusSeconds(60)));
        analytics.advance(LONG);

        assertEquals(START.plusSeconds(60), analytics.window().windowStart());
        assertEquals(List.of(), analytics.deadLetters());
    }

    @Test
    void whatOnlyLaterVersionsKnowPassesByAndIsCounted() {
        byte[] fact = Fact.CODEC.write(Given.message(START));
        analytics.fact(fact, headers("guest-fact/2"));
        String kind = new String(fact, StandardCharsets.UTF_8).replace("\"MessageSeen\"", "\"MessageSung\"");
        analytics.fact(kind.getBytes(StandardCharsets.UTF_8), headers(Fact.CODEC.schema()));
        analytics.advance(LONG);

        assertEquals(List.of(), analytics.deadLetters());
        assertEquals(List.of(), analytics.published());
    }

    @Test
    void windowsCloseInTimeThoughFactsWereNotRead() {
        analytics.fact(Given.message(START));
        analytics.fact(Fact.CODEC.write(Given.message(START)), headers("guest-fact/2"));
        analytics.fact(null, headers(Fact.CODEC.schema()));
        analytics.advanceTo(START.plusSeconds(60).plus(GRACE).plusSeconds(2));

        assertEquals(1, analytics.window().messages().inbound());
    }

    @Test
    void aFactWithoutAHeaderIsOfTheFirstVersion() {
        analytics.fact(
                Fact.CODEC.write(Given.message(START)), new org.apache.kafka.common.header.internals.RecordHeaders());

        assertEquals(1, analytics.facts(Fate.COUNTED));
    }

    @Test
    void whatIsNoFactIsADeadLetter() {
        analytics.fact("{\"kind\":\"MessageSeen\"}".getBytes(StandardCharsets.UTF_8), headers(Fact.CODEC.schema()));
        analytics.fact(null, headers(Fact.CODEC.schema()));

        assertEquals(2, analytics.deadLetters().size());
    }

    @Test
    void aPartOfALaterVersionEndsTheApplicationAndTellsToUpgrade() {
        byte[] closed = MetricsPartial.CODEC.write(new MetricsPartial.Closed(0, START));
        KafkaException version =
                assertThrows(KafkaException.class, () -> analytics.partial(closed, "guest-metrics-partial/2"));
        assertTrue(told(version).contains("Upgrade this instance too"), told(version));
        assertFalse(told(version).contains("delete the"), told(version));
        byte[] kind = new String(closed, StandardCharsets.UTF_8)
                .replace("\"Closed\"", "\"Opened\"")
                .getBytes(StandardCharsets.UTF_8);
        KafkaException end = assertThrows(KafkaException.class, () -> analytics.partial(kind));
        assertTrue(told(end).contains("Upgrade this instance too"), told(end));
    }

    @Test
    void whatIsNoPartIsADeadLetter() {
        analytics.partial(new byte[] {1});

        assertEquals(
                Topics.GUEST_METRICS_PARTIALS.name(),
                analytics.deadLetters().getFirst().topic());
    }

    @Test
    void aSketchThatCannotBeMergedEndsTheApplication() {
        Row row = new Row(Window.at(START.toEpochMilli(), 60_000), "web", "*", "*");
        Aggregate aggregate = new Aggregate();
        aggregate.add(Given.succeeded(START, WEB, 100));
        MetricsPartial.Part good = aggregate.toPart(row, 3, 0);
        for (PartialDistribution bad : List.of(
                new PartialDistribution(1, 100L, 100L, 100L, List.of(), "AAAA"),
                new PartialDistribution(2, 100L, 100L, 200L, List.of(100L), null))) {
            KafkaException end = assertThrows(KafkaException.class, () -> analytics.partial(withLatencies(good, bad)));
            assertTrue(told(end).contains("sketch"), told(end));
            assertTrue(told(end).contains("no other changelog of guestflow-facts"), told(end));
        }
    }

    private static MetricsPartial withLatencies(MetricsPartial.Part good, PartialDistribution latencies) {
        return new MetricsPartial.Part(
                good.windowSize(),
                good.windowStart(),
                good.windowEnd(),
                good.channelId(),
                good.segment(),
                good.campaign(),
                good.sourcePartition(),
                good.countedTo(),
                good.auth(),
                latencies,
                good.sessions(),
                good.messages(),
                good.conversationDurationS());
    }

    private static String told(Throwable thrown) {
        StringBuilder all = new StringBuilder();
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            all.append(cause.getMessage()).append('\n');
        }
        return all.toString();
    }

    private static Headers headers(String schema) {
        Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
        headers.add(RecordHeaders.SCHEMA, schema.getBytes(StandardCharsets.UTF_8));
        return headers;
    }
}
