package io.guestflow.processor.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.Topics;
import io.guestflow.contracts.analytics.ConversationMetrics;
import io.guestflow.contracts.auth.GuestAuthResult.Authenticated;
import io.guestflow.contracts.cxone.ConversationFigures;
import io.guestflow.contracts.cxone.PagingFault;
import io.guestflow.contracts.cxone.QueryOutcome;
import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.Direction;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Measurement;
import io.guestflow.contracts.facts.Source;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import io.guestflow.processor.sandbox.cxone.Conversation;
import io.guestflow.processor.sandbox.cxone.DetailsFault;
import io.guestflow.processor.sandbox.cxone.Endpoint;
import io.guestflow.processor.sandbox.cxone.Fault;
import io.guestflow.processor.sandbox.cxone.RetryAfter;
import io.guestflow.processor.sandbox.webhooks.Happening;
import io.guestflow.processor.system.Entries.Entry;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sessions that have ended are measured: the whole process, a real broker, and analytics that are late or broken. */
@Tag("full")
@Timeout(300)
@ExtendWith(SharedBroker.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MeasureIT {
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final int TIMES = 4;
    private static final int GUESTS = 40;

    private static GuestflowSandbox guestflow;
    private static Instance processor;

    @BeforeAll
    static void start(KafkaSandbox kafka) {
        guestflow = new GuestflowSandbox(kafka.bootstrap(), MeasureIT.class);
        processor = guestflow.start(
                "processor",
                Map.of(
                        "GUESTFLOW_MEASURE_BATCH_WAIT", "2s",
                        "GUESTFLOW_MEASURE_RETRY_AFTER", "1s,2s,3s"));
    }

    @AfterAll
    static void stop() {
        guestflow.close();
    }

    @AfterEach
    void heal() {
        guestflow.cxone().detailsFault(DetailsFault.NONE).detailsPageSize(100);
        guestflow.cxone().detailsNever(List.of()).detailsRefused(List.of()).detailsAfter(Duration.ZERO);
        guestflow.cxone().clearFaults();
    }

    @Test
    void whatHasEndedIsMeasuredWithTheDifferenceToOurs() {
        Chat chat = ended(1);
        ConversationMetrics told = measured(chat, Measurement.MEASURED);

        Conversation truth = chat.atCxone();
        Fact.SessionEnded end = chat.awaitFact(Fact.SessionEnded.class, any -> true);
        assertNotNull(told.cxone());
        assertNotNull(told.difference());
        assertEquals(
                Duration.between(truth.createdAt(), truth.endsAt()).toMillis(),
                told.cxone().durationMs());
        assertEquals(end.durationMs(), told.own().durationMs());
        assertEquals(
                told.cxone().durationMs() - end.durationMs(), told.difference().durationMs());
        assertEquals(2, told.cxone().messages());
        assertEquals(1, told.own().inbound());
        assertEquals(1, told.difference().messages());
        Fact.ConversationMeasured fact = chat.awaitFact(Fact.ConversationMeasured.class, any -> true);
        assertEquals(Measurement.MEASURED, fact.state());
        assertEquals(end.guestRef(), fact.guestRef());
        assertEquals(told.difference().durationMs(), fact.durationDifferenceMs());
        assertEquals(
                partition(chat, Fact.SessionEnded.class),
                partition(chat, Fact.ConversationMeasured.class),
                "a guest's facts lie in one partition");
    }

    @Test
    void whatComesLateIsAskedForAgain() {
        Chat chat = begun(0);
        guestflow.cxone().detailsNever(List.of(chat.id()));
        double before = answers();
        end(chat);
        await().atMost(LONG).until(() -> answers() > before);
        guestflow.cxone().detailsNever(List.of());
        ConversationMetrics told = measured(chat, Measurement.MEASURED);
        assertTrue(told.asked() > 1, () -> "asked " + told.asked() + " times");
    }

    private static double answers() {
        return processor.metric("guestflow_measure_outcomes_total", "kind=\"Measured\"");
    }

    @Test
    void whatNeverComesIsMissing() {
        Chat chat = begun(0);
        guestflow.cxone().detailsNever(List.of(chat.id()));
        end(chat);
        ConversationMetrics told = measured(chat, Measurement.MISSING);
        assertEquals(TIMES, told.asked());
        assertNull(told.cxone());
        assertEquals(
                Measurement.MISSING,
                chat.awaitFact(Fact.ConversationMeasured.class, any -> true).state());
    }

    /** While pages do not fit, what can be read is measured, and the rest when they fit again. */
    @ParameterizedTest
    @CsvSource({
        "SAME_PAGE, REPEATED_PAGE",
        "EMPTY_PAGE, EMPTY_PAGE",
        "ENDLESS, TOO_MANY_PAGES",
        "FORGETS_TOKENS, PAGE_TOKEN_EXPIRED",
        "UNREADABLE_ROWS, UNREADABLE_ROW"
    })
    void whatIsReadBeforePagesDoNotFitIsKept(DetailsFault fault, PagingFault told) {
        guestflow
                .cxone()
                .detailsPageSize(fault == DetailsFault.UNREADABLE_ROWS ? 100 : 1)
                .detailsFault(fault);
        List<Chat> chats = several();
        Set<String> ids = chats.stream().map(Chat::id).collect(Collectors.toSet());
        chats.forEach(MeasureIT::end);
        List<Entry<QueryOutcome>> parts = guestflow
                .queryOutcomes()
                .await("a part of an answer", all -> !parts(all, told, ids).isEmpty(), LONG);
        Set<String> kept = parts(parts, told, ids);
        guestflow.cxone().detailsFault(DetailsFault.NONE);
        chats.forEach(chat -> measured(chat, Measurement.MEASURED));
        for (String id : kept) {
            assertEquals(1, metrics(id).getFirst().asked(), "it was not asked for again");
        }
    }

    /** The conversations of those that parts of answers with that fault told of. */
    private static Set<String> parts(List<Entry<QueryOutcome>> outcomes, PagingFault fault, Set<String> ids) {
        return outcomes.stream()
                .map(Entry::value)
                .filter(outcome -> outcome instanceof QueryOutcome.MeasuredInPart part && part.fault() == fault)
                .flatMap(outcome -> ((QueryOutcome.MeasuredInPart) outcome).conversations().stream())
                .map(ConversationFigures::conversationId)
                .filter(ids::contains)
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @CsvSource({"FORGETS_ONE_TOKEN, 400", "ACCESS_EXPIRES, 401", "FAILS_LATER, 503"})
    void whatPassesIsOvercomeByTheCommandItself(DetailsFault fault, int status) {
        guestflow.cxone().detailsPageSize(1).detailsFault(fault);
        long before = guestflow.cxone().calls(Endpoint.QUERY, status);
        List<Chat> chats = several();
        chats.forEach(MeasureIT::end);
        await().atMost(LONG).until(() -> guestflow.cxone().calls(Endpoint.QUERY, status) > before);
        guestflow.cxone().detailsFault(DetailsFault.NONE);
        chats.forEach(chat -> measured(chat, Measurement.MEASURED));
    }

    /** One id that CXone does not take. */
    @Test
    void whatIsRefusedForOneIsAnsweredForTheOthers() {
        List<Chat> chats = several();
        Chat refused = chats.getFirst();
        guestflow.cxone().detailsRefused(List.of(refused.id()));
        chats.forEach(MeasureIT::end);
        chats.stream().skip(1).forEach(chat -> measured(chat, Measurement.MEASURED));
        assertEquals(TIMES, measured(refused, Measurement.MISSING).asked());
    }

    @Test
    void aLimitOfAnalyticsIsToldToNobody() {
        guestflow.cxone().fault(Endpoint.QUERY, new Fault.Status(429, new RetryAfter.Seconds(5)), 1);
        long before = guestflow.cxone().calls(Endpoint.QUERY, 429);
        Chat chat = ended(0);
        await().atMost(LONG).until(() -> guestflow.cxone().calls(Endpoint.QUERY, 429) > before);
        Chat.begin(guestflow);
        assertEquals(0, processor.metric("guestflow_cxone_pause_seconds"));
        measured(chat, Measurement.MEASURED);
        assertEquals(List.of(), guestflow.pauses().all());
    }

    @Test
    void aKillWithQuestionsOutLosesNone() {
        guestflow.cxone().fault(Endpoint.QUERY, new Fault.Hang(false));
        List<Chat> chats = several();
        chats.forEach(MeasureIT::end);
        await().atMost(LONG).until(() -> guestflow.cxone().inFlight(Endpoint.QUERY) > 1);
        guestsAreServed();
        assertTrue(guestflow.cxone().inFlight(Endpoint.QUERY) > 0, "and analytics hang all the while");
        processor.kill();
        guestflow.cxone().clearFaults();
        processor.restart();
        chats.forEach(chat -> measured(chat, Measurement.MEASURED));
    }

    /** As ever: each of them by the first call that was made for it. */
    private static void guestsAreServed() {
        long before = guestflow.cxone().calls(Endpoint.CREATE);
        List<GuestRequest> guests = Stream.generate(GuestRequest::ofNewGuest)
                .limit(GUESTS)
                .peek(guestflow::send)
                .toList();
        guests.forEach(request -> assertInstanceOf(
                Authenticated.class, guestflow.results().await(request).value()));
        assertEquals(before + GUESTS, guestflow.cxone().calls(Endpoint.CREATE));
    }

    /** More ends than are asked for at once, read while outcomes come. */
    @Test
    void aBacklogOfEndsIsMeasuredOnceAndAskedForOnce() {
        assertEquals(0, processor.stop());
        int ends = 1_200;
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        Set<String> ids = new HashSet<>();
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int i = 0; i < ends; i++) {
            String id = "conv-backlog-" + i;
            ids.add(id);
            guestflow
                    .cxone()
                    .adopt(new Conversation(
                            id, "guest-backlog-" + i, "web", now.minusSeconds(600), now, null, List.of(), 0, Map.of()));
            sent.add(guestflow.kafka().send(endOf(id, i, now)));
        }
        sent.forEach(GuestflowSandbox::sent);
        long before = guestflow.cxone().calls(Endpoint.QUERY);
        processor.restart();
        guestflow.conversationMetrics().await("the backlog", all -> told(all).containsAll(ids), LONG);
        long calls = guestflow.cxone().calls(Endpoint.QUERY) - before;
        assertTrue(calls <= ends / 100 + 2 * GuestflowSandbox.PARTITIONS, () -> calls + " questions");
    }

    private static ProducerRecord<byte[], byte[]> endOf(String conversationId, int number, Instant at) {
        int partition = number % GuestflowSandbox.PARTITIONS;
        Fact fact = new Fact.SessionEnded(
                "backlog-" + number,
                at,
                "k1.backlog",
                new Dimensions("web", null, null),
                new Source("session-events", partition, 1_000_000 + number),
                conversationId,
                EndReason.CLOSED_UPSTREAM,
                at.minusSeconds(600),
                at,
                600_000,
                0,
                0,
                0,
                null,
                null,
                null);
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(Topics.GUEST_FACTS.name(), partition, null, null, Fact.CODEC.write(fact));
        record.headers().add(RecordHeaders.SCHEMA, Fact.CODEC.schema().getBytes(UTF_8));
        return record;
    }

    private static Set<String> told(List<Entry<ConversationMetrics>> all) {
        return all.stream().map(entry -> entry.value().conversationId()).collect(Collectors.toSet());
    }

    /** Of all that the other tests did. */
    @Test
    @Order(Integer.MAX_VALUE)
    void everythingIsToldOnce() {
        Set<String> ended = conversations(Fact.SessionEnded.class).keySet();
        assertFalse(ended.isEmpty());
        guestflow.conversationMetrics().await("all", all -> told(all).containsAll(ended), LONG);
        Map<String, Long> once = ended.stream().collect(Collectors.toMap(id -> id, id -> 1L));
        guestflow
                .facts()
                .await(
                        "all facts",
                        all -> conversations(Fact.ConversationMeasured.class)
                                .keySet()
                                .containsAll(ended),
                        LONG);
        assertEquals(once, conversations(Fact.ConversationMeasured.class), "facts");
        assertEquals(
                once,
                guestflow.conversationMetrics().all().stream()
                        .collect(Collectors.groupingBy(entry -> entry.value().conversationId(), Collectors.counting())),
                "each session of these tests ends once");
        assertEquals(0, processor.metric("guestflow_effects_failures_total", "topic=\"cxone-query-commands\""));
        assertEquals(0, processor.metric("guestflow_measure_conversations_total", "became=\"dropped\""));
    }

    private static Map<String, Long> conversations(Class<? extends Fact> kind) {
        return guestflow.facts().all(kind::isInstance).stream()
                .collect(Collectors.groupingBy(
                        entry -> Objects.requireNonNull(SessionBalance.conversation(entry.value())),
                        Collectors.counting()));
    }

    /** More of them than one in each partition. */
    private static List<Chat> several() {
        List<Chat> chats = new ArrayList<>();
        for (int i = 0; i < 3 * GuestflowSandbox.PARTITIONS; i++) {
            chats.add(begun(0));
        }
        return chats;
    }

    private static Chat begun(int unseen) {
        Chat chat = Chat.begin(guestflow);
        chat.tell(Happening.INBOUND);
        chat.awaitFact(Fact.MessageSeen.class, seen -> seen.direction() == Direction.INBOUND);
        guestflow.cxone().wrote(chat.id(), 1 + unseen);
        return chat;
    }

    /** @param unseen messages that no webhook told us of */
    private static Chat ended(int unseen) {
        Chat chat = begun(unseen);
        end(chat);
        return chat;
    }

    private static void end(Chat chat) {
        guestflow.cxone().closeConversation(chat.id());
        chat.tell(Happening.CLOSED);
    }

    private static ConversationMetrics measured(Chat chat, Measurement state) {
        ConversationMetrics told = guestflow
                .conversationMetrics()
                .awaitOne(
                        "metrics of " + chat.id(),
                        metrics -> metrics.conversationId().equals(chat.id()))
                .value();
        assertEquals(state, told.state());
        return told;
    }

    private static List<ConversationMetrics> metrics(String conversationId) {
        return guestflow
                .conversationMetrics()
                .all(metrics -> metrics.conversationId().equals(conversationId))
                .stream()
                .map(Entry::value)
                .toList();
    }

    private static int partition(Chat chat, Class<? extends Fact> kind) {
        return guestflow
                .facts()
                .all(fact -> kind.isInstance(fact) && chat.id().equals(SessionBalance.conversation(fact)))
                .stream()
                .map(entry -> entry.record().partition())
                .findFirst()
                .orElseThrow();
    }
}
