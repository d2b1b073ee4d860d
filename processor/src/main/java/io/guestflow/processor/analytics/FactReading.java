package io.guestflow.processor.analytics;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.codec.Fields;
import io.guestflow.contracts.facts.Fact;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** What a record of {@code guest-facts} turns out to be. */
sealed interface FactReading {
    /** A fact. */
    record Told(Fact fact) implements FactReading {}

    /** Something that only a later version of guestflow knows of; not a fault. */
    record Unknown() implements FactReading {}

    /** None. */
    record Unreadable(ContractViolation violation) implements FactReading {}

    /** Reads it. */
    static FactReading of(Headers headers, byte @Nullable [] value) {
        Header schema = headers.lastHeader(RecordHeaders.SCHEMA);
        // Who writes no header means the first version.
        if (schema != null
                && schema.value() != null
                && !Fact.CODEC.schema().equals(new String(schema.value(), StandardCharsets.UTF_8))) {
            return new Unknown();
        }
        try {
            return new Told(Fact.CODEC.read(value));
        } catch (ContractViolation violation) {
            boolean later = violation.problems().stream()
                    .anyMatch(problem ->
                            problem.field().equals("kind") && problem.expected().equals(Fields.KNOWN_KIND));
            return later ? new Unknown() : new Unreadable(violation);
        }
    }
}
