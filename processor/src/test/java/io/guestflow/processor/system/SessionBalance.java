package io.guestflow.processor.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.session.Session;
import io.guestflow.processor.system.Entries.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Holds the committed facts of sessions against what was published of them: both were written by the same transactions. */
final class SessionBalance {
    private static final class Told {
        private int opened;
        private int refreshed;
        private final List<Fact.SessionEnded> ended = new ArrayList<>();
    }

    private SessionBalance() {}

    /**
     * Each session was opened once and, if it is over, ended once, as its record says; each refresh was told once; nothing
     * was published after an end; and no fact id came twice.
     *
     * @return how many sessions there are
     */
    static int holds(GuestflowSandbox guestflow) {
        Map<String, Session> last = new HashMap<>();
        List<String> wrong = new ArrayList<>();
        for (Entry<Session> entry : guestflow.sessions().all()) {
            Session session = entry.value();
            Session before = last.put(session.conversationId(), session);
            if (before != null && before.endedAt() != null && session.endedAt() == null) {
                wrong.add(session.conversationId() + " was " + session.state() + " after its end");
            }
        }
        Map<String, Told> told = told(guestflow, wrong);
        last.forEach((id, session) -> {
            Told of = told.getOrDefault(id, new Told());
            if (of.opened != 1) {
                wrong.add(id + " was opened " + of.opened + " times");
            }
            if (of.refreshed != session.refreshes()) {
                wrong.add(id + " has " + session.refreshes() + " refreshes, told were " + of.refreshed);
            }
            if (of.ended.size() != (session.endedAt() == null ? 0 : 1)) {
                wrong.add(id + " is " + session.state() + ", and was ended " + of.ended.size() + " times");
            }
            for (Fact.SessionEnded ended : of.ended) {
                if (ended.endReason() != session.endReason() || !ended.endedAt().equals(session.endedAt())) {
                    wrong.add(id + " ended as " + session + ", told was " + ended);
                }
            }
        });
        assertEquals(List.of(), wrong.stream().limit(10).toList(), wrong.size() + " things are wrong");
        assertEquals(last.keySet(), told.keySet(), "sessions, and those that facts tell of");
        return last.size();
    }

    private static Map<String, Told> told(GuestflowSandbox guestflow, List<String> wrong) {
        Map<String, Told> told = new HashMap<>();
        Set<String> ids = new HashSet<>();
        for (Entry<Fact> entry : guestflow.facts().all()) {
            Fact fact = entry.value();
            if (!ids.add(fact.factId())) {
                wrong.add("a " + fact.getClass().getSimpleName() + " came twice, " + fact.source());
            }
            switch (fact) {
                case Fact.SessionOpened opened -> of(told, opened.conversationId()).opened++;
                case Fact.SessionRefreshed refreshed -> of(told, refreshed.conversationId()).refreshed++;
                case Fact.SessionEnded ended ->
                    of(told, ended.conversationId()).ended.add(ended);
                default -> {
                    // Nothing that a session's record tells.
                }
            }
        }
        return told;
    }

    /** Whose session a fact is about; null for what is not about a session. */
    static @Nullable String conversation(Fact fact) {
        return switch (fact) {
            case Fact.SessionOpened it -> it.conversationId();
            case Fact.SessionRefreshed it -> it.conversationId();
            case Fact.SessionExpiring it -> it.conversationId();
            case Fact.SessionEnded it -> it.conversationId();
            case Fact.MessageSeen it -> it.conversationId();
            case Fact.GuestLinked it -> it.conversationId();
            case Fact.ConversationMeasured it -> it.conversationId();
            case Fact.ContextInjected it -> it.conversationId();
            case Fact.ContextFailed it -> it.conversationId();
            case Fact.AuthSucceeded _, Fact.AuthRejected _, Fact.AuthFailed _, Fact.AuthLate _ -> null;
        };
    }

    private static Told of(Map<String, Told> told, String conversationId) {
        return told.computeIfAbsent(conversationId, id -> new Told());
    }
}
