package io.guestflow.processor.runtime;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.audit.ChainedRecord;
import io.guestflow.contracts.codec.ContractViolation;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a partition's chain as {@code guest-audit} has it.
 *
 * @param seq the last number
 * @param hash what the next record must name
 * @param at the time of the record with that number, which is its fact's
 * @param ids of all facts of that time that were audited. Facts that were appended together have one time, so there may be
 *     some behind the last one that was not, and only these tell which
 */
record ChainTail(long seq, String hash, Instant at, Set<String> ids) {
    private static final Logger LOG = LoggerFactory.getLogger(ChainTail.class);
    private static final int HASH_BYTES = 32;

    /** A record and where it lies. */
    private record Place(ChainedRecord record, long offset, long timestampMs) {
        long number() {
            return record.chain().seq();
        }

        /** A record that was altered still has its number: to give it again would break the chain once more. */
        String hash(TopicPartition audit) {
            String told = record.chain().hash();
            if (told.equals(record.hash())) {
                return told;
            }
            LOG.error(
                    "The record at offset {} of {}, number {}, has a hash that is not its chain's: it was altered. The chain"
                            + " keeps that number all the same; scripts/audit verify tells what else is wrong",
                    offset,
                    audit,
                    number());
            // What others will hold the next record against is what this one says, if it can be said again.
            return isHash(told) ? told : record.hash();
        }
    }

    /** Of one partition; nothing if it has no record that is one of a chain. */
    static Optional<ChainTail> read(CommittedTail tail, int partition) throws BrokerException {
        TopicPartition audit = new TopicPartition(Topics.GUEST_AUDIT.name(), partition);
        List<ConsumerRecord<byte[], byte[]>> last = tail.read(audit, records -> isWhole(places(records)));
        List<Place> places = places(last);
        Optional<Place> end = end(places);
        if (end.isPresent()) {
            long atMs = end.get().timestampMs();
            Set<String> ids = places.stream()
                    .filter(place -> place.timestampMs() == atMs)
                    .map(place -> place.record().auditId())
                    .collect(Collectors.toUnmodifiableSet());
            return Optional.of(
                    new ChainTail(end.get().number(), end.get().hash(audit), Instant.ofEpochMilli(atMs), ids));
        }
        if (!last.isEmpty()) {
            LOG.error(
                    "Nothing that lies on {} can be read, so no chain is known there: unless the audit's own state has one, it"
                            + " begins at number 1. scripts/audit verify tells what lies there",
                    audit);
        }
        return Optional.empty();
    }

    /** An older record that was erased may lie behind the one with the last number, and others before it have its time. */
    private static boolean isWhole(List<Place> places) {
        Optional<Place> end = end(places);
        return end.isPresent()
                && places.stream().anyMatch(place -> !place.record().erased())
                && places.stream()
                        .anyMatch(place -> place.timestampMs() < end.get().timestampMs());
    }

    private static Optional<Place> end(List<Place> places) {
        return places.stream().max(Comparator.comparingLong(Place::number));
    }

    private static List<Place> places(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream().flatMap(record -> place(record).stream()).toList();
    }

    private static Optional<Place> place(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Optional.of(new Place(ChainedRecord.read(record.value()), record.offset(), record.timestamp()));
        } catch (ContractViolation notOurs) {
            // A check tells of it; the chain is what the records say that can be read.
            return Optional.empty();
        }
    }

    private static boolean isHash(String text) {
        try {
            return Base64.getUrlDecoder().decode(text).length == HASH_BYTES;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }
}
