package io.guestflow.processor.system;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.Topics;
import io.guestflow.contracts.alerts.Alert;
import io.guestflow.contracts.alerts.AlertKind;
import io.guestflow.contracts.alerts.AlertState;
import io.guestflow.contracts.auth.Consent;
import io.guestflow.contracts.auth.GuestAuthResult.Authenticated;
import io.guestflow.contracts.auth.GuestAuthResult.NotAuthenticated;
import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Source;
import io.guestflow.processor.factlog.FactLog;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import io.guestflow.processor.sandbox.cxone.Endpoint;
import io.guestflow.processor.sandbox.cxone.Fault;
import io.guestflow.processor.system.Entries.Entry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an operator is told when CXone fails. */
@Tag("full")
@Timeout(240)
@ExtendWith(SharedBroker.class)
class AlertsIT {
    private static final int GUESTS = 30;
    private static final int FACTS = 4_000;

    private final KafkaSandbox kafka;
    private GuestflowSandbox guestflow;

    AlertsIT(KafkaSandbox kafka) {
        this.kafka = kafka;
    }

    @BeforeEach
    void start() {
        kafka.deleteAllTopicsAndGroups();
        guestflow = new GuestflowSandbox(kafka.bootstrap(), AlertsIT.class);
    }

    @AfterEach
    void stop() {
        guestflow.close();
    }

    @Test
    void aBurstOfErrorsFiresOnceAndIsOverOnceThroughAKill() {
        Instance processor = guestflow.start("processor", Map.of("GUESTFLOW_ALERTS_WINDOW", "10s"));
        // What is counted later than it may be is left out.
        await().atMost(Entries.SOON)
                .until(() -> processor.metric("guestflow_application_running", "application=\"guestflow-facts\"") == 1);
        burst();
        guestflow.alerts().await("both alerts fire", all -> states(all).size() == 2, Entries.SOON);

        processor.kill();
        processor.restart();
        awaitOver();
        nothingMoreIsTold(processor, Duration.ofSeconds(10));
    }

    /** In memory it fires; whether the transaction that tells it was committed, nobody knows. */
    @Test
    @Tag("full")
    void aKillInTheMomentInWhichItFiresTellsItOnce() {
        Duration window = Duration.ofSeconds(60);
        Instance processor = guestflow.start("processor", Map.of("GUESTFLOW_ALERTS_WINDOW", "60s"));
        burst();
        await().atMost(Entries.SOON)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> processor.metric("guestflow_alerts_firing", "alert=\"AUTH_ERROR_RATE\"") > 0);
        processor.kill();
        processor.restart();
        guestflow.alerts().await("both alerts fire", all -> states(all).size() == 2, Entries.SOON);
        guestflow.alerts().await("both alerts are over", AlertsIT::areOver, window.plus(Entries.SOON));
        nothingMoreIsTold(processor, Duration.ofSeconds(6));
    }

    /** Guests who are authenticated, and as many who are not. */
    private void burst() {
        ask().forEach(request -> assertInstanceOf(
                Authenticated.class, guestflow.results().await(request).value()));
        guestflow.cxone().fault(Endpoint.CREATE, new Fault.Status(400));
        ask().forEach(request -> assertInstanceOf(
                NotAuthenticated.class, guestflow.results().await(request).value()));
        guestflow.cxoneHeals();
    }

    private void awaitOver() {
        guestflow.alerts().await("both alerts are over", AlertsIT::areOver, Entries.SOON);
    }

    private static boolean areOver(List<Entry<Alert>> alerts) {
        Map<String, List<AlertState>> states = states(alerts);
        return states.size() == 2 && states.values().stream().allMatch(of -> of.contains(AlertState.RESOLVED));
    }

    /**
     * What came after that would be told by then: guests are authenticated, their facts are counted, and the window has
     * moved on since.
     */
    private void nothingMoreIsTold(Instance processor, Duration movesOn) {
        double before = processor.metric("guestflow_alerts_facts_total", "fate=\"COUNTED\"");
        ask().forEach(request -> assertInstanceOf(
                Authenticated.class, guestflow.results().await(request).value()));
        await().atMost(Entries.SOON)
                .until(() -> processor.metric("guestflow_alerts_facts_total", "fate=\"COUNTED\"") >= before + GUESTS);
        Instant judged = Instant.now().plus(movesOn).plusSeconds(3);
        await().atMost(movesOn.plus(Entries.SOON)).until(() -> Instant.now().isAfter(judged));
        List<AlertState> once = List.of(AlertState.FIRING, AlertState.RESOLVED);
        assertEquals(
                Map.of(
                        AlertKind.AUTH_ERROR_RATE + "|all",
                        once,
                        AlertKind.AUTH_ERROR_RATE + "|channel:" + GuestRequest.CHANNEL,
                        once),
                states(guestflow.alerts().all()));
    }

    private List<GuestRequest> ask() {
        return Stream.generate(GuestRequest::ofNewGuest)
                .limit(GUESTS)
                .peek(guestflow::send)
                .toList();
    }

    /** By key, in their order. */
    private static Map<String, List<AlertState>> states(List<Entry<Alert>> alerts) {
        return alerts.stream()
                .collect(groupingBy(
                        entry -> entry.record().key(),
                        mapping(entry -> entry.value().state(), toList())));
    }

    /** What an alert is decided by changes with each fact; between two commits it changes in the cache. */
    @Test
    void manyFactsOfAChannelAreFewRecordsInTheChangelogs() throws Exception {
        Instance processor = guestflow.start("processor", Map.of());
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        Instant now = Instant.now();
        for (int i = 0; i < FACTS; i++) {
            sent.add(kafka.send(fact(i, now)));
        }
        sent.forEach(GuestflowSandbox::sent);
        await().atMost(Entries.SOON)
                .until(() -> processor.metric("guestflow_alerts_facts_total", "fate=\"COUNTED\"") >= FACTS
                        && processor.metric("guestflow_alerts_parts_total", "fate=\"TAKEN\"") >= 2);
        for (String store : List.of("alert-counts", "alert-scopes")) {
            long records = end(FactLog.APPLICATION + "-" + store + "-changelog");
            // Two rows for each fact, if each were written.
            assertTrue(records < FACTS / 5, () -> records + " records in the changelog of " + store);
        }
    }

    private static ProducerRecord<byte[], byte[]> fact(int number, Instant at) {
        Fact fact = new Fact.AuthSucceeded(
                "fact-" + number,
                at,
                "k1.told",
                new Dimensions("web-1", null, null),
                new Source("guest-auth-requests", 0, number),
                "r" + number,
                1,
                "conv-" + number,
                at,
                201,
                100,
                1,
                new Consent(true, at, "v1"),
                List.of(),
                List.of());
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(Topics.GUEST_FACTS.name(), 0, null, Fact.CODEC.write(fact));
        record.headers().add(RecordHeaders.SCHEMA, Fact.CODEC.schema().getBytes(StandardCharsets.UTF_8));
        return record;
    }

    /** Of all partitions together. */
    private long end(String topic) throws Exception {
        Map<TopicPartition, OffsetSpec> partitions = IntStream.range(0, GuestflowSandbox.PARTITIONS)
                .boxed()
                .collect(toMap(partition -> new TopicPartition(topic, partition), partition -> OffsetSpec.latest()));
        return kafka.admin().listOffsets(partitions).all().get(30, TimeUnit.SECONDS).values().stream()
                .mapToLong(ListOffsetsResult.ListOffsetsResultInfo::offset)
                .sum();
    }
}
