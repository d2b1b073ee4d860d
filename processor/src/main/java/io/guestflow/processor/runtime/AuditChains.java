package io.guestflow.processor.runtime;

import io.guestflow.contracts.Topics;
import io.guestflow.processor.wire.UnreadableState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks, before the start, where the chains of {@code guest-audit} end, and whether their state goes as far. A chain whose
 * state is gone, or was put back from an older copy, would have numbers given again, and no check could tell that from a
 * crime. Records and state are written in one transaction, so none of this is there after a crash.
 *
 * <p>Threading: one thread.
 */
public final class AuditChains {
    private static final Logger LOG = LoggerFactory.getLogger(AuditChains.class);
    private static final String AUDIT = Topics.GUEST_AUDIT.name();
    private static final String FACTS = Topics.GUEST_FACTS.name();
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

    private final Offsets offsets;
    private final Map<String, Object> consumer;
    private final Application application;
    private final TopicCommands commands;
    private final Duration wait;
    private final Moment between;

    /**
     * Of the application that audits.
     *
     * @param id its group is called by it
     * @param heads the changelog of the chains' state
     * @param known the changelog of the facts that are known
     * @param numberOf which number a value of {@code heads} has; may throw {@link UnreadableState}
     */
    public record Application(String id, String heads, String known, ToLongFunction<byte @Nullable []> numberOf) {}

    /**
     * Where a chain ends.
     *
     * @param seq the last number
     * @param hash that record's
     * @param lostAt the number that its state has, if that is behind and the chain may go on from the end; 0 if it has no
     *     state any more
     * @param at the time of the last facts that were audited
     * @param ids theirs
     */
    public record End(long seq, String hash, OptionalLong lostAt, Instant at, Set<String> ids) {}

    /** Some time that passes. */
    interface Moment {
        void pass() throws InterruptedException;
    }

    /**
     * Before anything is written.
     *
     * @param consumer configuration of a consumer
     * @param servers what the commands in messages name
     * @param wait how long the broker may take
     */
    public AuditChains(
            Admin admin, Map<String, Object> consumer, Application application, String servers, Duration wait) {
        this(admin, consumer, application, servers, wait, () -> TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS.toMillis()));
    }

    AuditChains(
            Admin admin,
            Map<String, Object> consumer,
            Application application,
            String servers,
            Duration wait,
            Moment between) {
        this.offsets = new Offsets(admin);
        this.consumer = Map.copyOf(consumer);
        this.application = application;
        this.commands = new TopicCommands(servers);
        this.wait = wait;
        this.between = between;
    }

    /**
     * Where all chains end, by partition.
     *
     * @param goOn whether those whose state is gone may go on from there
     * @throws AuditRefused if they may not, or if facts would be audited a second time
     * @throws BrokerException if the broker does not tell
     */
    public Map<Integer, End> ends(boolean goOn) throws AuditRefused, BrokerException, InterruptedException {
        List<FoundChain> chains = find();
        ChainFindings findings = new ChainFindings(chains, application, commands);
        Optional<String> refusal = findings.refusal(goOn);
        if (refusal.isPresent()) {
            throw new AuditRefused(refusal.get());
        }
        findings.goingOn().ifPresent(LOG::warn);
        findings.forgotten().ifPresent(LOG::error);
        Map<Integer, End> ends = new TreeMap<>();
        for (FoundChain chain : chains) {
            OptionalLong lostAt = chain.isLost() ? OptionalLong.of(chain.state()) : OptionalLong.empty();
            ChainTail end = chain.end();
            ends.put(chain.partition(), new End(end.seq(), end.hash(), lostAt, end.at(), end.ids()));
        }
        return ends;
    }

    private List<FoundChain> find() throws AuditRefused, BrokerException, InterruptedException {
        Map<Integer, ChainTail> ends;
        Map<Integer, Long> states;
        try (CommittedTail tail = new CommittedTail(consumer, wait)) {
            ends = ends(tail, notEmpty(offsets.latest(AUDIT)));
            // Afterwards, so that what is written meanwhile makes no state look old.
            states = states(tail, ends.keySet());
            Set<Integer> lost = behind(ends, states);
            if (!lost.isEmpty()) {
                // Another instance may be writing: a commit is seen on one topic before the other.
                between.pass();
                states.putAll(states(tail, lost));
                lost = behind(ends, states);
                ends.putAll(ends(tail, lost));
            }
        }
        Map<Integer, Long> known = offsets.latest(application.known());
        Map<Integer, ChainTail> doubtful = new HashMap<>(ends);
        doubtful.entrySet()
                .removeIf(each -> states.getOrDefault(each.getKey(), 0L)
                                >= each.getValue().seq()
                        && known.getOrDefault(each.getKey(), 0L) > 0);
        Set<Integer> again = doubtful.isEmpty() ? Set.of() : readAgain(doubtful);
        List<FoundChain> chains = new ArrayList<>();
        ends.forEach((partition, end) -> chains.add(new FoundChain(
                partition,
                end,
                states.getOrDefault(partition, 0L),
                known.getOrDefault(partition, 0L) > 0,
                again.contains(partition))));
        return chains;
    }

    private static Map<Integer, ChainTail> ends(CommittedTail tail, Collection<Integer> partitions)
            throws BrokerException {
        Map<Integer, ChainTail> ends = new TreeMap<>();
        for (int partition : partitions) {
            ChainTail.read(tail, partition).ifPresent(end -> ends.put(partition, end));
        }
        return ends;
    }

    /** The numbers of their states; what a killed process wrote may be all that is there, and does not count. */
    private Map<Integer, Long> states(CommittedTail tail, Set<Integer> partitions)
            throws AuditRefused, BrokerException, InterruptedException {
        Map<Integer, Long> states = new HashMap<>();
        Set<Integer> there = notEmpty(offsets.latest(application.heads()));
        there.retainAll(partitions);
        for (int partition : there) {
            List<ConsumerRecord<byte[], byte[]>> last =
                    tail.read(new TopicPartition(application.heads(), partition), records -> !records.isEmpty());
            if (!last.isEmpty()) {
                states.put(partition, number(last.getLast().value()));
            }
        }
        return states;
    }

    private long number(byte @Nullable [] head) throws AuditRefused {
        try {
            return application.numberOf().applyAsLong(head);
        } catch (UnreadableState ofAnotherVersion) {
            throw new AuditRefused(String.valueOf(ofAnotherVersion.getMessage()));
        }
    }

    private static Set<Integer> behind(Map<Integer, ChainTail> ends, Map<Integer, Long> states) {
        Set<Integer> behind = new HashSet<>();
        ends.forEach((partition, end) -> {
            if (states.getOrDefault(partition, 0L) < end.seq()) {
                behind.add(partition);
            }
        });
        return behind;
    }

    /**
     * Where the group would read facts that were audited: it has no offset, or one before those that have the last one's
     * time. Of that time it may: which of them were audited, the chain's end tells.
     */
    private Set<Integer> readAgain(Map<Integer, ChainTail> ends) throws BrokerException, InterruptedException {
        Map<Integer, Long> beginnings = offsets.earliest(FACTS);
        Map<Integer, Instant> last = new HashMap<>();
        offsets.latest(FACTS).forEach((partition, latest) -> {
            ChainTail end = ends.get(partition);
            if (end != null && latest > beginnings.getOrDefault(partition, 0L)) {
                last.put(partition, end.at());
            }
        });
        Map<Integer, Long> lastFrom = offsets.since(FACTS, last);
        Map<Integer, Long> committed = offsets.committed(application.id(), FACTS);
        Set<Integer> again = new HashSet<>();
        for (int partition : last.keySet()) {
            Long next = committed.get(partition);
            if (next == null || next < lastFrom.getOrDefault(partition, -1L)) {
                again.add(partition);
            }
        }
        return again;
    }

    private static Set<Integer> notEmpty(Map<Integer, Long> latest) {
        Set<Integer> partitions = new HashSet<>(latest.keySet());
        partitions.removeIf(partition -> latest.getOrDefault(partition, 0L) == 0);
        return partitions;
    }
}
