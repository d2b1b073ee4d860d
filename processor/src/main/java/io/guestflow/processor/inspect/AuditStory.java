package io.guestflow.processor.inspect;

import io.guestflow.contracts.audit.AuditEntry;
import io.guestflow.contracts.audit.AuditRecord;
import io.guestflow.contracts.codec.ContractViolation;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The records of one conversation or request, in the order of time. */
final class AuditStory {
    private static final Comparator<Told> BY_TIME = Comparator.<Told, Instant>comparing(
                    told -> told.entry.content().at())
            .thenComparingInt(told -> told.entry.chain().partition())
            .thenComparingLong(told -> told.entry.chain().seq());

    private final AuditAsked.Show asked;
    private final List<Told> told = new ArrayList<>();
    private int unreadable;

    AuditStory(AuditAsked.Show asked) {
        this.asked = asked;
    }

    private record Told(AuditRecord.Entry entry, byte[] value) {}

    /** Takes a record that belongs to the story. */
    void look(byte @Nullable [] value) {
        if (value == null) {
            // A check finds it; what it was cannot be told.
            return;
        }
        try {
            if (AuditRecord.CODEC.read(value) instanceof AuditRecord.Entry entry && isAsked(entry.content())) {
                told.add(new Told(entry, value));
            }
        } catch (ContractViolation wrong) {
            unreadable++;
        }
    }

    /** For a person: a line for each record. */
    List<String> lines() {
        return sorted().map(it -> AuditText.line(it.entry)).toList();
    }

    /** The records as they lie on the topic, one in a line. */
    List<String> json() {
        return sorted().map(it -> new String(it.value, StandardCharsets.UTF_8)).toList();
    }

    int unreadable() {
        return unreadable;
    }

    private boolean isAsked(AuditEntry entry) {
        return asked.id()
                .equals(
                        switch (asked.by()) {
                            case CONVERSATION -> entry.conversationId();
                            case REQUEST -> entry.requestId();
                        });
    }

    private Stream<Told> sorted() {
        return told.stream().sorted(BY_TIME);
    }
}
