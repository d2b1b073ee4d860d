package io.guestflow.processor.system;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.auth.AuthStatus;
import io.guestflow.contracts.auth.GuestAuthResult;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.processor.system.Entries.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Holds the committed facts against the committed results: both were written by the same transactions. */
final class FactsTellTheResults {
    private FactsTellTheResults() {}

    /** Exactly one fact tells each of the results, of its kind, and no fact id came twice. */
    static void once(GuestflowSandbox guestflow, Map<String, Entry<GuestAuthResult>> results) {
        List<Entry<Fact>> facts = guestflow.facts().all();
        List<String> twice =
                facts.stream().collect(groupingBy(fact -> fact.value().factId(), counting())).entrySet().stream()
                        .filter(id -> id.getValue() > 1)
                        .map(Map.Entry::getKey)
                        .toList();
        assertEquals(List.of(), twice, "fact ids that came twice");

        Map<String, List<AuthStatus>> told = new TreeMap<>();
        facts.forEach(fact -> tell(fact.value(), told));
        Map<String, List<AuthStatus>> answered = new TreeMap<>();
        results.forEach((requestId, result) ->
                answered.put(requestId, List.of(result.value().status())));
        told.keySet().retainAll(answered.keySet());
        assertEquals(answered, told, "results, and the facts that tell them");
    }

    private static void tell(Fact fact, Map<String, List<AuthStatus>> told) {
        switch (fact) {
            case Fact.AuthSucceeded it -> add(told, it.requestId(), AuthStatus.AUTHENTICATED);
            case Fact.AuthRejected it -> add(told, it.requestId(), AuthStatus.REJECTED);
            case Fact.AuthFailed it -> add(told, it.requestId(), AuthStatus.FAILED);
            case Fact.AuthLate _, Fact.ContextInjected _, Fact.ContextFailed _ -> {
                // They tell what happened beside a result.
            }
            case Fact.SessionOpened _,
                    Fact.SessionRefreshed _,
                    Fact.SessionExpiring _,
                    Fact.SessionEnded _,
                    Fact.MessageSeen _,
                    Fact.GuestLinked _,
                    Fact.ConversationMeasured _ -> {
                // They tell what became of it after a result.
            }
        }
    }

    private static void add(Map<String, List<AuthStatus>> told, String requestId, AuthStatus status) {
        told.computeIfAbsent(requestId, id -> new ArrayList<>()).add(status);
    }
}
