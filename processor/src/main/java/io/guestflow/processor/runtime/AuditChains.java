package io.guestflow.processor.runtime;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.audit.AuditRecord;
import io.guestflow.contracts.audit.Chain;
import io.guestflow.contracts.codec.ContractViolation;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks, before the start, for chains of {@code guest-audit} whose records are there and whose state is not: they would
 * begin again at number 1, and no check could tell that from a crime. Records and state are written in one transaction,
 * so none of this is there after a crash.
 *
 * <p>Threading: the main thread.
 */
public final class AuditChains {
    private static final Logger LOG = LoggerFactory.getLogger(AuditChains.class);
    private static final String AUDIT = Topics.GUEST_AUDIT.name();
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

    private final Offsets offsets;
    private final Map<String, Object> consumer;
    private final String changelog;
    private final Duration wait;

    /**
     * Before anything is written.
     *
     * @param consumer configuration of a consumer
     * @param changelog of the chains' state
     * @param wait how long the broker may take
     */
    public AuditChains(Admin admin, Map<String, Object> consumer, String changelog, Duration wait) {
        this.offsets = new Offsets(admin);
        this.consumer = Map.copyOf(consumer);
        this.changelog = changelog;
        this.wait = wait;
    }

    /**
     * Where those chains end, by partition.
     *
     * @param goOn whether they may go on from there
     * @throws BrokerException if there are any and they may not, or an end cannot be read
     */
    public Map<Integer, Chain> withoutState(boolean goOn) throws BrokerException, InterruptedException {
        Map<Integer, Chain> lost = look();
        if (!lost.isEmpty()) {
            // Another instance may have begun a chain just now: a commit is seen on one topic before the other.
            TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS.toMillis());
            lost = look();
        }
        if (!lost.isEmpty()) {
            tell(lost, goOn);
        }
        return lost;
    }

    private Map<Integer, Chain> look() throws BrokerException, InterruptedException {
        Map<Integer, Long> ends = offsets.latest(AUDIT);
        Map<Integer, Long> stateEnds = offsets.latest(changelog);
        Map<Integer, Chain> lost = new TreeMap<>();
        try (CommittedTail tail = new CommittedTail(consumer, wait)) {
            for (Map.Entry<Integer, Long> each : ends.entrySet()) {
                int partition = each.getKey();
                if (each.getValue() > 0 && !hasState(tail, partition, stateEnds.getOrDefault(partition, 0L))) {
                    end(tail, partition).ifPresent(chain -> lost.put(partition, chain));
                }
            }
        }
        return lost;
    }

    private void tell(Map<Integer, Chain> lost, boolean goOn) throws BrokerException {
        String chains = lost.values().stream()
                .map(chain ->
                        AUDIT + "/" + chain.partition() + " at number " + chain.seq() + " with hash " + chain.hash())
                .collect(Collectors.joining(", "));
        if (!goOn) {
            throw new BrokerException(
                    "the state of the audit's chains on " + changelog + " is gone, though " + AUDIT + " has records: it"
                            + " ends " + chains
                            + ". Restore that topic, or find out why it is gone, check what is there"
                            + " with scripts/audit verify, and start with GUESTFLOW_AUDIT_ON_LOST_STATE=continue, which"
                            + " lets the chains go on from there. Do not delete " + AUDIT,
                    null);
        }
        LOG.warn(
                "The state of the audit's chains is gone. They go on, as GUESTFLOW_AUDIT_ON_LOST_STATE says, where {} ends:"
                        + " {}. Set it to refuse again",
                AUDIT,
                chains);
    }

    private boolean hasState(CommittedTail tail, int partition, long end) throws BrokerException {
        // What a killed process wrote may be all that is there, and does not count.
        return end > 0
                && !tail.read(new TopicPartition(changelog, partition), last -> !last.isEmpty())
                        .isEmpty();
    }

    /** The last number: not always that of the last record, which may be an older one that was erased. */
    private static Optional<Chain> end(CommittedTail tail, int partition) throws BrokerException {
        List<ConsumerRecord<byte[], byte[]>> last = tail.read(
                new TopicPartition(AUDIT, partition),
                records -> records.stream()
                        .anyMatch(record -> read(record)
                                .filter(AuditRecord.Entry.class::isInstance)
                                .isPresent()));
        Optional<Chain> end = last.stream()
                .flatMap(record -> read(record).stream())
                .map(AuditRecord::chain)
                .max(Comparator.comparingLong(Chain::seq));
        if (end.isEmpty() && !last.isEmpty()) {
            throw new BrokerException(
                    "no record of " + AUDIT + "/" + partition
                            + " can be read, so its chain cannot go on: see scripts/audit" + " verify",
                    null);
        }
        return end;
    }

    private static Optional<AuditRecord> read(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Optional.of(AuditRecord.CODEC.read(record.value()));
        } catch (ContractViolation notOurs) {
            // A check tells of it; the chain is what the records say that can be read.
            return Optional.empty();
        }
    }
}
