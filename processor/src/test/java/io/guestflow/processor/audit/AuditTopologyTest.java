package io.guestflow.processor.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.Topics;
import io.guestflow.contracts.audit.AuditRecord;
import io.guestflow.contracts.audit.ChainCheck.Finding.Kind;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.failure.DeadLetter;
import io.guestflow.processor.wire.UnreadableState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditTopologyTest {
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    @TempDir
    Path dir;

    private AuditHarness audit;

    @BeforeEach
    void start() {
        audit = new AuditHarness(dir);
    }

    @AfterEach
    void stop() {
        audit.close();
    }

    @Test
    void everyFactIsNumberedAndChainedInItsOrder() {
        Facts.oneOfEach().forEach(audit::fact);

        List<AuditRecord> audited = audit.audited();
        assertEquals(
                LongStream.rangeClosed(1, 11).boxed().toList(),
                audited.stream().map(record -> record.chain().seq()).toList());
        assertNull(audited.getFirst().chain().prevHash());
        assertEquals(List.of(), audit.findings());
        assertEquals(11, audit.count("guestflow.audit.records"));
        assertEquals(11, audit.count("guestflow.facts.derived", "became", "read"));
    }

    @Test
    void aRecordHasTheFactsIdAsItsKeyTheFactsTimeAndItsTrace() {
        Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
        headers.add(RecordHeaders.TRACEPARENT, TRACE.getBytes(UTF_8));
        headers.add(RecordHeaders.CORRELATION_ID, "c-1".getBytes(UTF_8));
        audit.raw(Fact.CODEC.write(Facts.succeeded("the-fact")), headers);

        TestRecord<byte[], byte[]> record = audit.records().getFirst();
        assertEquals("the-fact", new String(record.key(), UTF_8));
        assertEquals(AuditHarness.START, record.getRecordTime());
        assertEquals("guest-audit/1", text(record, RecordHeaders.SCHEMA));
        assertEquals(TRACE, text(record, RecordHeaders.TRACEPARENT));
        assertEquals("c-1", text(record, RecordHeaders.CORRELATION_ID));
    }

    @Test
    void aFactThatComesAgainGetsNoNumber() {
        Facts.oneOfEach().forEach(audit::fact);
        audit.advance(Duration.ofDays(3));
        Facts.oneOfEach().forEach(audit::fact);
        audit.restart();
        Facts.oneOfEach().forEach(audit::fact);
        audit.fact(Facts.succeeded("new"));

        assertEquals(12, audit.records().size());
        assertEquals(List.of(), audit.findings());
        assertEquals(22, audit.count("guestflow.audit.skipped", "reason", "KNOWN"));
    }

    @Test
    void aFactIsKnownForNineDaysAndForgottenThen() {
        audit.fact(Facts.succeeded("old"));
        audit.advance(AuditTopology.REMEMBERED.minusSeconds(1));
        audit.fact(Facts.succeeded("old"));
        assertEquals(1, audit.records().size());

        // What comes later than a fact can lie on its topic is what a check must find.
        audit.advance(AuditTopology.REMEMBERED);
        audit.fact(Facts.succeeded("old"));
        assertEquals(2, audit.records().size());
    }

    @Test
    void aFactIsKnownForLongerThanItLiesOnItsTopic() {
        Duration day = Duration.ofDays(1);
        Duration lies = Topics.GUEST_FACTS.retention().plus(day);
        assertTrue(AuditTopology.REMEMBERED.compareTo(lies.plus(day)) >= 0);
    }

    @Test
    void aClockThatWasAheadForgetsNothing() {
        audit.advance(Duration.ofDays(8));
        audit.fact(Facts.succeeded("ahead"));
        audit.takenOver(Duration.ofDays(-8));
        audit.fact(Facts.succeeded("after"));
        audit.fact(Facts.succeeded("ahead"));
        audit.fact(Facts.succeeded("after"));
        audit.restart();
        audit.fact(Facts.succeeded("after"));
        audit.advance(Duration.ofDays(16));
        audit.fact(Facts.succeeded("after"));

        assertEquals(2, audit.records().size());
        assertEquals(List.of(), audit.findings());
    }

    @Test
    void messagesAreReadAndNotAudited() {
        audit.fact(Facts.message("m"));

        assertEquals(List.of(), audit.records());
        assertEquals(1, audit.count("guestflow.audit.skipped", "reason", "NOT_AUDITED"));
    }

    @Test
    void factsOfAVersionThatIsNotKnownPassByAndAreCounted() {
        Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
        headers.add(RecordHeaders.SCHEMA, "guest-fact/2".getBytes(UTF_8));
        audit.raw("{\"not\":\"ours\"}".getBytes(UTF_8), headers);
        audit.fact(Facts.succeeded("after"));

        assertEquals(1, audit.records().size());
        assertEquals(List.of(), audit.deadLetters());
        assertEquals(1, audit.count("guestflow.facts.derived", "became", "unknown.version"));
    }

    @Test
    void whatCannotBeReadIsADeadLetterWithoutItsContent() {
        byte[] secret = "{\"kind\":\"AuthSucceeded\",\"requestId\":\"a-secret\"".getBytes(UTF_8);
        audit.raw(secret, new org.apache.kafka.common.header.internals.RecordHeaders());
        audit.raw(null, new org.apache.kafka.common.header.internals.RecordHeaders());
        audit.fact(Facts.succeeded("after"));

        List<DeadLetter> letters = audit.deadLetters();
        assertEquals(2, letters.size());
        letters.forEach(letter -> {
            assertEquals(DeadLetter.Cause.CONTRACT_VIOLATION, letter.cause());
            assertEquals("guest-facts", letter.topic());
            assertFalse(new String(DeadLetter.CODEC.write(letter), UTF_8).contains("a-secret"));
        });
        assertEquals(1, audit.records().size());
        assertEquals(2, audit.count("guestflow.facts.derived", "became", "dead.letter"));
    }

    @Test
    void aChainGoesOnAfterARestart() {
        audit.fact(Facts.succeeded("one"));
        audit.restart();
        audit.fact(Facts.succeeded("two"));

        assertEquals(List.of(), audit.findings());
        assertEquals(2, audit.audited().getLast().chain().seq());
    }

    @Test
    void stateThatWasLostShowsInTheChain() {
        audit.fact(Facts.succeeded("one"));
        audit.fact(Facts.succeeded("two"));
        audit.close();
        List<TestRecord<byte[], byte[]>> before = List.copyOf(audit.records());
        audit = new AuditHarness(dir);
        audit.records().addAll(before);
        audit.fact(Facts.succeeded("three"));

        assertEquals(
                List.of(Kind.REPEATED),
                audit.findings().stream().map(f -> f.kind()).toList());
    }

    @Test
    void anEndOfTheChainInAFormThatIsNotKnownEndsTheProcess() {
        audit.restartWithChain(new byte[] {9, 9});

        Exception end = assertThrows(Exception.class, () -> audit.fact(Facts.succeeded("one")));
        Throwable cause = end;
        while (cause.getCause() != null && !(cause instanceof UnreadableState)) {
            cause = cause.getCause();
        }
        assertInstanceOf(UnreadableState.class, cause);
        assertTrue(cause.getMessage().contains("Do not delete"), cause.getMessage());
    }

    @Test
    void theSameFactsMakeTheSameRecords(@TempDir Path other) {
        Facts.oneOfEach().forEach(audit::fact);
        try (AuditHarness again = new AuditHarness(other)) {
            Facts.oneOfEach().forEach(again::fact);
            assertEquals(values(audit), values(again));
        }
    }

    @Test
    void saltsAreOfTheirOwn() {
        Facts.oneOfEach().forEach(audit::fact);
        Set<String> salts =
                audit.audited().stream().map(record -> record.chain().salt()).collect(Collectors.toSet());
        assertEquals(11, salts.size());
        salts.forEach(salt -> assertNotNull(salt));
    }

    private static List<String> values(AuditHarness harness) {
        return harness.records().stream()
                .map(record -> new String(record.value(), UTF_8))
                .toList();
    }

    private static String text(TestRecord<byte[], byte[]> record, String header) {
        return new String(record.headers().lastHeader(header).value(), UTF_8);
    }
}
