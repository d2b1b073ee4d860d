package io.guestflow.processor.system;

import static io.guestflow.processor.system.GuestflowSandbox.PARTITIONS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.Topics;
import io.guestflow.contracts.auth.AuthStatus;
import io.guestflow.contracts.auth.ContextDrop;
import io.guestflow.contracts.auth.ContextDrop.Reason;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.auth.GuestAuthResult.Authenticated;
import io.guestflow.contracts.auth.GuestAuthResult.NotAuthenticated;
import io.guestflow.contracts.codec.Problem.Defect;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.failure.DeadLetter;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import io.guestflow.processor.sandbox.cxone.Conversation;
import io.guestflow.processor.sandbox.cxone.Endpoint;
import io.guestflow.processor.sandbox.cxone.Received;
import io.guestflow.processor.system.Entries.Entry;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that must not get through: what becomes of them, and that nobody is told what was in them. */
@Timeout(120)
@ExtendWith(SharedBroker.class)
class BadRequestIT {
    /** Where a payload would show up, in whatever is written or sent. */
    private static final String PRIVATE = "private-" + Output.CANARY;

    /** What a producer sends at the most, and a broker takes, unless told otherwise. */
    private static final int LARGEST_RECORD = 1024 * 1024;

    /** What a batch of one record with three headers has beside its content, and some 15 bytes: less than any header. */
    private static final int RECORD_OVERHEAD = 61 + 21 + 7 + 3 * 4 + 1 + 15;

    private static GuestflowSandbox guestflow;
    private static Instance processor;

    @BeforeAll
    static void start(KafkaSandbox kafka) {
        guestflow = new GuestflowSandbox(kafka.bootstrap(), BadRequestIT.class);
        processor = guestflow.start(
                "processor",
                Map.of(
                        "GUESTFLOW_CHANNELS_ALLOWED",
                        GuestRequest.CHANNEL + ",web-messaging-channel-02",
                        "GUESTFLOW_CONSENT_POLICIES",
                        "v2.1,v2.0"));
    }

    @AfterAll
    static void stop() {
        guestflow.close();
    }

    static Stream<Arguments> unreadable() {
        String ids = "\"requestId\":\"r\",\"guestId\":\"" + PRIVATE + "\"";
        String longId = PRIVATE + "x".repeat(129 - PRIVATE.length());
        return Stream.of(
                unreadable("not JSON", "{\"guestId\":\"" + PRIVATE, Defect.NOT_JSON),
                unreadable("something behind the JSON", "{" + ids + "} " + PRIVATE, Defect.NOT_JSON),
                unreadable("not an object", "[\"" + PRIVATE + "\"]", Defect.NOT_AN_OBJECT),
                unreadable("no requestId", "{\"guestId\":\"" + PRIVATE + "\"}", Defect.MISSING),
                unreadable("no guestId", "{\"requestId\":\"" + PRIVATE + "\"}", Defect.MISSING),
                unreadable(
                        "a guestId that is no text", "{\"requestId\":\"" + PRIVATE + "\",\"guestId\":7}", Defect.WRONG),
                unreadable(
                        "a guestId of 129 characters",
                        "{\"requestId\":\"r\",\"guestId\":\"" + longId + "\"}",
                        Defect.TOO_LONG),
                unreadable("over 64 KiB", "{" + ids + ",\"x\":\"" + "y".repeat(65_536) + "\"}", Defect.TOO_LARGE),
                unreadable("a key twice", "{" + ids + ",\"a\":1,\"a\":2}", Defect.DUPLICATE_KEY),
                unreadable(
                        "nested too deep",
                        "{" + ids + ",\"a\":" + "[".repeat(16) + "]".repeat(16) + "}",
                        Defect.TOO_DEEP));
    }

    private static Arguments unreadable(String what, String value, Defect defect) {
        return Arguments.of(what, value, defect);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unreadable")
    void whatNamesNobodyBecomesADeadLetterWithoutItsContent(String what, String value, Defect defect) {
        Entry<DeadLetter> letter = deadLetterOf(value.getBytes(UTF_8));

        assertEquals(defect, letter.value().problems().getFirst().defect());
        assertEquals(value.getBytes(UTF_8).length, letter.value().valueBytes());
    }

    @Test
    void bytesThatAreNoUtf8BecomeADeadLetter() {
        Entry<DeadLetter> letter = deadLetterOf(new byte[] {'{', (byte) 0xff, (byte) 0xfe, '}'});

        assertEquals(Defect.NOT_JSON, letter.value().problems().getFirst().defect());
    }

    @Test
    void aNullValueBecomesADeadLetter() {
        Entry<DeadLetter> letter = deadLetterOf((byte[]) null);

        assertEquals(Defect.NULL_VALUE, letter.value().problems().getFirst().defect());
        assertEquals(-1, letter.value().valueBytes());
    }

    /** As much as a producer and a broker with their own limits let pass, in a partition that is not the guest's. */
    private static ProducerRecord<byte[], byte[]> filledWithHeaders(byte[] key, byte[] value) {
        var headers = new org.apache.kafka.common.header.internals.RecordHeaders()
                .add(RecordHeaders.SCHEMA, PRIVATE.repeat(100).getBytes(UTF_8))
                .add(RecordHeaders.CORRELATION_ID, PRIVATE.repeat(100).getBytes(UTF_8));
        int filler = LARGEST_RECORD - RECORD_OVERHEAD - key.length - value.length;
        for (Header header : headers) {
            filler -= header.key().length() + header.value().length;
        }
        headers.add("x", new byte[filler]);
        return new ProducerRecord<>(Topics.GUEST_AUTH_REQUESTS.name(), 1, null, key, value, headers);
    }

    @Test
    void aRecordAsLargeAsMayBeBecomesADeadLetterAndTheStreamGoesOn() {
        byte[] key = (PRIVATE + "-key").getBytes(UTF_8);
        byte[] start = "{\"requestId\":\"r\",\"guestId\":\"%s\",\"x\":\""
                .formatted(PRIVATE)
                .getBytes(UTF_8);
        byte[] value = Arrays.copyOf(start, LARGEST_RECORD - 20_000);
        Arrays.fill(value, start.length, value.length - 2, (byte) 'y');
        value[value.length - 2] = '"';
        value[value.length - 1] = '}';

        Entry<DeadLetter> letter = deadLetterOf(filledWithHeaders(key, value));

        assertEquals(Defect.TOO_LARGE, letter.value().problems().getFirst().defect());
        assertEquals(value.length, letter.value().valueBytes());
    }

    @Test
    void aReadableRequestInARecordAsLargeAsMayBeIsRekeyedAndAnswered() {
        GuestRequest request = GuestRequest.ofNewGuestIn(2, PARTITIONS);
        double rekeyed = processor.metric("guestflow_auth_rekeyed_total");
        byte[] value = request.record().value();

        guestflow.kafka().produce(filledWithHeaders(PRIVATE.repeat(5_000).getBytes(UTF_8), value));

        assertInstanceOf(Authenticated.class, guestflow.results().await(request).value());
        assertEquals(rekeyed + 1, processor.metric("guestflow_auth_rekeyed_total"));
    }

    /** Puts it on the topic, and holds that it is told of as it must be and that the stream goes on behind it. */
    private static Entry<DeadLetter> deadLetterOf(byte[] value) {
        return deadLetterOf(
                new ProducerRecord<>(Topics.GUEST_AUTH_REQUESTS.name(), 1, (PRIVATE + "-key").getBytes(UTF_8), value));
    }

    private static Entry<DeadLetter> deadLetterOf(ProducerRecord<byte[], byte[]> record) {
        double counted = processor.metric("guestflow_dead_letters_total", "topic=\"guest-auth-requests\"");
        RecordMetadata at = guestflow.kafka().produce(record);
        GuestRequest behind = GuestRequest.ofNewGuestIn(1, PARTITIONS);
        assertInstanceOf(Authenticated.class, guestflow.answerTo(behind));

        Entry<DeadLetter> letter = guestflow
                .deadLetters()
                .awaitOne("dead letter", dead -> dead.offset() == at.offset() && dead.partition() == 1);

        assertEquals(DeadLetter.Cause.CONTRACT_VIOLATION, letter.value().cause());
        assertEquals(at.topic(), letter.value().topic());
        assertEquals(at.topic() + "/1/" + at.offset(), letter.record().key());
        assertEquals(Topics.GUEST_AUTH_REQUESTS.codec().schema(), letter.value().schema());
        assertEquals(DeadLetter.CODEC.schema(), letter.header(RecordHeaders.SCHEMA));
        assertEquals(at.timestamp(), letter.value().recordedAt().toEpochMilli());
        assertFalse(letter.record().value().contains(Output.CANARY), "a dead letter quotes its record");
        assertEquals(counted + 1, processor.metric("guestflow_dead_letters_total", "topic=\"guest-auth-requests\""));
        return letter;
    }

    @Test
    void everythingThatIsWrongIsNamedAtOnce() {
        GuestRequest request = GuestRequest.ofNewGuest()
                .without("channelId")
                .consent("accepted", PRIVATE)
                .consent("timestamp", PRIVATE)
                .consent("policyVersion", PRIVATE.repeat(10))
                .with("context", PRIVATE)
                .with("timeoutMs", PRIVATE);

        NotAuthenticated result = rejected(request, ErrorCode.INVALID_REQUEST);

        for (String field : List.of(
                "channelId",
                "consent.accepted",
                "consent.timestamp",
                "consent.policyVersion",
                "context",
                "timeoutMs")) {
            assertTrue(result.error().message().contains(field + ":"), () -> field + " in " + result.error());
        }
        assertFalse(result.error().message().contains(Output.CANARY), "the answer quotes the request");
    }

    static Stream<Arguments> consents() {
        return Stream.of(
                Arguments.of("none at all", GuestRequest.ofNewGuest().without("consent")),
                Arguments.of("none accepted", GuestRequest.ofNewGuest().with("consent", Map.of())),
                Arguments.of("refused", GuestRequest.ofNewGuest().consent("accepted", false)),
                Arguments.of(
                        "from the future",
                        GuestRequest.ofNewGuest()
                                .consent(
                                        "timestamp",
                                        Instant.now().plusSeconds(180).toString())),
                Arguments.of(
                        "to a policy that nobody knows",
                        GuestRequest.ofNewGuest().consent("policyVersion", "v9")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("consents")
    void withoutConsentNobodyIsAuthenticated(String what, GuestRequest request) {
        rejected(request, ErrorCode.CONSENT_REQUIRED);
    }

    @Test
    void aChannelThatIsNotOnTheListIsRefused() {
        rejected(GuestRequest.ofNewGuest().with("channelId", "voice-07"), ErrorCode.CHANNEL_NOT_ALLOWED);
        assertInstanceOf(
                Authenticated.class,
                guestflow.answerTo(GuestRequest.ofNewGuest().with("channelId", "web-messaging-channel-02")));
    }

    static Stream<Arguments> contexts() {
        return Stream.of(
                Arguments.of("header injection", "web\r\nX-Evil: " + PRIVATE, Reason.CONTROL_CHARACTER),
                Arguments.of("a NUL", "web\u0000" + PRIVATE, Reason.CONTROL_CHARACTER),
                Arguments.of("an escape sequence", "web\u001b[2J" + PRIVATE, Reason.CONTROL_CHARACTER),
                Arguments.of("10 KB", PRIVATE.repeat(640), Reason.TOO_LONG),
                Arguments.of("an object", Map.of("deep", Map.of("deeper", PRIVATE)), Reason.WRONG_TYPE),
                Arguments.of("an array", List.of(PRIVATE), Reason.WRONG_TYPE),
                Arguments.of("an address", PRIVATE + "@example.com", Reason.LOOKS_LIKE_EMAIL),
                Arguments.of("a card", "4111 1111 1111 1111", Reason.LOOKS_LIKE_CARD));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("contexts")
    void aContextValueThatIsNotAllowedIsDroppedNamedAndNeverSent(String what, Object value, Reason reason) {
        GuestRequest request =
                GuestRequest.ofNewGuest().context("segment", "anonymous").context("device", value);

        Authenticated result = assertInstanceOf(Authenticated.class, guestflow.answerTo(request));

        assertEquals(List.of(new ContextDrop("device", reason)), result.contextDropped());
        assertTrue(result.contextInjected(), "what is left is injected");
        assertOnlyThisReachedCxone(result, Set.of("segment"));
    }

    @Test
    void aContextKeyThatNobodyKnowsIsDroppedNamedByNumberAndNeverSent() {
        GuestRequest request = GuestRequest.ofNewGuest()
                .context("segment", "anonymous")
                .context("X-Evil: " + PRIVATE + "\r\nX-More", "yes")
                .context(PRIVATE, Map.of("a", 1));

        Authenticated result = assertInstanceOf(Authenticated.class, guestflow.answerTo(request));

        assertEquals(
                Set.of("unknown#1", "unknown#2"),
                result.contextDropped().stream().map(ContextDrop::key).collect(Collectors.toSet()));
        assertOnlyThisReachedCxone(result, Set.of("segment"));
    }

    @Test
    void whenNothingIsLeftOfAContextNoneIsSent() {
        long injections = guestflow.cxone().calls(Endpoint.CONTEXT);

        Authenticated result = assertInstanceOf(
                Authenticated.class,
                guestflow.answerTo(GuestRequest.ofNewGuest().context("device", "web\n" + PRIVATE)));

        assertFalse(result.contextInjected());
        assertEquals(injections, guestflow.cxone().calls(Endpoint.CONTEXT));
    }

    private static void assertOnlyThisReachedCxone(Authenticated result, Set<String> keys) {
        Conversation conversation = guestflow.cxone().conversation(result.conversationId());
        assertNotNull(conversation);
        assertEquals(keys, conversation.context().keySet());
        Received injection = guestflow.cxone().lastReceived(Endpoint.CONTEXT);
        assertNotNull(injection);
        assertTrue(injection.path().endsWith("/" + result.conversationId()), "this test's own call is looked at");
        assertFalse(injection.headers().containsKey("x-evil"));
        // The create call names the guest, whose id holds the canary too; a context value holds more of it.
        assertFalse(
                (injection + " " + guestflow.cxone().lastReceived(Endpoint.CREATE)).contains(PRIVATE),
                "what was dropped was sent all the same");
    }

    private static NotAuthenticated rejected(GuestRequest request, ErrorCode code) {
        NotAuthenticated result = assertInstanceOf(NotAuthenticated.class, guestflow.answerTo(request));
        assertEquals(code, result.error().code());
        assertEquals(AuthStatus.REJECTED, result.status());
        assertFalse(result.retryable());
        assertEquals(0, guestflow.cxone().guest(request.guestId()).calls(), "CXone was called");
        Entry<Fact> fact = guestflow
                .facts()
                .awaitOne(
                        "fact",
                        told -> told instanceof Fact.AuthRejected it
                                && it.requestId().equals(request.requestId())
                                && it.code() == code);
        assertFalse(fact.record().value().contains(Output.CANARY), "a fact quotes the request");
        return result;
    }
}
