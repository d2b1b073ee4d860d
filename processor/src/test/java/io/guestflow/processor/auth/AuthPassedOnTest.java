package io.guestflow.processor.auth;

import static io.guestflow.processor.auth.AuthHarness.RULES;
import static io.guestflow.processor.auth.AuthRecords.created;
import static io.guestflow.processor.auth.AuthRecords.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.auth.AuthCommand;
import io.guestflow.contracts.auth.ContextDrop;
import io.guestflow.contracts.auth.GuestAuthResult.Authenticated;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.processor.context.AllowedKey;
import io.guestflow.processor.context.ContextPolicy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes on of a request: to its partition, to commands, results and facts. */
class AuthPassedOnTest {
    @TempDir
    private Path stateDir;

    @Test
    void aRequestInAForeignPartitionTakesOneHopAndIsAnsweredWithItsOwnTime() {
        // Of four partitions, the driver's only one is 0: these guests live elsewhere.
        try (AuthHarness auth = new AuthHarness(RULES, stateDir, 4)) {
            List<String> guests = Stream.iterate(0, i -> i + 1)
                    .map(i -> "guest-" + i)
                    .limit(40)
                    .toList();
            Instant sent = auth.now().minusMillis(70);
            for (String guest : guests) {
                auth.request(
                        "whatever".getBytes(StandardCharsets.UTF_8),
                        request("r", guest).getBytes(StandardCharsets.UTF_8),
                        sent,
                        new org.apache.kafka.common.header.internals.RecordHeaders());
            }

            List<TestRecord<byte[], byte[]>> hops = auth.rekeyed();
            assertTrue(hops.size() > 20 && hops.size() < 40, hops.size() + " hops");
            assertEquals(40, auth.commands().size(), "each is asked for once");
            TestRecord<byte[], byte[]> hop = hops.getFirst();
            assertEquals(sent.toEpochMilli(), hop.timestamp());
            assertTrue(guests.contains(new String(hop.key(), StandardCharsets.UTF_8)), "keyed by the guest");
            assertEquals(40, auth.count("guestflow.auth.requests"));
        }
    }

    @Test
    void aRekeyedRequestKeepsOfItsHeadersOnlyWhatIsOurs() {
        try (AuthHarness auth = new AuthHarness(RULES, stateDir, 4)) {
            Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
            headers.add("schema", "guest-auth-request/1".getBytes(StandardCharsets.UTF_8));
            headers.add("correlation-id", "order-7".getBytes(StandardCharsets.UTF_8));
            headers.add("baggage", new byte[1_000_000]);
            for (int i = 0; i < 20; i++) {
                auth.request(null, request("r" + i, "g" + i).getBytes(StandardCharsets.UTF_8), auth.now(), headers);
            }

            TestRecord<byte[], byte[]> hop = auth.rekeyed().getFirst();
            assertEquals(
                    List.of("schema", "correlation-id", "origin"),
                    Arrays.stream(hop.headers().toArray()).map(Header::key).toList());
        }
    }

    @Test
    void traceAndCorrelationArePassedOnOnlyIfTheyHaveTheRightShape() {
        try (AuthHarness auth = new AuthHarness(RULES, stateDir)) {
            String traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
            Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
            headers.add(RecordHeaders.TRACEPARENT, traceparent.getBytes(StandardCharsets.UTF_8));
            headers.add(RecordHeaders.CORRELATION_ID, "evil\r\nX-Header: 1".getBytes(StandardCharsets.UTF_8));
            auth.request(null, request("r1", "g1").getBytes(StandardCharsets.UTF_8), auth.now(), headers);

            Headers passed = auth.rawCommands().getFirst().headers();
            assertEquals(
                    traceparent,
                    new String(passed.lastHeader(RecordHeaders.TRACEPARENT).value(), StandardCharsets.UTF_8));
            assertNull(passed.lastHeader(RecordHeaders.CORRELATION_ID));

            auth.advance(Duration.ofSeconds(16));
            Headers answered = auth.answer().headers();
            assertEquals(
                    traceparent,
                    new String(answered.lastHeader(RecordHeaders.TRACEPARENT).value(), StandardCharsets.UTF_8));
        }
    }

    /** Four bytes in a request and twelve in a command: a request within its bounds would make one beyond them. */
    @Test
    void aCommandCanBeReadHoweverLongTheContext() {
        List<AllowedKey> keys = IntStream.range(0, 15)
                .mapToObj(i -> AllowedKey.of("key" + i, AllowedKey.Type.TEXT, 1024, null))
                .toList();
        String context = keys.stream()
                .map(key -> "\"" + key.name() + "\":\"" + "😀".repeat(1000) + "\"")
                .collect(Collectors.joining(",", "{", "}"));
        try (AuthHarness auth = new AuthHarness(RULES, stateDir, 1, new ContextPolicy(keys))) {
            auth.request(request("r1", "g1", "\"context\":" + context));

            AuthCommand.Authenticate command = auth.command();
            assertTrue(command.context().containsKey("key0"), "the most important stays");
            assertFalse(command.context().containsKey("key14"), "the least important goes");
            auth.outcome(created(command, "conv-1", true));
            Authenticated result =
                    assertInstanceOf(Authenticated.class, auth.answer().result());
            assertTrue(
                    result.contextDropped().contains(new ContextDrop("key14", ContextDrop.Reason.TOO_LONG)),
                    result::toString);
        }
    }

    @Test
    void aDimensionThatNoFactCanHoldIsLeftOutOfIt() {
        ContextPolicy wide = new ContextPolicy(List.of(AllowedKey.of("campaign", AllowedKey.Type.TEXT, 1024, ".*")));
        try (AuthHarness auth = new AuthHarness(RULES, stateDir, 1, wide)) {
            for (String campaign : List.of("x".repeat(129), "x".repeat(128))) {
                auth.request(request("r" + campaign.length(), "g1", "\"context\":{\"campaign\":\"" + campaign + "\"}"));
                auth.outcome(created(auth.command(), "conv-1", true));
                Fact.AuthSucceeded told =
                        assertInstanceOf(Fact.AuthSucceeded.class, auth.facts().getFirst());
                assertEquals(
                        campaign.length() > 128 ? null : campaign,
                        told.dimensions().campaign());
            }
            auth.advance(Duration.ofSeconds(16));
            assertEquals(0, auth.count("guestflow.timers.failed"));
        }
    }

    @Test
    void noFactNamesTheGuest() {
        try (AuthHarness auth = new AuthHarness(RULES, stateDir)) {
            auth.request(request("r1", "very-secret-guest"));
            auth.outcome(created(auth.command(), "conv-1", true));
            auth.request(request("r2", "very-secret-guest", "\"consent\":{\"accepted\":false}"));

            List<Fact> facts = auth.facts();
            assertEquals(3, facts.size());
            facts.forEach(fact -> assertFalse(
                    new String(Fact.CODEC.write(fact), StandardCharsets.UTF_8).contains("very-secret-guest")));
        }
    }
}
