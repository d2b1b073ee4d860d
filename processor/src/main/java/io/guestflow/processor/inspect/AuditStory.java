package io.guestflow.processor.inspect;

import io.guestflow.contracts.audit.AuditEntry;
import io.guestflow.contracts.audit.AuditRecord;
import io.guestflow.contracts.codec.ContractViolation;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The records of one conversation or request. Within a partition their numbers are their order, which the chain proves;
 * between partitions, time is all that there is.
 */
final class AuditStory {
    private final AuditAsked.Show asked;
    private final List<Told> told = new ArrayList<>();
    private int unreadable;
    private int erased;

    AuditStory(AuditAsked.Show asked) {
        this.asked = asked;
    }

    private record Told(AuditRecord.Entry entry, byte[] value) {
        long seq() {
            return entry.chain().seq();
        }

        Instant at() {
            return entry.content().at();
        }
    }

    /** Takes a record that belongs to the story. */
    void look(byte @Nullable [] value) {
        if (value == null) {
            // A check finds it; what it was cannot be told.
            return;
        }
        try {
            switch (AuditRecord.CODEC.read(value)) {
                case AuditRecord.Entry entry -> {
                    if (isAsked(entry.content())) {
                        told.add(new Told(entry, value));
                    }
                }
                case AuditRecord.Erased ignored -> erased++;
            }
        } catch (ContractViolation wrong) {
            unreadable++;
        }
    }

    /** For a person: a line for each record. */
    List<String> lines() {
        return ordered().stream().map(it -> AuditText.line(it.entry)).toList();
    }

    /** The records as they lie on the topic, one in a line. */
    List<String> json() {
        return ordered().stream()
                .map(it -> new String(it.value, StandardCharsets.UTF_8))
                .toList();
    }

    int unreadable() {
        return unreadable;
    }

    /** How many records there are of which nobody can tell any more whether they belong to it. */
    int erased() {
        return erased;
    }

    private boolean isAsked(AuditEntry entry) {
        return asked.id()
                .equals(
                        switch (asked.by()) {
                            case CONVERSATION -> entry.conversationId();
                            case REQUEST -> entry.requestId();
                        });
    }

    private List<Told> ordered() {
        Map<Integer, Deque<Told>> partitions = new TreeMap<>();
        told.stream()
                .sorted(Comparator.comparingLong(Told::seq))
                .forEach(each -> partitions
                        .computeIfAbsent(each.entry.chain().partition(), absent -> new ArrayDeque<>())
                        .add(each));
        List<Told> ordered = new ArrayList<>();
        while (ordered.size() < told.size()) {
            partitions.values().stream()
                    .filter(left -> !left.isEmpty())
                    .min(Comparator.comparing(left -> left.getFirst().at()))
                    .ifPresent(first -> ordered.add(first.removeFirst()));
        }
        return ordered;
    }
}
