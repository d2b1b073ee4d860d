package io.guestflow.processor.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.audit.AuditRecord;
import io.guestflow.processor.audit.ChainHead;
import io.guestflow.processor.inspect.Audits;
import io.guestflow.processor.runtime.AuditChains.End;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is found of chains, with the topics as they would lie there; the last partition has no record. */
@Timeout(120)
@ExtendWith(SharedBroker.class)
class AuditChainsIT {
    private static final String AUDIT = Topics.GUEST_AUDIT.name();
    private static final String FACTS = Topics.GUEST_FACTS.name();
    private static final String HEADS = "guestflow-facts-audit-chain-changelog";
    private static final String KNOWN = "guestflow-facts-known-facts-changelog";
    private static final String GROUP = "guestflow-facts";

    private final KafkaSandbox kafka;
    private final List<AuditRecord> records = new ArrayList<>();
    private Instant lastAt = Instant.EPOCH;

    AuditChainsIT(KafkaSandbox shared) {
        // A producer that knows topics of before, which were deleted and made anew, can stay behind.
        this.kafka = new KafkaSandbox(shared.bootstrap());
    }

    @BeforeEach
    void threeRecordsWithoutState() {
        kafka.deleteAllTopicsAndGroups();
        kafka.createTopics(2, AUDIT, FACTS, HEADS, KNOWN);
        Audits chain = new Audits(0);
        for (String id : List.of("a", "b", "c")) {
            records.add(chain.next(Audits.succeeded(id, "r-" + id, "conv-1")));
        }
    }

    @AfterEach
    void closeClients() {
        kafka.close();
    }

    @Test
    void chainsWhoseStateGoesAsFarAreWhole() throws Exception {
        assertEquals(Map.of(), ends(false), "nothing was ever audited");
        all();
        head(3);
        assertEquals(Map.of(0, end(3, OptionalLong.empty())), ends(false));
        assertEquals(Map.of(0, end(3, OptionalLong.empty())), ends(true));
    }

    @Test
    void stateThatIsGoneOrBehindIsFound() throws Exception {
        all();
        goneOnAt(3);
        AuditRefused gone = assertThrows(AuditRefused.class, () -> ends(false));
        assertTrue(gone.getMessage().contains("guest-audit/0 ends at number 3"), gone::getMessage);
        assertEquals(Map.of(0, end(3, OptionalLong.of(0))), ends(true));

        head(2);
        AuditRefused behind = assertThrows(AuditRefused.class, () -> ends(false));
        assertTrue(behind.getMessage().contains("its state at number 2"), behind::getMessage);
        assertEquals(Map.of(0, end(3, OptionalLong.of(2))), ends(true));
    }

    /** The markers of one commit reach the topics one after the other. */
    @Test
    void stateThatIsSeenALittleLaterIsNotGone() throws Exception {
        all();
        head(2);
        assertEquals(
                Map.of(0, end(3, OptionalLong.empty())), chains(() -> head(3)).ends(false));
    }

    @Test
    void withoutTheGroupsOffsetsNothingGoesOn() throws Exception {
        all();
        AuditRefused none = assertThrows(AuditRefused.class, () -> ends(true));
        assertTrue(none.getMessage().contains("--topic guest-facts:0 --reset-offsets"), none::getMessage);
        assertTrue(!none.getMessage().contains("guest-facts:1"), none::getMessage);

        goneOnAt(1);
        assertThrows(AuditRefused.class, () -> ends(true), "facts are read again of before the last that was audited");

        // What the command does.
        TopicPartition facts = new TopicPartition(FACTS, 0);
        String at = none.getMessage().replaceAll("(?s).*--to-datetime (\\S+).*", "$1");
        long offset = kafka.admin()
                .listOffsets(
                        Map.of(facts, OffsetSpec.forTimestamp(Instant.parse(at).toEpochMilli())))
                .partitionResult(facts)
                .get(30, TimeUnit.SECONDS)
                .offset();
        assertEquals(2, offset, "the last fact that was audited");
        goneOnAt(offset);
        assertEquals(Map.of(0, end(3, OptionalLong.of(0))), ends(true));
        goneOnAt(3);
        assertEquals(Map.of(0, end(3, OptionalLong.of(0))), ends(true));
    }

    /** A batch has one time, and a transaction may end anywhere in it. */
    @Test
    void ofFactsOfOneTimeTheEndTellsWhichWereAudited() throws Exception {
        long at = Instant.now().minusSeconds(60).toEpochMilli();
        // More than are read of the end at first.
        Audits chain = new Audits(0);
        records.clear();
        for (int i = 0; i < 200; i++) {
            records.add(chain.next(Audits.succeeded("id-" + i, "r-" + i, "conv-1")));
            publishRecordAndFact(i < 50 ? at - 1 : at, records.getLast());
        }
        kafka.produce(new ProducerRecord<>(FACTS, 0, at, "a guest".getBytes(UTF_8), "not audited".getBytes(UTF_8)));
        goneOnAt(49);
        assertThrows(AuditRefused.class, () -> ends(true));

        goneOnAt(50);
        Set<String> ids = IntStream.range(50, 200).mapToObj(i -> "id-" + i).collect(Collectors.toSet());
        assertEquals(
                new End(200, records.getLast().chain().hash(), OptionalLong.of(0), Instant.ofEpochMilli(at), ids),
                ends(true).get(0));
    }

    @Test
    void whereNothingIsKnownNothingIsReadAgain() throws Exception {
        publishRecordsAndFacts();
        head(3);
        assertThrows(AuditRefused.class, () -> ends(false));
        goneOnAt(3);
        assertEquals(Map.of(0, end(3, OptionalLong.empty())), ends(false));
    }

    /** Somebody tried out a producer: it must not keep the audit from beginning. */
    @Test
    void aPartitionOfWhichNothingCanBeReadHasNoChain() throws Exception {
        raw("test", "a test");
        raw("test", null);
        assertEquals(Map.of(), ends(false));
        all();
        raw("test", "a test");
        head(3);
        assertEquals(Map.of(0, end(3, OptionalLong.empty())), ends(false));
    }

    @Test
    void whatALaterVersionTellsHasItsNumberToo() throws Exception {
        all();
        raw(
                "d",
                new String(AuditRecord.CODEC.write(following("d")), UTF_8)
                        .replace("\"AUTH_SUCCEEDED\"", "\"OF_A_LATER_VERSION\""));
        goneOnAt(3);
        assertEquals(4, ends(true).get(0).seq());
    }

    @Test
    void aNumberWhoseRecordWasAlteredIsNotGivenAgain() throws Exception {
        all();
        AuditRecord fourth = following("d");
        String hash = fourth.chain().hash();
        String another = hash.substring(1) + (hash.startsWith("A") ? "Q" : "A");
        raw("d", new String(AuditRecord.CODEC.write(fourth), UTF_8).replace(hash, "nothing"));
        goneOnAt(3);
        assertEquals(4, ends(true).get(0).seq());
        assertEquals(hash, ends(true).get(0).hash(), "what cannot be a hash");

        raw(
                "d",
                new String(AuditRecord.CODEC.write(following("e")), UTF_8)
                        .replace(records.getLast().chain().hash(), another));
        assertEquals(5, ends(true).get(0).seq());
        assertEquals(another, ends(true).get(0).hash(), "what the next record must name");
    }

    @Test
    void stateOfAnotherVersionIsRefused() {
        all();
        kafka.produce(new ProducerRecord<>(HEADS, 0, "head".getBytes(UTF_8), new byte[] {9}));
        AuditRefused refused = assertThrows(AuditRefused.class, () -> ends(true));
        assertTrue(refused.getMessage().contains("run the version that wrote it"), refused::getMessage);
    }

    /** Three records of three facts that are known. */
    private void all() {
        publishRecordsAndFacts();
        kafka.produce(new ProducerRecord<>(KNOWN, 0, "a".getBytes(UTF_8), new byte[] {1}));
    }

    private void publishRecordsAndFacts() {
        long at = Instant.now().minusSeconds(60).toEpochMilli();
        for (AuditRecord record : records) {
            at++;
            lastAt = Instant.ofEpochMilli(at);
            publishRecordAndFact(at, record);
        }
    }

    private void publishRecordAndFact(long at, AuditRecord record) {
        kafka.produce(new ProducerRecord<>(FACTS, 0, at, "a guest".getBytes(UTF_8), "a fact".getBytes(UTF_8)));
        kafka.produce(
                new ProducerRecord<>(AUDIT, 0, at, record.auditId().getBytes(UTF_8), AuditRecord.CODEC.write(record)));
    }

    private AuditRecord following(String id) {
        Audits chain = new Audits(0);
        records.forEach(record -> chain.next(Audits.succeeded(record.auditId(), "r-" + record.auditId(), "conv-1")));
        records.add(chain.next(Audits.succeeded(id, "r-" + id, "conv-1")));
        return records.getLast();
    }

    private void raw(String key, @Nullable String value) {
        kafka.produce(
                new ProducerRecord<>(AUDIT, 0, key.getBytes(UTF_8), value == null ? null : value.getBytes(UTF_8)));
    }

    private void head(int number) {
        byte[] head = new ChainHead(number, records.get(number - 1).chain().hash()).write();
        kafka.produce(new ProducerRecord<>(HEADS, 0, "head".getBytes(UTF_8), head));
    }

    private void goneOnAt(long offset) throws Exception {
        kafka.admin()
                .alterConsumerGroupOffsets(GROUP, Map.of(new TopicPartition(FACTS, 0), new OffsetAndMetadata(offset)))
                .all()
                .get(30, TimeUnit.SECONDS);
    }

    private End end(int number, OptionalLong lostAt) {
        AuditRecord last = records.get(number - 1);
        return new End(number, last.chain().hash(), lostAt, lastAt, Set.of(last.auditId()));
    }

    private Map<Integer, End> ends(boolean goOn) throws Exception {
        return chains(() -> {}).ends(goOn);
    }

    private AuditChains chains(AuditChains.Moment between) {
        return new AuditChains(
                kafka.admin(),
                Map.of("bootstrap.servers", kafka.bootstrap()),
                new AuditChains.Application(
                        GROUP, HEADS, KNOWN, head -> ChainHead.read(head).seq()),
                kafka.bootstrap(),
                Duration.ofSeconds(20),
                between);
    }
}
