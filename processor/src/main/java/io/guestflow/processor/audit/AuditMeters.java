package io.guestflow.processor.audit;

import io.guestflow.contracts.audit.AuditEvent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/**
 * What the audit makes of facts. Each that is told counts once:
 *
 * <pre>facts told = written + not audited + failed</pre>
 *
 * Counted when processed: work that a transaction loses and that is done again counts again.
 *
 * <p>Threading: any thread.
 */
final class AuditMeters {
    private final Map<AuditEvent, Counter> written = new EnumMap<>(AuditEvent.class);
    private final Counter notAudited;
    private final Counter failed;

    AuditMeters(MeterRegistry registry) {
        for (AuditEvent event : AuditEvent.values()) {
            written.put(event, registry.counter("guestflow.audit.records", "event", event.name()));
        }
        notAudited = registry.counter("guestflow.audit.skipped", "reason", "NOT_AUDITED");
        failed = registry.counter("guestflow.audit.skipped", "reason", "FAILED");
    }

    void written(AuditEvent event) {
        Counter counter = written.get(event);
        if (counter != null) {
            counter.increment();
        }
    }

    /** A decision that is missing from the audit: a defect, told by a dead letter. */
    void failed() {
        failed.increment();
    }

    void notAudited() {
        notAudited.increment();
    }
}
