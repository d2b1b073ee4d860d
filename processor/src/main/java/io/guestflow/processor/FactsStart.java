package io.guestflow.processor;

import io.guestflow.processor.audit.AuditTopology;
import io.guestflow.processor.audit.ChainEnd;
import io.guestflow.processor.audit.ChainHead;
import io.guestflow.processor.config.KafkaSettings;
import io.guestflow.processor.config.Settings;
import io.guestflow.processor.factlog.FactLog;
import io.guestflow.processor.runtime.AuditChains;
import io.guestflow.processor.runtime.AuditRefused;
import io.guestflow.processor.runtime.BrokerCheck;
import io.guestflow.processor.runtime.BrokerException;
import io.guestflow.processor.runtime.ChangelogTombstones;
import io.guestflow.processor.runtime.InstanceException;
import io.guestflow.processor.runtime.LostFacts;
import io.guestflow.processor.wire.Nodes;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is looked at before anything is derived from facts: whether it can be built upon what is there. Guests do not wait for
 * it, nor for what comes of it.
 *
 * <p>Threading: {@link #look} by one thread; {@link #chains} and {@link #audited} by any.
 */
final class FactsStart {
    private static final Logger LOG = LoggerFactory.getLogger(FactsStart.class);

    private final Settings settings;
    private final LostFacts lost;
    private volatile Map<Integer, AuditChains.End> ends = Map.of();

    /** Deletes the state that this instance has kept of the application. */
    interface Discarding {
        void discard() throws InstanceException;
    }

    FactsStart(Settings settings, MeterRegistry registry) {
        this.settings = settings;
        this.lost = new LostFacts(registry);
    }

    /** Where the audit's chains end before anything is written; known once a look came back. */
    Map<Integer, ChainEnd> chains() {
        return ends.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, each -> chainEnd(each.getValue())));
    }

    /** The facts that the audit came to last; known once a look came back. */
    Map<Integer, FactLog.Audited> audited() {
        return ends.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        each -> new FactLog.Audited(
                                each.getValue().at(), each.getValue().ids())));
    }

    /**
     * Comes back when the application may start.
     *
     * @throws BrokerException if it may not
     * @throws InstanceException if state that may not be built upon cannot be deleted
     */
    void look(Discarding kept) throws BrokerException, InstanceException, InterruptedException {
        KafkaSettings kafka = settings.kafka();
        try (Admin admin = new BrokerCheck(kafka.forAdmin(), kafka.brokerWait()).connect()) {
            ends = endsOf(admin);
            List<String> forgetful = ChangelogTombstones.tooShort(
                    admin, Streams.FACTS, Nodes.DERIVED_TOMBSTONES_KEPT, kafka.bootstrapServers());
            if (!forgetful.isEmpty()) {
                forgetful.forEach(LOG::warn);
                if (Thread.interrupted()) {
                    // The process ends, and will not be the owner of that directory any more.
                    throw new InterruptedException();
                }
                kept.discard();
            }
            lost.tell(admin, Streams.FACTS, AuditTopology.CHAINS_CHANGELOG);
        }
    }

    private Map<Integer, AuditChains.End> endsOf(Admin admin) throws BrokerException, InterruptedException {
        KafkaSettings kafka = settings.kafka();
        AuditChains.Application audit = new AuditChains.Application(
                Streams.FACTS,
                AuditTopology.CHAINS_CHANGELOG,
                FactLog.KNOWN_CHANGELOG,
                head -> ChainHead.read(head).seq());
        try {
            return new AuditChains(admin, kafka.forConsumer(), audit, kafka.bootstrapServers(), kafka.brokerWait())
                    .ends(settings.topics().onLostState() == Settings.OnLostState.CONTINUE);
        } catch (AuditRefused refused) {
            throw new BrokerException(String.valueOf(refused.getMessage()), refused);
        }
    }

    private static ChainEnd chainEnd(AuditChains.End end) {
        return new ChainEnd(new ChainHead(end.seq(), end.hash()), end.lostAt());
    }
}
