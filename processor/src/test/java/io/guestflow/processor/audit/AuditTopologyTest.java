package io.guestflow.processor.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.audit.AuditRecord;
import io.guestflow.contracts.audit.Chain;
import io.guestflow.contracts.audit.ChainCheck.Finding.Kind;
import io.guestflow.contracts.facts.Fact;
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
                LongStream.rangeClosed(1, 12).boxed().toList(),
                audited.stream().map(record -> record.chain().seq()).toList());
        assertNull(audited.getFirst().chain().prevHash());
        assertEquals(List.of(), audit.findings());
        assertEquals(12, audit.count("guestflow.audit.records"));
        assertEquals(12, audit.count("guestflow.facts.derived", "became", "told"));
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

        assertEquals(13, audit.records().size());
        assertEquals(List.of(), audit.findings());
        assertEquals(24, audit.count("guestflow.facts.derived", "became", "known"));
    }

    @Test
    void messagesAreReadAndNotAudited() {
        audit.fact(Facts.message("m"));

        assertEquals(List.of(), audit.records());
        assertEquals(1, audit.count("guestflow.audit.skipped", "reason", "NOT_AUDITED"));
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
    void aChainWhoseStateWasLostGoesOnWhereItsRecordsEnd() {
        audit.fact(Facts.succeeded("one"));
        audit.fact(Facts.succeeded("two"));
        audit.restartWithoutState();
        audit.fact(Facts.succeeded("three"));
        audit.restart();
        audit.fact(Facts.succeeded("four"));

        assertEquals(List.of(), audit.findings());
        assertEquals(4, audit.audited().getLast().chain().seq());
    }

    /** The next start finds the state where it was told to go on, though nothing has happened. */
    @Test
    void anEndThatWasTakenOverIsKeptWithoutWaitingForAFact() {
        audit.fact(Facts.succeeded("one"));
        audit.fact(Facts.succeeded("two"));
        audit.restartWithoutState();
        audit.advance(Duration.ofMillis(10));
        audit.restart();
        audit.fact(Facts.succeeded("three"));

        assertEquals(List.of(), audit.findings());
        assertEquals(3, audit.audited().getLast().chain().seq());
    }

    @Test
    void stateThatIsOlderThanTheRecordsEndsTheProcess(@TempDir Path other) {
        audit.fact(Facts.succeeded("one"));
        audit.fact(Facts.succeeded("two"));
        Chain one = audit.audited().getFirst().chain();

        Exception end = assertThrows(
                Exception.class, () -> audit.restartWithChain(new ChainHead(one.seq(), one.hash()).write()));
        // What did not start did not close its stores.
        audit = new AuditHarness(other);
        assertTrue(
                unreadable(end).getMessage().contains("delete the directory"), () -> String.valueOf(unreadable(end)));
    }

    /** With the state goes what was known: who has facts read again then breaks the audit, and a check tells. */
    @Test
    void aFactThatIsAuditedTwiceIsFound() {
        audit.fact(Facts.succeeded("one"));
        audit.restartWithoutState();
        audit.fact(Facts.succeeded("one"));

        assertEquals(
                List.of(Kind.REPEATED_KEY),
                audit.findings().stream().map(f -> f.kind()).toList());
    }

    @Test
    void whatIsTooLargeForAnAuditRecordIsADeadLetterAndCounted() {
        audit.fact(Facts.tooLarge("large"));
        audit.fact(Facts.succeeded("after"));

        assertEquals(1, audit.records().size());
        assertEquals(List.of(), audit.findings());
        assertEquals(1, audit.count("guestflow.audit.skipped", "reason", "FAILED"));
        assertEquals(1, audit.count("guestflow.audit.records"));
    }

    @Test
    void anEndOfTheChainInAFormThatIsNotKnownEndsTheProcess(@TempDir Path other) {
        Exception end = assertThrows(Exception.class, () -> audit.restartWithChain(new byte[] {9, 9}));
        // What did not start did not close its stores.
        audit = new AuditHarness(other);
        assertTrue(unreadable(end).getMessage().contains("Do not delete"), () -> String.valueOf(unreadable(end)));
    }

    private static UnreadableState unreadable(Throwable end) {
        Throwable cause = end;
        while (cause.getCause() != null && !(cause instanceof UnreadableState)) {
            cause = cause.getCause();
        }
        return assertInstanceOf(UnreadableState.class, cause);
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
        assertEquals(12, salts.size());
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
