package io.guestflow.processor.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.Topics;
import io.guestflow.contracts.auth.GuestAuthResult;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.system.Entries.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The answers, as a web tier reads them: committed, told by guest and request. */
final class Results implements AutoCloseable {
    private final Entries<GuestAuthResult> entries;

    Results(KafkaSandbox kafka) {
        entries = new Entries<>(kafka, Topics.GUEST_AUTH_RESULTS);
    }

    /** All of them, replays too. */
    List<Entry<GuestAuthResult>> all() {
        return entries.all();
    }

    /** What has been answered to the request by now, replays too. */
    List<Entry<GuestAuthResult>> of(GuestRequest request) {
        return entries.all(result -> answers(result, request));
    }

    /** The first answer to the request. */
    Entry<GuestAuthResult> await(GuestRequest request) {
        return await(request, 1);
    }

    /** The answer to that attempt at the request. */
    Entry<GuestAuthResult> await(GuestRequest request, int attempt) {
        return entries.awaitOne(
                "result of attempt " + attempt + " at " + request.requestId(),
                result -> answers(result, request) && result.attempt() == attempt);
    }

    /** Waits for so many records that answer the request, replays included. */
    List<Entry<GuestAuthResult>> awaitCount(GuestRequest request, int count) {
        entries.await(
                count + " results of " + request.requestId(),
                all -> all.stream()
                                .filter(entry -> answers(entry.value(), request))
                                .count()
                        >= count,
                Entries.SOON);
        return of(request);
    }

    /** Waits until that many requests have a result. */
    void awaitAnswered(int requests, Duration within) {
        Set<String> answered = new HashSet<>();
        int[] seen = {0};
        entries.await(
                requests + " requests answered",
                all -> {
                    all.subList(seen[0], all.size())
                            .forEach(entry -> answered.add(entry.value().requestId()));
                    seen[0] = all.size();
                    return answered.size() >= requests;
                },
                within);
    }

    /** Waits until each of the requests has a result. */
    void awaitEach(Collection<GuestRequest> requests, Duration within) {
        Set<String> missing =
                requests.stream().map(GuestRequest::requestId).collect(Collectors.toCollection(HashSet::new));
        int sent = missing.size();
        int[] seen = {0};
        try {
            entries.await(
                    "result for each of " + sent + " requests",
                    all -> {
                        all.subList(seen[0], all.size())
                                .forEach(entry -> missing.remove(entry.value().requestId()));
                        seen[0] = all.size();
                        return missing.isEmpty();
                    },
                    within);
        } catch (AssertionError late) {
            throw new AssertionError(
                    missing.size() + " of " + sent + " requests have no result, among them "
                            + missing.stream().limit(5).toList(),
                    late);
        }
    }

    /**
     * Holds that each request was answered once, with nothing beside it, and returns the answers by request id. Whatever
     * else is to come for them must have come: see {@link GuestflowSandbox#settle}.
     */
    Map<String, Entry<GuestAuthResult>> exactlyOneEach(Collection<GuestRequest> requests) {
        Map<String, List<Entry<GuestAuthResult>>> byRequest = new HashMap<>();
        all().forEach(entry -> byRequest
                .computeIfAbsent(entry.value().requestId(), id -> new ArrayList<>())
                .add(entry));
        Map<String, Entry<GuestAuthResult>> one = new HashMap<>();
        List<String> wrong = new ArrayList<>();
        for (GuestRequest request : requests) {
            List<Entry<GuestAuthResult>> answers = byRequest.getOrDefault(request.requestId(), List.of());
            if (answers.size() == 1 && answers(answers.getFirst().value(), request)) {
                one.put(request.requestId(), answers.getFirst());
            } else {
                wrong.add(request.requestId() + " has " + answers.size() + ": "
                        + answers.stream().map(entry -> entry.record().value()).toList());
            }
        }
        assertEquals(List.of(), wrong, "requests without exactly one result");
        return one;
    }

    static boolean isReplay(Entry<GuestAuthResult> entry) {
        return "true".equals(entry.header(RecordHeaders.REPLAYED));
    }

    @Override
    public void close() {
        entries.close();
    }

    private static boolean answers(GuestAuthResult result, GuestRequest request) {
        return result.requestId().equals(request.requestId())
                && result.guestId().equals(request.guestId());
    }
}
