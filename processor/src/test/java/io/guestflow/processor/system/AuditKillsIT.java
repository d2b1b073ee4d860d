package io.guestflow.processor.system;

import static io.guestflow.processor.system.GuestflowSandbox.PARTITIONS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.audit.AuditRecord;
import io.guestflow.contracts.audit.Chain;
import io.guestflow.contracts.auth.GuestAuthResult;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import io.guestflow.processor.system.Entries.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Processors that are killed while they number and chain, and a broker that compacts as soon as it can. */
@Tag("full")
@Timeout(600)
@ExtendWith(SharedBroker.class)
class AuditKillsIT {
    private static final int REQUESTS = 2000;
    private static final int PER_SECOND = 100;
    private static final int KILLS = 3;
    private static final Duration LONG = Duration.ofSeconds(120);
    private static final String TOPIC = Topics.GUEST_AUDIT.name();

    private final KafkaSandbox kafka;
    private GuestflowSandbox guestflow;

    AuditKillsIT(KafkaSandbox kafka) {
        this.kafka = kafka;
    }

    @BeforeEach
    void start() {
        kafka.deleteAllTopicsAndGroups();
        guestflow = new GuestflowSandbox(kafka.bootstrap(), AuditKillsIT.class);
        guestflow.cxone().latency(Duration.ofMillis(60));
    }

    @AfterEach
    void stop() {
        guestflow.close();
    }

    @Test
    void killsAndCompactionLoseNoFactAndNumberNoneTwice() throws Exception {
        Random random = new Random(20261126);
        Instance processor = guestflow.start("processor", Map.of());
        List<GuestRequest> sent = loadWithKills(processor, random);
        await().atMost(LONG)
                .until(() -> guestflow.sessions().all().stream()
                                .map(session -> session.value().conversationId())
                                .distinct()
                                .count()
                        >= REQUESTS);

        Map<String, Entry<GuestAuthResult>> results = guestflow.results().exactlyOneEach(sent);
        FactsTellTheResults.once(guestflow, results);
        List<Entry<AuditRecord>> audited = AuditTrail.tellsEachFactOnce(guestflow, LONG);
        System.out.printf("%d results, %d audit records%n", results.size(), audited.size());
        AuditTrail.eachRecordHasItsCause(kafka, audited, LONG);

        compactionLosesNothing(audited);
    }

    /** Then facts come twice, and the audit must not. */
    @Test
    void whereFactsComeTwiceTheAuditTellsThemOnce() {
        Instance processor = guestflow.start("processor", Map.of("GUESTFLOW_PROCESSING_GUARANTEE", "at_least_once"));
        loadWithKills(processor, new Random(20261127));

        List<Entry<AuditRecord>> audited = AuditTrail.tellsEachFactOnce(guestflow, LONG);
        int facts = guestflow
                .facts()
                .all(fact -> !(fact instanceof Fact.MessageSeen))
                .size();
        System.out.printf("%d facts, %d audit records%n", facts, audited.size());
        assertTrue(facts > audited.size(), "no fact came twice: the kills hit nothing");
    }

    private List<GuestRequest> loadWithKills(Instance processor, Random random) {
        int answered = 0;
        List<GuestRequest> sent;
        try (Load load = Load.start(
                guestflow, PER_SECOND, REQUESTS, () -> GuestRequest.ofNewGuest().timeoutMs(60_000))) {
            for (int kill = 1; kill <= KILLS; kill++) {
                answered += REQUESTS / (KILLS + 1) - 100 + random.nextInt(200);
                guestflow.results().awaitAnswered(answered, LONG);
                processor.kill();
                Duration ready = processor.restart();
                System.out.printf("kill %d after %d results, ready in %d ms%n", kill, answered, ready.toMillis());
            }
            sent = load.awaitAll();
        }
        guestflow.results().awaitEach(sent, LONG);
        guestflow.settle(LONG);
        return sent;
    }

    /** In each partition one record is written over as erasure will do it: when it is gone, compaction has come by. */
    private void compactionLosesNothing(List<Entry<AuditRecord>> audited) throws Exception {
        Set<String> before =
                audited.stream().map(entry -> entry.value().auditId()).collect(Collectors.toSet());
        configure(Map.of(
                "min.compaction.lag.ms", "0",
                "max.compaction.lag.ms", "1000",
                "min.cleanable.dirty.ratio", "0",
                "segment.bytes", Integer.toString(1 << 20),
                "segment.ms", "1000"));
        audited.stream()
                .filter(entry -> entry.value().chain().seq() == 2)
                .forEach(entry -> kafka.produce(new ProducerRecord<>(
                        TOPIC,
                        entry.record().partition(),
                        entry.value().auditId().getBytes(UTF_8),
                        AuditRecord.CODEC.write(erased(entry.value())))));

        // Only a segment that is not written to is compacted, and only a record that comes closes one.
        List<ConsumerRecord<String, String>> after = new ArrayList<>();
        await().atMost(Duration.ofMinutes(4))
                .pollInterval(Duration.ofSeconds(5))
                .until(() -> {
                    for (int partition = 0; partition < PARTITIONS; partition++) {
                        guestflow.answerTo(
                                GuestRequest.ofNewGuestIn(partition, PARTITIONS).consent("accepted", false));
                    }
                    after.clear();
                    after.addAll(kafka.readCommitted(
                            TOPIC, "all records", records -> ids(records).containsAll(before), Entries.SOON));
                    return after.stream()
                                    .map(record -> AuditRecord.CODEC.read(
                                            record.value().getBytes(UTF_8)))
                                    .filter(record -> record.chain().seq() == 2 && record instanceof AuditRecord.Entry)
                                    .count()
                            == 0;
                });
        assertEquals(List.of(), AuditTrail.findings(after), "what breaks the chains after compaction");
        Set<String> missing = new HashSet<>(before);
        missing.removeAll(ids(after));
        assertEquals(Set.of(), missing, "facts that compaction lost");
    }

    private static AuditRecord erased(AuditRecord record) {
        Chain chain = record.chain();
        return new AuditRecord.Erased(
                record.auditId(),
                Instant.now(),
                new Chain(chain.partition(), chain.seq(), chain.prevHash(), null, chain.contentHash(), chain.hash()));
    }

    private static Set<String> ids(List<ConsumerRecord<String, String>> records) {
        return records.stream().map(ConsumerRecord::key).collect(Collectors.toSet());
    }

    private void configure(Map<String, String> configs) throws Exception {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, TOPIC);
        kafka.admin()
                .incrementalAlterConfigs(Map.of(
                        topic,
                        configs.entrySet().stream()
                                .map(config -> new AlterConfigOp(
                                        new ConfigEntry(config.getKey(), config.getValue()), AlterConfigOp.OpType.SET))
                                .collect(Collectors.toUnmodifiableList())))
                .all()
                .get(30, TimeUnit.SECONDS);
    }
}
