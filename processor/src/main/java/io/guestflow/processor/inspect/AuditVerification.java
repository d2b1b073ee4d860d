package io.guestflow.processor.inspect;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.audit.ChainCheck;
import io.guestflow.contracts.audit.ChainCheck.Finding;
import io.guestflow.processor.audit.AuditTopology;
import io.guestflow.processor.audit.ChainHead;
import io.guestflow.processor.config.KafkaSettings;
import io.guestflow.processor.runtime.BrokerException;
import io.guestflow.processor.runtime.CommittedTail;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Checks all of {@code guest-audit}: each partition's chain, and that it goes at least as far as others know that it went.
 *
 * <p>Threading: one thread.
 */
final class AuditVerification {
    private static final String NAME = Topics.GUEST_AUDIT.name();
    /** For all partitions together: their heads were read before any of them. */
    private static final int MOST_LOOKS = 10;

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    private final KafkaSettings kafka;
    private final CommittedTopic topic;
    private final Consumer<Finding> found;
    private final Consumer<String> told;
    private final Consumer<String> noted;
    private final Moment between;
    private final Map<Integer, KeptEnds.End> ends = new TreeMap<>();
    private int looks = MOST_LOOKS;

    /** Some time that passes. */
    interface Moment {
        void pass() throws InterruptedException;
    }

    /**
     * Of an open topic.
     *
     * @param found is given what is wrong
     * @param told is given a line for each partition
     * @param noted is given what may be wrong
     */
    AuditVerification(
            KafkaSettings kafka,
            CommittedTopic topic,
            Consumer<Finding> found,
            Consumer<String> told,
            Consumer<String> noted) {
        this(kafka, topic, found, told, noted, () -> TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS.toMillis()));
    }

    AuditVerification(
            KafkaSettings kafka,
            CommittedTopic topic,
            Consumer<Finding> found,
            Consumer<String> told,
            Consumer<String> noted,
            Moment between) {
        this.kafka = kafka;
        this.topic = topic;
        this.found = found;
        this.told = told;
        this.noted = noted;
        this.between = between;
    }

    /** Reads it all; {@code kept} are the ends that must be found again. */
    void run(Map<Integer, KeptEnds.End> kept) throws BrokerException, InterruptedException {
        int partitions = topic.partitions();
        // First: the topic goes on meanwhile, and must not be behind.
        Map<Integer, ChainHead> heads = heads();
        kept.keySet().stream()
                .filter(partition -> partition >= partitions)
                .forEach(partition -> found.accept(
                        new Finding(Finding.Kind.CUT, partition, -1, "the partition was there before, and is not")));
        for (int partition = 0; partition < partitions; partition++) {
            ChainCheck check = new ChainCheck(partition);
            KeptEnds.End end = kept.get(partition);
            if (end != null) {
                check.expect(end.seq(), end.hash());
            }
            ChainHead head = heads.getOrDefault(partition, ChainHead.NONE);
            if (head.hash() != null) {
                check.expect(head.seq(), head.hash());
            }
            verify(partition, check, head);
        }
    }

    /** Where the chains end now. */
    Map<Integer, KeptEnds.End> ends() {
        return ends;
    }

    private void verify(int partition, ChainCheck check, ChainHead head) throws BrokerException, InterruptedException {
        Consumer<ConsumerRecord<byte[], byte[]>> each = record ->
                check.accept(record.offset(), record.key(), record.value()).forEach(found);
        CommittedTopic.Extent extent = topic.read(partition, each);
        // A commit is seen on one topic before the other, so the head may be that of a record that is still to be seen.
        while (check.seq() < head.seq() && looks > 0) {
            looks--;
            between.pass();
            extent = topic.readOn(partition, extent, each);
        }
        if (check.mustLookAgain()) {
            topic.read(partition, record -> check.lookAgain(record.offset(), record.value()));
        }
        check.end().forEach(found);
        if (extent.beginning() > 0) {
            found.accept(new Finding(
                    Finding.Kind.CUT,
                    partition,
                    extent.beginning(),
                    "records before this offset were deleted: compaction alone never moves the beginning"));
        } else if (check.records() == 0 && extent.end() > 0) {
            noted.accept(NAME + "/" + partition + " has no record and ends at offset " + extent.end()
                    + ": what was there was never committed, or was compacted away");
        }
        String hash = check.hash();
        if (hash != null) {
            ends.put(partition, new KeptEnds.End(check.seq(), hash));
        }
        told.accept("%s/%d  %d records, %d of them erased, last number %d, hash %s"
                .formatted(NAME, partition, check.records(), check.erased(), check.seq(), hash == null ? "-" : hash));
    }

    /** What the processor itself knows; nothing where its state does not lie beside the topic. */
    private Map<Integer, ChainHead> heads() throws BrokerException, InterruptedException {
        Map<Integer, ChainHead> heads = new TreeMap<>();
        int partitions = topic.partitions(AuditTopology.CHAINS_CHANGELOG);
        try (CommittedTail tail = new CommittedTail(kafka.forConsumer(), kafka.brokerWait())) {
            for (int partition = 0; partition < partitions; partition++) {
                List<ConsumerRecord<byte[], byte[]>> last = tail.read(
                        new TopicPartition(AuditTopology.CHAINS_CHANGELOG, partition), records -> !records.isEmpty());
                if (!last.isEmpty()) {
                    heads.put(partition, ChainHead.read(last.getLast().value()));
                }
            }
        }
        return heads;
    }
}
