package io.guestflow.processor.sandbox.demo;

import io.guestflow.contracts.auth.GuestAuthResult;
import io.guestflow.processor.sandbox.demo.Account.Given;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Which requests were sent and what came of each, until it is taken out to be checked.
 *
 * <p>Threading: any thread.
 */
final class Ledger {
    /** What came belongs to this request. */
    record Match(Asked asked, Duration after) {}

    private record Letters(int count, long firstNanos) {
        Letters oneMore() {
            return new Letters(count + 1, firstNanos);
        }
    }

    private static final class Entry {
        private final Asked asked;
        private int sent;
        private long sentNanos;
        private long touchedNanos;
        private final List<Given> results = new ArrayList<>();
        private final Set<String> records = new HashSet<>();

        private Entry(Asked asked) {
            this.asked = asked;
        }
    }

    // Guarded by this.
    private final Map<String, Entry> entries = new HashMap<>();
    /** Dead letters by the record that they name. One may be read before its record's place is known here. */
    private final Map<String, Letters> deadLetters = new HashMap<>();

    /**
     * A request is about to be sent.
     *
     * @return how often it was, with this time
     */
    synchronized int sending(Asked asked, long nowNanos) {
        Entry entry = entries.computeIfAbsent(asked.name(), name -> new Entry(asked));
        entry.sent++;
        entry.sentNanos = nowNanos;
        entry.touchedNanos = nowNanos;
        return entry.sent;
    }

    /** Where a record of the request lies. */
    synchronized void lies(Asked asked, RecordMetadata where) {
        Entry entry = entries.get(asked.name());
        if (entry != null) {
            entry.records.add(place(where.topic(), where.partition(), where.offset()));
            notifyAll();
        }
    }

    /** A result was read; empty when nobody asked for it. */
    synchronized Optional<Match> result(GuestAuthResult result, boolean replayed, long nowNanos) {
        Entry entry = entries.get(Asked.name(result.guestId(), result.requestId()));
        if (entry == null) {
            return Optional.empty();
        }
        entry.results.add(new Given(result, replayed));
        entry.touchedNanos = nowNanos;
        notifyAll();
        return Optional.of(new Match(entry.asked, Duration.ofNanos(nowNanos - entry.sentNanos)));
    }

    /** A dead letter was read that names this record. */
    synchronized void deadLetter(String topic, int partition, long offset, long nowNanos) {
        deadLetters.merge(
                place(topic, partition, offset), new Letters(1, nowNanos), (known, ignored) -> known.oneMore());
        notifyAll();
    }

    /** Waits for the request's result of that number, replays not counted; null when it does not come in time. */
    synchronized @Nullable GuestAuthResult awaitFinal(Asked asked, int number, Duration within)
            throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        while (true) {
            Entry entry = entries.get(asked.name());
            List<GuestAuthResult> finals =
                    entry == null ? List.of() : account(entry).finals();
            if (finals.size() >= number) {
                return finals.get(number - 1);
            }
            long leftMs = (deadline - System.nanoTime()) / 1_000_000;
            if (leftMs <= 0) {
                return null;
            }
            wait(leftMs);
        }
    }

    /** Waits until every request has all that it must bring; false when some have not in time. */
    synchronized boolean awaitComplete(Duration within) throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        while (waiting() > 0) {
            long leftMs = (deadline - System.nanoTime()) / 1_000_000;
            if (leftMs <= 0) {
                return false;
            }
            wait(leftMs);
        }
        return true;
    }

    /** How many requests have not brought all that they must. */
    synchronized int waiting() {
        return (int) entries.values().stream()
                .filter(entry -> !account(entry).complete())
                .count();
    }

    /** Takes out the requests to which nothing happened for so long. */
    synchronized List<Account> settled(Duration quiet, long nowNanos) {
        List<Entry> old = entries.values().stream()
                .filter(entry -> nowNanos - entry.touchedNanos >= quiet.toNanos())
                .toList();
        List<Account> accounts = old.stream().map(this::account).toList();
        for (Entry entry : old) {
            entries.remove(entry.asked.name());
            deadLetters.keySet().removeAll(entry.records);
        }
        return accounts;
    }

    /** Takes out the records that dead letters named so long ago and that still belong to no request. */
    synchronized List<String> strayDeadLetters(Duration quiet, long nowNanos) {
        var strays = new HashSet<String>();
        deadLetters.forEach((place, letters) -> {
            if (nowNanos - letters.firstNanos >= quiet.toNanos()) {
                strays.add(place);
            }
        });
        entries.values().forEach(entry -> strays.removeAll(entry.records));
        deadLetters.keySet().removeAll(strays);
        return strays.stream().sorted().toList();
    }

    private Account account(Entry entry) {
        int letters = entry.records.stream()
                .map(deadLetters::get)
                .filter(Objects::nonNull)
                .mapToInt(Letters::count)
                .sum();
        return new Account(entry.asked, entry.sent, entry.results, letters);
    }

    private static String place(String topic, int partition, long offset) {
        return topic + "/" + partition + "/" + offset;
    }
}
